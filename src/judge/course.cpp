#include "judge/course.h"

#include <fmt/format.h>

#include <cmath>
#include <span>

#include "core/time.h"
#include "stats/level_shift.h"
#include "stats/mean.h"

namespace gate::judge {
namespace {

constexpr double kConfidence = 0.99;
constexpr double kNear = 0.25;  ///< of the way from the baseline to the worse part

using Values = std::span<const double>;

/// Whether `values` are proven to lie on the worse side of `others`.
bool is_worse(Values others, Values values, stats::Direction worse) {
  const auto compared = stats::MeanComparison::prepare(others, values, stats::Dependence::autocorrelated, kConfidence);
  if (!compared) return false;
  const auto harm = compared->harm({worse, stats::MarginKind::absolute, 0.0});
  return harm && harm->interval.lower > 0.0;
}

/// How far into the window the first `length` values reach.
core::Duration reach_of(const core::SideMeasurement& side, std::size_t length) {
  const core::Duration exact = side.shown.times[length - 1] - side.window->start;
  const core::Duration minute = std::chrono::minutes(1);
  return exact < minute ? exact : std::chrono::round<std::chrono::minutes>(exact);
}

}  // namespace

std::string course_of(const config::Metric& metric, const core::Measurement& measurement) {
  const core::SideMeasurement& side = measurement.candidate;
  const Values after(side.shown.values);
  const Values before(measurement.baseline.shown.values);
  if (metric.better == config::Better::unsaid || !side.window || before.empty()) return "";
  const auto shift = stats::level_shift(after, before, 1.0 - kConfidence);
  if (!shift) return "";
  const stats::Direction worse =
      metric.better == config::Better::lower ? stats::Direction::increase : stats::Direction::decrease;
  const bool first_is_worse = stats::sign(worse) * (shift->before - shift->after) > 0.0;
  const Values first = after.first(shift->length);
  const Values rest = after.subspan(shift->length);
  const Values bad = first_is_worse ? first : rest;
  const Values good = first_is_worse ? rest : first;
  if (!is_worse(before, bad, worse) || !is_worse(good, bad, worse)) return "";
  const double level = stats::summarize(before).mean;
  const double far = std::abs((first_is_worse ? shift->before : shift->after) - level);
  const double near = std::abs((first_is_worse ? shift->after : shift->before) - level);
  const bool is_back = near <= kNear * far && !is_worse(before, good, worse);
  const core::Duration reach = reach_of(side, shift->length);
  if (first_is_worse) {
    return fmt::format("worst in the first {}, {} since", core::describe_duration(reach), is_back ? "back" : "better");
  }
  const std::string last = core::describe_duration(side.window->length() - reach);
  return is_back ? fmt::format("as before for the first {}, worse since", core::describe_duration(reach))
                 : fmt::format("worst in the last {}", last);
}

}  // namespace gate::judge
