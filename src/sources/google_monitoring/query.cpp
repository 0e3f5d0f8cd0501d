#include "sources/google_monitoring/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.h"
#include "sources/api_source.h"

namespace gate::sources::google_monitoring {
namespace {

using core::Settings;

constexpr core::Duration kShortestPeriod{60000};

/// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner, without those that leave points where
/// they are, or that are not numbers.
constexpr std::array<std::string_view, 15> kAligners = {
    "DELTA",         "RATE",          "MEAN",          "SUM",    "MIN",        "MAX",           "COUNT",     "PERCENTILE_99",
    "PERCENTILE_95", "PERCENTILE_50", "PERCENTILE_05", "STDDEV", "COUNT_TRUE", "FRACTION_TRUE", "NEXT_OLDER"};
constexpr std::array<std::string_view, 12> kReducers = {"SUM",           "MEAN",          "MIN",           "MAX",
                                                        "COUNT",         "STDDEV",        "PERCENTILE_99", "PERCENTILE_95",
                                                        "PERCENTILE_50", "PERCENTILE_05", "COUNT_TRUE",    "FRACTION_TRUE"};

/// "delta", "DELTA" and "ALIGN_DELTA" are the same; "p95" is PERCENTILE_95.
std::string bare(std::string word, std::string_view prefix) {
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (word.starts_with(prefix)) word.erase(0, prefix.size());
  const bool is_short = word.size() == 3 && word[0] == 'P' && std::isdigit(static_cast<unsigned char>(word[1])) != 0;
  return is_short ? "PERCENTILE_" + word.substr(1) : word;
}

template <std::size_t kSize>
std::string read_word(const Settings& settings, std::string_view key, std::string_view prefix,
                      const std::array<std::string_view, kSize>& known, core::Diagnostics& diagnostics) {
  const std::string written = settings.text(key).value_or("");
  const std::string word = bare(written, prefix);
  if (std::find(known.begin(), known.end(), word) != known.end()) return std::string(prefix) + word;
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string near = core::nearest(word, names);
  add_key_error(diagnostics, settings, key,
                written.empty()
                    ? fmt::format("no `{}` says how a period becomes a number", key)
                    : fmt::format("Cloud Monitoring has no {} \"{}\" that gives numbers", key, core::printable(written)),
                near.empty() || written.empty() ? fmt::format("it may be {}", core::list_names(names))
                                                : fmt::format("did you mean \"{}\"?", near));
  return "";
}

}  // namespace

Query read_query(const Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  query.filter = settings.text("filter").value_or("");
  if (query.filter.find("metric.type") == std::string::npos) {
    add_key_error(diagnostics, settings, "filter",
                  query.filter.empty()
                      ? std::string("no `filter` says which metric is asked for")
                      : std::string("the filter names no `metric.type`, and one type of metric must be asked for"),
                  R"(filter = 'metric.type="run.googleapis.com/request_count" AND resource.labels.service_name="shop"')");
  }
  query.aligner = read_word(settings, "aligner", "ALIGN_", kAligners, diagnostics);
  if (settings.has("reducer")) query.reducer = read_word(settings, "reducer", "REDUCE_", kReducers, diagnostics);
  query.group_by = settings.text_list("group_by");
  if (!query.group_by.empty() && query.reducer.empty() && !settings.has("reducer"))
    add_key_error(diagnostics, settings, "group_by", "`group_by` without a `reducer`", R"(reducer = "sum")");
  check_word(diagnostics, settings, "distribution", "mean", "count", R"(; a percentile is an aligner: "p95")");
  query.of_distribution = settings.text("distribution") == "count" ? Query::Of::count : Query::Of::mean;
  return query;
}

core::Result<Span> span_of(const core::Question& question) {
  const core::Window window = *question.window;
  Span span{window.start, window.end, window.length()};
  if (question.shape != core::Shape::instant) {
    span.period = question.step;
    const core::Duration room = window.length() - question.first;
    if (room >= core::Duration(0)) span.end = window.start + question.first + room / question.step * question.step;
    span.start = span.end - (span.end - window.start) / question.step * question.step;
  }
  if (span.period < kShortestPeriod || span.period.count() % 1000 != 0) {
    return core::Error{"RG1922",
                       fmt::format("Cloud Monitoring makes no points of {}", core::format_duration(span.period)),
                       "its periods are of a minute and more, in whole seconds: give the metric a `step`, or a longer window",
                       {},
                       {}};
  }
  return span;
}

Parameters parameters_of(const Query& query, const Span& span, const std::string& page_token) {
  Parameters out = {{"filter", query.filter},
                    {"interval.startTime", core::format_time(span.start)},
                    {"interval.endTime", core::format_time(span.end)},
                    {"aggregation.alignmentPeriod", fmt::format("{}s", span.period.count() / 1000)},
                    {"aggregation.perSeriesAligner", query.aligner}};
  if (!query.reducer.empty()) out.emplace_back("aggregation.crossSeriesReducer", query.reducer);
  for (const std::string& field : query.group_by) out.emplace_back("aggregation.groupByFields", field);
  if (!page_token.empty()) out.emplace_back("pageToken", page_token);
  return out;
}

std::string describe(const Query& query) {
  std::string out = query.aligner;
  if (!query.reducer.empty()) out += ", " + query.reducer;
  if (!query.group_by.empty()) out += fmt::format(" by {}", fmt::join(query.group_by, ", "));
  return core::printable(out + " of " + query.filter);
}

std::string describe(const Span& span) {
  return fmt::format("startTime={} endTime={} alignmentPeriod={}s", core::format_time(span.start), core::format_time(span.end),
                     span.period.count() / 1000);
}

core::QueryFacts facts(const Settings& settings) {
  core::QueryFacts facts;
  const std::string period = settings.text("alignment").value_or("");
  facts.uses_window = period.find("{{window}}") != std::string::npos;
  facts.uses_step = period.find("{{step}}") != std::string::npos;
  if (facts.uses_window) return facts;
  const auto length = core::parse_duration(period);
  facts.longest_range = length.ok() ? *length : kShortestPeriod;
  if (settings.has("alignment")) facts.range_location = settings.location("alignment", settings.location_of_table);
  return facts;
}

}  // namespace gate::sources::google_monitoring
