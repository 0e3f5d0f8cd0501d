#include "sources/google_monitoring/decode.h"

#include <cmath>

namespace gate::sources::google_monitoring {
namespace {

void add_labels(core::Labels& labels, const JsonAt& series, std::string_view of) {
  const auto owner = series.find(of);
  if (!owner) return;
  const auto found = owner->find("labels");
  if (!found) return;
  for (const auto& [name, value] : found->members()) {
    const bool is_taken = !labels.emplace(name, value.text()).second;
    if (is_taken) labels.emplace(std::string(of) + "." + name, value.text());
  }
}

double value_of(const JsonAt& point, Query::Of of_distribution, std::size_t& distributions) {
  const JsonAt value = point.need("value");
  if (const auto number = value.find("doubleValue")) {
    const bool is_nan = number->is_string() && number->text() == "NaN";
    return is_nan ? std::nan("") : number->numeric();
  }
  if (const auto whole = value.find("int64Value")) return whole->numeric();
  if (const auto flag = value.find("boolValue")) return flag->flag() ? 1.0 : 0.0;
  const auto distribution = value.find("distributionValue");
  if (!distribution) value.refuse("a number, true or false, or a distribution");
  ++distributions;
  const auto count = distribution->find("count");
  if (of_distribution == Query::Of::count) return count ? count->numeric() : 0.0;
  const auto mean = distribution->find("mean");
  if (mean) return mean->numeric();
  // A distribution of nothing has no mean; one of zeros leaves its mean out, as proto3 does with every zero.
  return count && count->numeric() > 0.0 ? 0.0 : std::nan("");
}

core::Time time_of(const JsonAt& point) {
  const JsonAt end = point.need("interval").need("endTime");
  const auto time = core::parse_time(end.text());
  if (!time) end.refuse("a time");
  return *time;
}

}  // namespace

void add_page(Decoded& decoded, const JsonAt& page, Query::Of of_distribution) {
  for (const JsonAt& one : page.items_of("timeSeries")) {
    core::Labels labels;
    add_labels(labels, one, "metric");
    add_labels(labels, one, "resource");
    std::map<core::Time, double>& points = decoded.series[labels];
    for (const JsonAt& point : one.items_of("points"))
      points[time_of(point)] = value_of(point, of_distribution, decoded.distributions);
    if (decoded.unit.empty()) decoded.unit = one.text_of("unit");
  }
  if (decoded.unit.empty()) decoded.unit = page.text_of("unit");
  for (const JsonAt& error : page.items_of("executionErrors")) decoded.partial.push_back(error.text_of("message"));
  for (const JsonAt& place : page.items_of("unreachable")) decoded.partial.push_back("not reached: " + place.text());
  decoded.next_page = page.text_of("nextPageToken");
}

std::vector<core::Series> series_of(const Decoded& decoded, const Span& span, std::size_t& outside) {
  std::vector<core::Series> out;
  for (const auto& [labels, points] : decoded.series) {
    core::Series series;
    series.labels = labels;
    for (const auto& [time, value] : points) {
      if (time - span.period < span.start || time > span.end) {
        ++outside;
        continue;
      }
      series.times.push_back(time);
      series.values.push_back(value);
    }
    if (!series.times.empty()) out.push_back(std::move(series));
  }
  return out;
}

}  // namespace gate::sources::google_monitoring
