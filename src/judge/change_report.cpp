#include "judge/change_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "judge/covariate.h"

namespace gate::judge {
namespace {

std::optional<core::Range> range_of(const std::optional<stats::Interval>& interval) {
  if (!interval) return std::nullopt;
  return core::Range{interval->lower, interval->upper};
}

bool is_ab_test(const config::Metric& metric) {
  if (metric.compare.design != config::Design::side_by_side) return false;
  return metric.kind == config::Kind::ratio || !metric.cluster.empty();
}

/// Two-sided, by the two one-sided tests that the ends of the interval invert.
std::optional<double> p_of_no_change(const Comparison& comparison, double confidence) {
  double least = 1.0;
  for (const stats::Direction direction : {stats::Direction::increase, stats::Direction::decrease}) {
    const auto harm = comparison.harm({direction, stats::MarginKind::absolute, 0.0}, confidence);
    if (!harm) return std::nullopt;
    least = std::min(least, harm->p_value);
  }
  return std::min(1.0, 2.0 * least);
}

std::string bootstrap_note(const stats::Bootstrap& used) {
  return fmt::format("interval from {} resamples in blocks of {} and {} values, seed {}", used.resamples, used.blocks[0],
                     used.blocks[1], used.seed);
}

}  // namespace

core::ChangeReport change_report(const stats::Change& change) {
  core::ChangeReport out;
  out.absolute = change.absolute;
  out.relative = change.relative;
  out.interval = range_of(change.interval);
  out.relative_interval = range_of(change.relative_interval);
  out.interval_level = change.level;
  out.method = change.method;
  out.effective_samples = std::pair(change.effective_baseline, change.effective_candidate);
  if (change.bootstrap) {
    const stats::Bootstrap& used = *change.bootstrap;
    out.bootstrap = core::BootstrapReport{used.resamples, used.seed, {used.blocks[0], used.blocks[1]}};
  }
  if (change.covariate) {
    const stats::CovariateEffect& effect = *change.covariate;
    out.variance_reduction = core::VarianceReduction{{},
                                                     effect.share,
                                                     effect.correlation,
                                                     effect.theta,
                                                     effect.unadjusted,
                                                     {effect.units[0], effect.units[1]},
                                                     {effect.absent[0], effect.absent[1]}};
  }
  return out;
}

void show_change(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                 const Comparison& comparison) {
  out.change = change_report(comparison.change());
  out.change->interval_level = 2.0 * metric.rules.confidence - 1.0;
  if (out.change->variance_reduction) out.change->variance_reduction->pre_period = *measurement.pre_period;
  out.ab_test = is_ab_test(metric);
  if (out.ab_test) out.change->p_value = p_of_no_change(comparison, metric.rules.level());
}

core::ChangeReport bare_change_report(double baseline, double candidate, const config::Metric& metric) {
  core::ChangeReport out;
  out.absolute = candidate - baseline;
  if (baseline > 0.0 && !metric.unit.is_rating()) out.relative = out.absolute / baseline;
  out.interval_level = 2.0 * metric.rules.confidence - 1.0;
  out.method = "two numbers";
  return out;
}

std::vector<std::string> change_notes(const config::Metric& metric, const core::Measurement& measurement,
                                      const stats::Change& change) {
  std::vector<std::string> out;
  if (change.bootstrap) out.push_back(bootstrap_note(*change.bootstrap));
  if (metric.covariate) out.push_back(covariate_note(metric, measurement, change));
  return out;
}

}  // namespace gate::judge
