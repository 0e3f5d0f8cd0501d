#include "measure/reduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/text.h"
#include "stats/quantiles.h"
#include "stats/summary.h"

namespace gate::measure {
namespace {

constexpr std::size_t kShownSeries = 3;

std::string describe(const core::Labels& labels) {
  std::string out = "{";
  for (const auto& [name, value] : labels)
    out += fmt::format("{}{}=\"{}\"", out.size() > 1 ? "," : "", name, core::printable(value));
  return core::shorten(out + "}", 120);
}

/// Labels whose values differ between the series: what `each` could name.
std::vector<std::string> differing_labels(const std::vector<core::Series>& all) {
  std::map<std::string, std::set<std::string>> values;
  for (const core::Series& series : all) {
    for (const auto& [name, value] : series.labels) values[name].insert(value);
  }
  std::vector<std::string> names;
  for (const auto& [name, found] : values) {
    if (found.size() > 1 && name != "__name__") names.push_back(name);
  }
  return names;
}

double combined(const std::vector<double>& values, config::Combine how) {
  switch (how) {
    case config::Combine::sum:
      return std::accumulate(values.begin(), values.end(), 0.0);
    case config::Combine::mean:
      return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    case config::Combine::max:
      return *std::max_element(values.begin(), values.end());
    case config::Combine::min:
      return *std::min_element(values.begin(), values.end());
    case config::Combine::none:
      break;
  }
  return std::nan("");
}

core::Error several_series(const core::Answer& answer) {
  core::Error error;
  error.code = "RG2001";
  error.message = fmt::format("the query returned {} series, and one is needed", answer.series.size());
  const auto labels = differing_labels(answer.series);
  error.hint =
      labels.empty()
          ? R"(aggregate them in the query (sum(…)), or combine = "sum")"
          : fmt::format(R"(aggregate them in the query (sum(…)), combine = "sum", or judge each on its own: each = "{}")",
                        labels.front());
  for (std::size_t i = 0; i < std::min(kShownSeries, answer.series.size()); ++i)
    error.context.push_back(describe(answer.series[i].labels));
  if (answer.series.size() > kShownSeries)
    error.context.push_back(fmt::format("and {} more", answer.series.size() - kShownSeries));
  return error;
}

/// True when slices without events seem to have no point at all: none is 0, though with so few events some should be (5 a
/// slice leave 0.7 % of them empty).
bool leaves_out_zeros(const std::vector<double>& events) {
  constexpr double kFew = 5.0;
  if (events.empty() || *std::min_element(events.begin(), events.end()) <= 0.0) return false;
  return stats::summarize(events).mean < kFew;
}

}  // namespace

core::Result<core::Series> single_series(const core::Answer& answer, const config::Metric& metric) {
  if (answer.series.empty()) return core::Series{};
  if (answer.series.size() == 1) return answer.series.front();
  if (metric.combine == config::Combine::none) return several_series(answer);
  std::map<core::Time, std::vector<double>> by_time;
  for (const core::Series& series : answer.series) {
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      auto& here = by_time[series.times[i]];
      if (std::isfinite(series.values[i])) here.push_back(series.values[i]);
    }
  }
  core::Series out;
  for (const auto& [time, values] : by_time) {
    out.times.push_back(time);
    out.values.push_back(values.empty() ? std::nan("") : combined(values, metric.combine));
  }
  return out;
}

core::Result<std::vector<std::pair<std::string, core::Series>>> series_by_label(const core::Answer& answer,
                                                                                const config::Metric& metric) {
  std::vector<std::pair<std::string, core::Series>> out;
  std::set<std::string> seen;
  for (const core::Series& series : answer.series) {
    const auto label = series.labels.find(metric.each);
    if (label == series.labels.end()) {
      std::vector<std::string> names;
      for (const auto& [name, value] : series.labels) names.push_back(name);
      return core::Error{"RG2003",
                         fmt::format("each = \"{}\": a series has no such label", metric.each),
                         names.empty() ? "the query aggregates all labels away: keep it with sum by (…)"
                                       : fmt::format("it has {}", core::list_names(names, "and")),
                         {describe(series.labels)},
                         {}};
    }
    if (!seen.insert(label->second).second) {
      return core::Error{
          "RG2002",
          fmt::format("each = \"{}\": several series have {}=\"{}\"", metric.each, metric.each, core::printable(label->second)),
          fmt::format("aggregate in the query: sum by ({}) (…)", metric.each),
          {describe(series.labels)},
          {}};
    }
    out.emplace_back(label->second, series);
  }
  return out;
}

core::Result<core::Samples> usable(const core::Series& series, std::size_t expected, const config::Metric& metric) {
  core::Samples out;
  std::size_t not_finite = 0;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    double value = series.values[i];
    if (!std::isfinite(value)) {
      ++not_finite;
      if (metric.on_nan != config::OnNan::zero) continue;
      value = 0.0;
    }
    out.times.push_back(series.times[i]);
    out.values.push_back(value);
    if (!series.ids.empty()) out.ids.push_back(series.ids[i]);
  }
  if (not_finite > 0 && metric.on_nan == config::OnNan::fail) {
    return core::Error{
        "RG2006",
        fmt::format("{} of {} points are no finite numbers, and on_nan = \"fail\"", not_finite, series.values.size()),
        "a quantile of no requests is NaN: use on_nan = \"drop\" if quiet times are normal",
        {},
        {}};
  }
  const std::size_t missing = expected > series.values.size() ? expected - series.values.size() : 0;
  out.dropped = missing + (metric.on_nan == config::OnNan::zero ? 0 : not_finite);
  return out;
}

core::Error more_events_than_total(double events, double total) {
  return {"RG2004",
          fmt::format("{} events of a total of {}: no ratio can be above 1", core::format_number(events, 6),
                      core::format_number(total, 6)),
          R"(if one is not part of the other, use kind = "count" with `exposure` in place of `total`)",
          {},
          {}};
}

core::Result<core::Counts> pair_up(const core::Series& events, const core::Series& totals, std::size_t expected,
                                   const config::Metric& metric) {
  std::map<core::Time, double> events_at;
  for (std::size_t i = 0; i < events.times.size(); ++i) events_at[events.times[i]] = events.values[i];
  const bool fill = metric.on_nan == config::OnNan::zero;
  core::Counts out;
  double sum_events = 0.0;
  double sum_totals = 0.0;
  for (std::size_t i = 0; i < totals.times.size(); ++i) {
    const auto found = events_at.find(totals.times[i]);
    double event = found == events_at.end() ? std::nan("") : found->second;
    if (!std::isfinite(event) && fill) event = 0.0;
    const double total = totals.values[i];
    if (!std::isfinite(event) && total > 0.0 && std::isfinite(total)) ++out.unsaid;
    if (!std::isfinite(event) || !std::isfinite(total)) continue;
    if (event < 0.0 || total < 0.0) {
      return core::Error{"RG2005",
                         fmt::format("a count is negative: {} of {}", event, total),
                         "counts are asked with increase(…[{{step}}]), not with delta or deriv",
                         {},
                         {}};
    }
    out.times.push_back(totals.times[i]);
    out.events.push_back(event);
    out.totals.push_back(total);
    sum_events += event;
    sum_totals += total;
  }
  const std::size_t asked = std::max({expected, totals.times.size(), events.times.size()});
  out.dropped = asked - std::min(asked, out.times.size());
  if (metric.kind != config::Kind::count && sum_events > sum_totals * (1.0 + 1e-9)) {
    return more_events_than_total(sum_events, sum_totals);
  }
  return out;
}

std::string no_events_note(std::string_view other, const config::Metric& metric) {
  if (metric.on_nan == config::OnNan::zero) {
    return fmt::format(
        "no series of events came, though there is a {}: on_nan = \"zero\" put 0 in its place, as it would for a mistyped "
        "query",
        other);
  }
  return fmt::format(
      "no events at all, though there is a {}: if that means none happened, write `… or vector(0)` or on_nan = \"zero\"",
      other);
}

core::Series spread(const core::Series& exposure, const core::Series& events) {
  if (exposure.values.size() != 1 || events.times.empty()) return exposure;
  core::Series out;
  out.times = events.times;
  out.values.assign(events.times.size(), exposure.values.front() / static_cast<double>(events.times.size()));
  return out;
}

core::Result<core::Counts> over_time(const core::Series& events, std::size_t expected, double seconds_each,
                                     const config::Metric& metric) {
  core::Series exposure;
  exposure.times = events.times;
  exposure.values.assign(events.times.size(), seconds_each);
  auto counts = pair_up(events, exposure, expected, metric);
  if (!counts) return counts;
  core::Counts out = std::move(counts).value();
  out.unsaid = leaves_out_zeros(out.events) ? out.dropped : 0;
  return out;
}

core::Series with_zeros(const core::Series& series, const core::Window& window, core::Duration step) {
  if (series.times.empty() || step <= core::Duration(0)) return series;
  core::Series out;
  out.labels = series.labels;
  const auto before = (series.times.front() - window.start - core::Duration(1)) / step;
  std::size_t next = 0;
  for (core::Time at = series.times.front() - before * step; at <= window.end; at += step) {
    while (next < series.times.size() && series.times[next] < at) ++next;
    const bool found = next < series.times.size() && series.times[next] == at;
    out.times.push_back(at);
    out.values.push_back(found ? series.values[next] : 0.0);
  }
  return out;
}

std::optional<double> aggregate(const std::vector<double>& values, config::Aggregate how, double quantile) {
  if (values.empty()) return std::nullopt;
  switch (how) {
    case config::Aggregate::mean:
      return stats::summarize(values).mean;
    case config::Aggregate::median:
      return stats::quantile(values, 0.5);
    case config::Aggregate::quantile:
      return stats::quantile(values, quantile);
    case config::Aggregate::min:
      return *std::min_element(values.begin(), values.end());
    case config::Aggregate::max:
      return *std::max_element(values.begin(), values.end());
    case config::Aggregate::sum:
      return std::accumulate(values.begin(), values.end(), 0.0);
    case config::Aggregate::last:
      return values.back();
    case config::Aggregate::count:
      return static_cast<double>(values.size());
  }
  return std::nullopt;
}

}  // namespace gate::measure
