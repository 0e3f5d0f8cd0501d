#include "plan/spans.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace gate::plan {
namespace {

core::Duration step_of_span(const config::Metric& metric, core::Duration length) {
  const core::Duration least = metric.compare.own_step ? *metric.compare.step : core::Duration(std::chrono::minutes(1));
  const core::Duration step = std::min(std::max(least, default_step(length)), length);
  const core::Duration even = length / std::max<std::int64_t>(1, length / step);
  return even.count() % 1000 == 0 ? even : step;
}

}  // namespace

std::vector<Span> spans_of(const config::Metric& metric, core::Time end) {
  std::set<core::Duration, std::greater<>> lengths;
  for (const config::Criterion& criterion : metric.criteria) {
    lengths.insert(criterion.windows.begin(), criterion.windows.end());
    if (criterion.rule == config::Rule::budget_left_below) lengths.insert(metric.slo->period);
  }
  if (lengths.empty()) lengths.insert(metric.slo->windows.begin(), metric.slo->windows.end());
  if (lengths.empty()) lengths.insert(metric.slo->period);
  std::vector<Span> out;
  for (const core::Duration length : lengths) {
    Span span;
    span.window = {end - length, end};
    out.push_back(span);
  }
  return out;
}

Grid grid_of_span(const config::Metric& metric, const MetricFacts& facts, core::Duration length,
                  core::Diagnostics& diagnostics) {
  // To the grid an SLO is a ratio of bad events whose step is settled.
  config::Metric ratio = metric;
  ratio.kind = config::Kind::ratio;
  ratio.compare.step = step_of_span(metric, length);
  ratio.compare.own_step = true;
  return make_grid(ratio, facts, length, diagnostics);
}

std::string reach_note(const std::vector<Span>& spans, core::Time released) {
  std::string lengths;
  for (const Span& span : spans) {
    if (span.window.start >= released) continue;
    lengths += (lengths.empty() ? "" : ", ") + core::describe_duration(span.window.length());
  }
  if (lengths.empty()) return "";
  const bool several = lengths.find(", ") != std::string::npos;
  return fmt::format(
      "the window{} of {} reach{} back before the release: what burns there is the service, not the release alone",
      several ? "s" : "", lengths, several ? "" : "es");
}

}  // namespace gate::plan
