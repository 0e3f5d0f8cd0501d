#include "sources/dynatrace/decode.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace gate::sources::dynatrace {
namespace {

/// "The ratio of queried data points divided by the maximum number that is allowed": what is above is left out.
constexpr double kFull = 1.0;

void add_ratio(Decoded& decoded, const JsonAt& collection, std::string_view key, std::string_view what) {
  const auto ratio = collection.find(key);
  if (!ratio || ratio->number() < kFull) return;
  decoded.warnings.partial.push_back(
      fmt::format("{} is {:.3g}: a query reads no more {}, and leaves the others out", key, ratio->number(), what));
}

core::Labels labels_of(const JsonAt& series, const std::string& metric) {
  core::Labels labels;
  if (const auto dimensions = series.find("dimensionMap")) {
    for (const auto& [name, value] : dimensions->members()) labels[name] = value.is_null() ? "(remainder)" : value.text();
  }
  if (!metric.empty()) labels.emplace("metric", metric);
  return labels;
}

void add_series(Decoded& decoded, const JsonAt& one, const std::string& metric) {
  const std::vector<JsonAt> times = one.need("timestamps").items();
  const JsonAt list = one.need("values");
  const std::vector<JsonAt> values = list.items();
  if (times.size() != values.size()) list.refuse(fmt::format("a list as long as that of the times, {}", times.size()));
  std::map<core::Time, double>& points = decoded.series[labels_of(one, metric)];
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double value = values[i].is_null() ? std::nan("") : values[i].number();
    if (!points.emplace(dynatrace_time(times[i]), value).second) times[i].refuse("a time that the series does not have yet");
  }
}

/// How long the slots are in which data of that age is kept.
core::Duration kept_slot(core::Duration age) {
  if (age <= std::chrono::days(14)) return std::chrono::minutes(1);
  if (age <= std::chrono::days(28)) return std::chrono::minutes(5);
  return age <= std::chrono::days(400) ? std::chrono::hours(1) : std::chrono::hours(24);
}

std::string mismatch_of_one(const Decoded& decoded, const Span& span) {
  for (const auto& [labels, points] : decoded.series) {
    if (points.empty()) continue;
    if (points.size() > 1) return fmt::format("one number was asked for, and Dynatrace gives {}", points.size());
    const core::Time end = points.begin()->first;
    if (end <= span.start || end > span.end)
      return fmt::format("the number that Dynatrace gives is of slots that end at {}, and the window at {}",
                         core::format_time(end), core::format_time(span.end));
    const core::Duration slot = decoded.answered_at ? kept_slot(*decoded.answered_at - span.start) : std::chrono::minutes(1);
    if (span.start.time_since_epoch() % slot != core::Duration(0))
      return fmt::format("data of this age is kept in slots of {}, and the window begins within one, at {}",
                         core::format_duration(slot), core::format_time(span.start));
  }
  return "";
}

}  // namespace

void add_page(Decoded& decoded, const JsonAt& page) {
  const std::vector<JsonAt> collections = page.need("result").items();
  for (const JsonAt& collection : collections) {
    const std::string metric = collections.size() > 1 ? collection.need("metricId").text() : "";
    for (const JsonAt& series : collection.items_of("data")) add_series(decoded, series, metric);
    add_ratio(decoded, collection, "dataPointCountRatio", "points");
    add_ratio(decoded, collection, "dimensionCountRatio", "series");
    decoded.warnings.read(collection);
  }
  decoded.warnings.read(page);
  if (decoded.resolution.empty()) decoded.resolution = page.text_of("resolution");
  decoded.next_page = page.text_of("nextPageKey");
}

std::string mismatch(const Decoded& decoded, const Span& span) {
  if (span.slot == core::Duration(0)) return mismatch_of_one(decoded, span);
  const std::string asked = resolution_of(span.slot);
  if (!decoded.resolution.empty() && parse_resolution(decoded.resolution) != span.slot)
    return fmt::format("points of {} were asked for, and those that Dynatrace gives are of {}", asked, decoded.resolution);
  for (const auto& [labels, points] : decoded.series) {
    if (decoded.resolution.empty() && points.size() == 1)
      return "Dynatrace gives a single point, and does not say of which length";
    for (auto next = points.begin(); next != points.end(); ++next) {
      if (next == points.begin()) continue;
      const core::Duration apart = next->first - std::prev(next)->first;
      if (apart < span.slot || (decoded.resolution.empty() && apart != span.slot))
        return fmt::format("points of {} were asked for, and Dynatrace's are {} apart", asked, core::format_duration(apart));
    }
  }
  return "";
}

std::vector<core::Series> series_of(const Decoded& decoded, const Span& span, std::size_t& outside) {
  std::vector<core::Series> out;
  for (const auto& [labels, points] : decoded.series) {
    core::Series series;
    series.labels = labels;
    bool has_number = false;
    for (const auto& [end, value] : points) {
      if (end - span.slot < span.start || end > span.end) {
        ++outside;
        continue;
      }
      series.times.push_back(end);
      series.values.push_back(value);
      has_number = has_number || !std::isnan(value);
    }
    if (has_number) out.push_back(std::move(series));
  }
  return out;
}

}  // namespace gate::sources::dynatrace
