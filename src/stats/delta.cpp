#include "stats/delta.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double degrees_of(double independent) {
  return std::max(independent - 1.0, 1.0);
}

Estimate of_counts(const Totals& totals, CountModel model, double dispersion, double independent_slices) {
  const double rate = totals.events / totals.total;
  const double spread = rate * (model == CountModel::binomial ? std::max(1.0 - rate, 0.0) : 1.0);
  Estimate out;
  out.value = rate;
  out.standard_error = std::sqrt(dispersion * spread / totals.total);
  out.degrees = degrees_of(independent_slices);
  out.effective = (model == CountModel::binomial ? totals.total : totals.events) / dispersion;
  return out;
}

Estimate of_mean(const MeanSide& side) {
  return {side.mean, side.standard_error, degrees_of(side.effective), side.effective};
}

MeanSide as_mean(const Estimate& estimate) {
  return {estimate.value, estimate.standard_error, estimate.degrees + 1.0, 2};
}

}  // namespace

Estimate propagate(double value, std::span<const double> gradient, std::span<const Estimate> parts) {
  Estimate out;
  out.value = value;
  double error = 0.0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (gradient[i] == 0.0) continue;
    error = std::hypot(error, gradient[i] * parts[i].standard_error);
    out.effective = std::min(out.effective, parts[i].effective);
  }
  out.standard_error = error;
  if (error == 0.0 || std::isinf(error)) return out;
  double inverse = 0.0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (gradient[i] == 0.0) continue;
    inverse += std::pow(gradient[i] * parts[i].standard_error / error, 4) / parts[i].degrees;
  }
  out.degrees = inverse > 0.0 ? 1.0 / inverse : kInfinity;
  return out;
}

Evaluated<EstimatePair> estimate_counts(const Slices& baseline, const Slices& candidate, CountModel model,
                                        DispersionRule rule) {
  const auto before = totals_of(baseline, model);
  if (!before) return before.reason();
  const auto after = totals_of(candidate, model);
  if (!after) return after.reason();
  const Dispersion found = dispersion(baseline, candidate, model, rule);
  return EstimatePair{of_counts(*before, model, found.baseline, found.slices_baseline),
                      of_counts(*after, model, found.candidate, found.slices_candidate)};
}

EstimatePair estimate_means(const MeanComparison& means) {
  return {of_mean(means.baseline()), of_mean(means.candidate())};
}

DeltaComparison::DeltaComparison(MeanComparison means, double effective_baseline, double effective_candidate)
    : means_(std::move(means)), effective_baseline_(effective_baseline), effective_candidate_(effective_candidate) {}

Evaluated<DeltaComparison> DeltaComparison::prepare(const Estimate& baseline, const Estimate& candidate, double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  for (const Estimate& side : {baseline, candidate}) {
    if (!std::isfinite(side.value) || std::isnan(side.standard_error)) return Unusable::not_finite;
  }
  return DeltaComparison(MeanComparison::of_sides(as_mean(baseline), as_mean(candidate), confidence), baseline.effective,
                         candidate.effective);
}

Change DeltaComparison::change() const {
  Change change = means_.change();
  change.method = "delta-method";
  change.effective_baseline = effective_baseline_;
  change.effective_candidate = effective_candidate_;
  return change;
}

}  // namespace gate::stats
