#include "judge/covariate.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/time.h"
#include "core/unit.h"
#include "judge/words.h"
#include "judge/wrapped.h"
#include "stats/cuped.h"

namespace gate::judge {
namespace {

constexpr double kFewEvents = 5.0;  ///< fewer make no normal distribution

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

bool has_few_events(const core::Counts& counts) {
  const double events = sum(counts.events);
  return std::min(events, sum(counts.totals) - events) < kFewEvents;
}

/// Means of users as sums over their rows.
std::vector<double> sums_of(const core::SideMeasurement& side) {
  std::vector<double> out = side.samples.values;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] *= side.batch_sizes[i];
  return out;
}

std::string side_text(const config::Metric& metric, const core::SideMeasurement& side) {
  const auto value = estimate(metric, side);
  return value ? value_text(*value, metric) : "–";
}

std::string reduced_text(const config::Metric& metric, const core::Measurement& measurement,
                         const stats::CovariateEffect& effect) {
  const bool less = effect.share >= 0.0;
  std::string out = fmt::format(
      "CUPED: what each {} did in the {} before the rollout (correlation {}) makes the variance of the change {} % {}; "
      "without it {} → {}, {}",
      metric.cluster, core::describe_duration(measurement.pre_period->length()), core::format_number(effect.correlation, {2}),
      core::format_number(100.0 * (less ? effect.share : -effect.share), {2}), less ? "smaller" : "larger",
      side_text(metric, measurement.baseline), side_text(metric, measurement.candidate),
      change_text(effect.unadjusted, Scale::absolute, metric));
  if (effect.absent[0] + effect.absent[1] == 0) return out;
  return out + fmt::format("; {} of {} and {} of {} were not there before, and count as the average", effect.absent[0],
                           effect.units[0], effect.absent[1], effect.units[1]);
}

}  // namespace

MadeComparison compare_with_covariate(const config::Metric& metric, const core::Measurement& measurement) {
  const core::SideMeasurement& before = measurement.baseline;
  const core::SideMeasurement& after = measurement.candidate;
  const double confidence = metric.rules.level();
  if (metric.kind == config::Kind::ratio) {
    if (has_few_events(before.counts) || has_few_events(after.counts)) return {nullptr, stats::Unusable::few_events};
    const auto of = [](const core::SideMeasurement& side) {
      return stats::UnitSums{side.counts.events, side.counts.totals, side.pre_period.sums, side.pre_period.sizes};
    };
    return wrap(stats::CupedComparison::prepare(of(before), of(after), confidence), metric.unit.scale);
  }
  const std::vector<double> sums_before = sums_of(before);
  const std::vector<double> sums_after = sums_of(after);
  return wrap(stats::CupedComparison::prepare(
      {sums_before, before.batch_sizes, before.pre_period.sums, before.pre_period.sizes},
      {sums_after, after.batch_sizes, after.pre_period.sums, after.pre_period.sizes}, confidence));
}

std::string covariate_note(const config::Metric& metric, const core::Measurement& measurement, const stats::Change& change) {
  const core::Window& before = *measurement.pre_period;
  if (change.covariate) return reduced_text(metric, measurement, *change.covariate);
  const MadeComparison made = compare_with_covariate(metric, measurement);
  const bool few = made.unusable == stats::Unusable::few_events;
  return fmt::format("not adjusted by what each {} did before (CUPED): {}", metric.cluster,
                     few ? std::string("fewer than five events on a side, or all but five, are too few for it")
                         : fmt::format("the {} from {} to {} do not tell them apart", core::describe_duration(before.length()),
                                       core::format_time(before.start), core::format_time(before.end)));
}

}  // namespace gate::judge
