#include "sources/flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/url.h"
#include "sources/present.h"

namespace gate::sources {
namespace {

constexpr const char* kUsualMeasure = "rollout";

}  // namespace

std::string flag_key(const core::Settings& query, const core::Settings& source, std::string_view key) {
  if (const auto own = query.text(key)) return *own;
  if (const auto shared = source.text(key)) return *shared;
  if (key == "measure") return kUsualMeasure;
  if (key == "project") return "default";
  return key == "environment" ? "production" : "";
}

FlagAsking flag_asking(core::Answer& answer, const Question& question, const core::Settings& source) {
  const auto said = [&](std::string_view key) { return flag_key(question.query, source, key); };
  return {answer,
          question,
          said("measure"),
          said("project"),
          said("environment"),
          said("flag"),
          question.query.text("variation").value_or("")};
}

bool is_present(std::string_view measure) {
  return measure == "rollout" || measure == "enabled";
}

core::QueryFacts flag_facts(std::span<const ApiMeasure> measures, const core::Settings& query) {
  core::QueryFacts facts = measure_facts(measures, query, kUsualMeasure);
  facts.latest = is_present(query.text("measure").value_or(kUsualMeasure));
  return facts;
}

core::Diagnostics check_flag_query(std::string_view system, std::span<const ApiMeasure> measures,
                                   const std::vector<std::string_view>& by_variation, std::string_view variation_hint,
                                   const core::Settings& query, const core::Settings& source) {
  core::Diagnostics out;
  if (query.has("measure")) check_measure(out, system, measures, query);
  if (!query.has("flag") && !source.has("flag"))
    add_key_error(out, query, "flag", "no `flag` is named", "flag = \"new-checkout\"");
  const std::string measure = query.text("measure").value_or(kUsualMeasure);
  const bool takes_variation = std::find(by_variation.begin(), by_variation.end(), measure) != by_variation.end();
  if (query.has("variation") && !takes_variation)
    add_key_error(out, query, "variation", "`variation` has no meaning for this measure", std::string(variation_hint));
  return out;
}

void begin_flag(const ApiCaller& caller, FlagAsking& asking, std::string_view pages) {
  asking.answer.asked = fmt::format("{} of {} in {}", asking.measure, asking.flag, asking.environment);
  asking.answer.graph_url = fmt::format("{}/projects/{}/{}/{}", caller.endpoint().url, http::percent_encode(asking.project),
                                        pages, http::percent_encode(asking.flag));
  if (asking.question.before) {
    throw caller.error("RG1965", fmt::format("`{}` is about now, and its past cannot be asked for", asking.measure),
                       R"(compare with a bound alone: design = "none")");
  }
}

void put_rollout(const ApiCaller& caller, FlagAsking& asking, const core::Result<double>& share) {
  if (!share) throw caller.error(share.error().code, share.error().message, share.error().hint);
  put_present(asking.answer, asking.question, *share * 100.0);
}

core::Error no_share(std::string why) {
  return {"RG1974", std::move(why), "take the split from where it is decided, or write it: split = \"5%\"", {}, {}};
}

}  // namespace gate::sources
