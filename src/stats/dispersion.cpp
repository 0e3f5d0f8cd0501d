#include "stats/dispersion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include "stats/summary.h"

namespace gate::stats {
namespace {

// Extrapolated counts such as increase() are no whole numbers, and n of n may come out a rounding above n.
constexpr double kRounding = 1e-9;

/// Zero, or a number whose powers up to the third a double holds, too: the score's moments divide by them.
bool is_in_reach(double sum) {
  constexpr double kMost = 1e100;
  return sum == 0.0 || (sum >= 1.0 / kMost && sum <= kMost);
}

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double rate(const Slices& slices) {
  return sum(slices.events) / sum(slices.totals);
}

/// The variance of one step's events under the model, averaged over the steps.
double model_variance(const Slices& slices, CountModel model) {
  const double p = rate(slices);
  const double per_step = sum(slices.totals) / static_cast<double>(slices.totals.size());
  return per_step * p * (model == CountModel::binomial ? std::max(1.0 - p, 0.0) : 1.0);
}

bool speaks(const Slices& slices, CountModel model) {
  return slices.events.size() >= kLeastSlices && model_variance(slices, model) > 0.0;
}

std::vector<double> residuals_of(const Slices& slices) {
  const double p = rate(slices);
  std::vector<double> residuals(slices.events.size());
  for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] = slices.events[i] - p * slices.totals[i];
  return residuals;
}

double per_slice(const Slices& slices) {
  return sum(slices.totals) / static_cast<double>(slices.totals.size());
}

/// φ of one side and the independent slices that it was learnt from.
struct Learnt {
  double phi = 1.0;
  double slices = 0.0;
};

/// Few slices miss the bursts, and then look low and steady at once: the side with fewer takes over the other's φ where that
/// is greater, by the share by which it has fewer. A burst that multiplies the rate adds to φ in proportion to the traffic.
Learnt with_borrowed(const Learnt& own, const Slices& slices, const Learnt& other, const Slices& longer) {
  const double share = 1.0 - static_cast<double>(slices.totals.size()) / static_cast<double>(longer.totals.size());
  const double expected = 1.0 + (other.phi - 1.0) * per_slice(slices) / per_slice(longer);
  if (share <= 0.0 || expected <= own.phi) return own;
  return {own.phi + share * (expected - own.phi), own.slices + share * (other.slices - own.slices)};
}

}  // namespace

Evaluated<Totals> totals_of(const Slices& slices, CountModel model) {
  if (slices.events.size() != slices.totals.size()) return Unusable::bad_counts;
  if (!all_finite(slices.events) || !all_finite(slices.totals)) return Unusable::not_finite;
  for (std::size_t i = 0; i < slices.events.size(); ++i)
    if (slices.events[i] < 0.0 || slices.totals[i] < 0.0) return Unusable::bad_counts;
  Totals totals{sum(slices.events), sum(slices.totals)};
  if (!is_in_reach(totals.events) || !is_in_reach(totals.total)) return Unusable::not_finite;
  // Per slice, events may exceed the total: a request that ends in the next step is counted there. Over the window they may
  // not.
  if (model == CountModel::binomial && totals.events > totals.total * (1.0 + kRounding)) return Unusable::bad_counts;
  if (model == CountModel::binomial) totals.events = std::min(totals.events, totals.total);
  if (totals.total == 0.0) return totals.events == 0.0 ? Unusable::no_data : Unusable::bad_counts;
  return totals;
}

Dispersion dispersion(const Slices& baseline, const Slices& candidate, CountModel model, DispersionRule rule) {
  Dispersion result;
  result.slices_baseline = result.slices_candidate = std::numeric_limits<double>::infinity();
  const bool baseline_speaks = speaks(baseline, model);
  const bool candidate_speaks = speaks(candidate, model);
  if (rule == DispersionRule::none || (!baseline_speaks && !candidate_speaks)) return result;

  const std::vector<double> left = baseline_speaks ? residuals_of(baseline) : std::vector<double>{};
  const std::vector<double> right = candidate_speaks ? residuals_of(candidate) : std::vector<double>{};
  if (rule == DispersionRule::from_slices) result.long_run = long_run(left, right);
  const auto phi = [&](const std::vector<double>& residuals, const Slices& slices) {
    const double deviation = free_deviation(summarize(residuals), result.long_run.inflation);
    return std::max(1.0, deviation * deviation * result.long_run.inflation / model_variance(slices, model));
  };
  const auto independent = [&](const std::vector<double>& residuals) {
    return static_cast<double>(residuals.size()) / result.long_run.inflation;
  };
  if (baseline_speaks) result.baseline = phi(left, baseline), result.slices_baseline = independent(left);
  if (candidate_speaks) result.candidate = phi(right, candidate), result.slices_candidate = independent(right);
  if (!baseline_speaks) result.baseline = result.candidate, result.slices_baseline = result.slices_candidate;
  if (!candidate_speaks) result.candidate = result.baseline, result.slices_candidate = result.slices_baseline;
  if (!baseline_speaks || !candidate_speaks) return result;
  const Learnt before{result.baseline, result.slices_baseline};
  const Learnt after{result.candidate, result.slices_candidate};
  const Learnt of_baseline = with_borrowed(before, baseline, after, candidate);
  const Learnt of_candidate = with_borrowed(after, candidate, before, baseline);
  result.baseline = of_baseline.phi, result.slices_baseline = of_baseline.slices;
  result.candidate = of_candidate.phi, result.slices_candidate = of_candidate.slices;
  return result;
}

}  // namespace gate::stats
