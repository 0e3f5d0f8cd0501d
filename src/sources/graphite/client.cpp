#include "sources/graphite/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/text.h"
#include "http/url.h"

namespace gate::sources::graphite {
namespace {

constexpr ApiSystem kSystem = {
    "Graphite",
    "are the `token`, or the `user` and `password`, that the server or the proxy before it wants still valid?",
    "the proxy before Graphite lets this user in, and not to /render",
    "check `url`: it is what stands before /render",
};

constexpr const char* kPath = "/render";

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

bool has_number(const core::Series& series) {
  return std::any_of(series.values.begin(), series.values.end(), [](double value) { return !std::isnan(value); });
}

}  // namespace

GraphiteSource::GraphiteSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

core::Series GraphiteSource::placed(const core::Series& series, const Query& query, const Question& question,
                                    LeftOut& left_out) const {
  const std::string name = caller().shown(series.labels.at("target"));
  const auto error = [&](const std::string& message, std::string hint) {
    return caller().error("RG1981", message, std::move(hint));
  };
  const auto length = length_of(series);
  if (!length) {
    throw error(series.times.size() < 2
                    ? fmt::format("Graphite has a single point of {} in this window, and so its length cannot be told", name)
                    : fmt::format("the points of {} are not equally far apart", name),
                "use a window of several points; a target that makes one of them (summarize) is better left without, with "
                "`consolidate_by`");
  }
  const std::string points = fmt::format("Graphite's points of {} are {} long", name, core::format_duration(*length));
  const bool is_one = question.shape == core::Shape::instant;
  if (is_one) {
    if (query.by != Consolidation::none) return over_window(series, *length, *question.window, query.by, left_out);
    throw error(points + ", and nothing says how those of the window become one number",
                R"(consolidate_by = "average", or "sum" for what is counted)");
  }
  if (*length > question.step || question.step % *length != core::Duration(0)) {
    throw error(fmt::format("{}, and do not make a step of {}", points, core::format_duration(question.step)),
                fmt::format("use step = \"{}\" or a multiple of it; older data is kept in longer points",
                            core::format_duration(*length)));
  }
  if (*length < question.step && query.by == Consolidation::none) {
    throw error(fmt::format("{}, the metric's step is {}, and nothing says how one is made of several", points,
                            core::format_duration(question.step)),
                fmt::format(R"(interval = "{}" and step = "{}", or consolidate_by = "average", "sum" for what is counted)",
                            core::format_duration(*length), core::format_duration(*length)));
  }
  return on_grid(series, *length, *question.window, question.step, query.by, left_out);
}

http::Task<void> GraphiteSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  const Parameters parameters = parameters_of(query, *question.window);
  answer.graph_url = fmt::format("{}{}?target={}&from={}&until={}", caller().endpoint().url, kPath,
                                 http::percent_encode(query.target), parameters[1].second, parameters[2].second);
  http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get(kPath, parameters));
  const JsonAnswer found = co_await asking;
  const std::vector<core::Series> all = read_series(found.root());
  LeftOut left_out;
  for (const core::Series& series : all) {
    if (!has_number(series)) continue;
    core::Series out = placed(series, query, question, left_out);
    if (has_number(out)) answer.series.push_back(std::move(out));
  }
  if (left_out.outside > 0)
    answer.notes.push_back(fmt::format("{} points that reach out of the window were left out", left_out.outside));
  if (left_out.nulls > 0 && query.by != Consolidation::none)
    answer.notes.push_back(
        fmt::format("{} of {} points of Graphite's have no number, and were left out before the others were "
                    "consolidated",
                    left_out.nulls, left_out.points));
  if (!answer.series.empty()) co_return;
  answer.absence = all.empty() ? "no series of Graphite's fits the target"
                               : "Graphite knows the series of the target, and has no number of them in this window";
}

std::vector<PlannedRequest> GraphiteSource::preview(const Question& question) const {
  const Query query = query_of(question);
  if (!question.window) return {};
  const Parameters parameters = parameters_of(query, *question.window);
  return {{"GET", kPath, describe(query), fmt::format("from={} until={}", parameters[1].second, parameters[2].second)}};
}

http::Request GraphiteSource::probe() const {
  return caller().get(kPath, {{"target", "release_gate.check"}, {"from", "-1min"}, {"format", "json"}});
}

}  // namespace gate::sources::graphite
