#include "sources/zigpoll/query.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"

namespace gate::sources::zigpoll {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::array<ApiMeasure, 5> kMeasures = {{
    {"nps", "samples", "", "0 to 10: promoters count 100, detractors -100"},
    {"csat", "samples", "%", "1 to 5: the two best count 100 %"},
    {"ces", "samples", "", "1 to 7, as it is"},
    {"rating", "samples", "", "1 to 5, as it is"},
    {"answers", "count", "", "how many people answered"},
}};

constexpr std::int64_t kLongestScale = 100;

void check_scale(core::Diagnostics& diagnostics, const Settings& query, const std::string& measure) {
  const auto scale = query.integer("scale");
  if (!scale) return;
  const auto score = survey::measure_of(measure);
  if (!score) return refuse_key(diagnostics, query, "scale", measure);
  if (*score == survey::Measure::nps && *scale != survey::usual_scale(*score))
    return add_key_error(diagnostics, query, "scale", "NPS is asked from 0 to 10", "remove `scale`");
  if (*scale < 2 || *scale > kLongestScale)
    add_key_error(diagnostics, query, "scale", fmt::format("a scale ends at 2 to {}", kLongestScale), "scale = 5");
}

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"measure", KeyType::text, measures_doc(kMeasures)},
      {"slide", KeyType::text, "the id of the question"},
      {"poll", KeyType::text, "the id of a poll, all questions of which are of one scale"},
      {"scale", KeyType::integer, "the best answer (nps 10, csat 5, ces 7, rating 5)"},
      {"on_bad_answer", KeyType::text,
       "an answer that is no number of the scale: error (the default), or drop, which counts them"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  const std::string measure = settings.text("measure").value_or("");
  query.measure = find_measure(kMeasures, measure);
  query.score = survey::measure_of(measure);
  if (query.score) query.scale = static_cast<int>(settings.integer("scale").value_or(survey::usual_scale(*query.score)));
  query.slide = settings.text("slide").value_or("");
  query.poll = settings.text("poll").value_or("");
  query.drops_bad = settings.text("on_bad_answer").value_or("error") == "drop";
  return query;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics diagnostics;
  check_measure(diagnostics, "Zigpoll", kMeasures, query);
  if (query.has("slide") == query.has("poll")) {
    add_key_error(diagnostics, query, query.has("slide") ? "poll" : "measure",
                  "one of `slide` and `poll` says which answers are meant",
                  "`slide` is the id of one question, `poll` that of a poll: slide = \"6512bd43d9caa6e02c990b0a\"");
  }
  check_scale(diagnostics, query, query.text("measure").value_or(""));
  check_word(diagnostics, query, "on_bad_answer", "error", "drop");
  return diagnostics;
}

core::QueryFacts query_facts(const Settings& query) {
  return measure_facts(kMeasures, query);
}

std::string describe(const Query& query) {
  const std::string where = query.slide.empty() ? "the poll " + query.poll : "the question " + query.slide;
  if (!query.score) return core::printable("answers to " + where);
  const int least = *query.score == survey::Measure::nps ? 0 : 1;
  return core::printable(
      fmt::format("{} ({} to {}) of {}, the last answer of each participant", query.measure->name, least, query.scale, where));
}

}  // namespace gate::sources::zigpoll
