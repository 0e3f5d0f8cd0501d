#include "judge/change_report.h"

#include <fmt/format.h>

namespace gate::judge {
namespace {

std::optional<core::Range> range_of(const std::optional<stats::Interval>& interval) {
  if (!interval) return std::nullopt;
  return core::Range{interval->lower, interval->upper};
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
  return out;
}

core::ChangeReport bare_change_report(double baseline, double candidate, const config::Metric& metric) {
  core::ChangeReport out;
  out.absolute = candidate - baseline;
  if (baseline > 0.0 && !metric.unit.is_rating()) out.relative = out.absolute / baseline;
  out.interval_level = 2.0 * metric.rules.confidence - 1.0;
  out.method = "two numbers";
  return out;
}

std::string bootstrap_note(const stats::Bootstrap& used) {
  return fmt::format("interval from {} resamples in blocks of {} and {} values, seed {}", used.resamples, used.blocks[0],
                     used.blocks[1], used.seed);
}

}  // namespace gate::judge
