#include "stats/quantile_comparison.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "stats/exceedance.h"
#include "stats/inversion.h"
#include "stats/order_statistics.h"
#include "stats/quantiles.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

std::optional<Unusable> trouble_of(const GroupedValues& side) {
  if (side.values.empty()) return Unusable::no_data;
  if (!all_finite(side.values) || !all_finite(side.sizes)) return Unusable::not_finite;
  const double rows = std::accumulate(side.sizes.begin(), side.sizes.end(), 0.0);
  if (!side.sizes.empty() && rows != static_cast<double>(side.values.size())) return Unusable::bad_counts;
  return std::nullopt;
}

/// How many values of each group lie above the quantile, or above it or on it, of how many; groups without values are left out.
struct Exceedances {
  std::vector<double> events;
  std::vector<double> totals;

  template <typename IsBeyond>
  Exceedances(const GroupedValues& side, const IsBeyond& is_beyond) {
    std::size_t next = 0;
    const auto take = [&](std::size_t size) {
      double above = 0.0;
      for (const std::size_t end = next + size; next < end; ++next) above += is_beyond(side.values[next]) ? 1.0 : 0.0;
      events.push_back(above);
      totals.push_back(static_cast<double>(size));
    };
    for (const double size : side.sizes) {
      if (size > 0.0) take(static_cast<std::size_t>(size));
    }
    while (next < side.values.size()) take(1);
  }

  [[nodiscard]] Slices slices() const { return {events, totals}; }
};

/// One side, looked at by itself.
struct Looked {
  GroupedValues side;
  std::vector<double> sorted;
  double point = 0.0;

  Looked(const GroupedValues& given, double probability)
      : side(given), sorted(sorted_copy(given.values)), point(sorted_quantile(sorted, probability)) {}

  [[nodiscard]] Exceedances above() const {
    return {side, [this](double value) { return value > point; }};
  }
  [[nodiscard]] Exceedances not_below() const {
    return {side, [this](double value) { return value >= point; }};
  }
};

/// φ of both sides. Among many equal values the quantile lies anywhere in their ranks: then whichever end varies more.
Dispersion dispersion_of(const Looked& before, const Looked& after, DispersionRule rule) {
  const Dispersion above = dispersion(before.above().slices(), after.above().slices(), CountModel::binomial, rule);
  if (rule == DispersionRule::none) return above;
  const Dispersion on = dispersion(before.not_below().slices(), after.not_below().slices(), CountModel::binomial, rule);
  return std::max(on.baseline, on.candidate) > std::max(above.baseline, above.candidate) ? on : above;
}

/// Points at equal steps: a series of "above or not" of each alone fades more slowly than the AR fit to it, so that φ takes
/// what their normal scores say where that is more.
void raise_by_scores(Dispersion& found, const GroupedValues& baseline, const GroupedValues& candidate, double probability) {
  const LongRun scores = long_run(normal_scores(baseline.values), normal_scores(candidate.values));
  const auto raise = [&](const GroupedValues& side, double& dispersion, double& slices) {
    const double inflation = exceedance_inflation(scores, probability, side.values.size());
    if (inflation <= dispersion) return;
    dispersion = inflation;
    slices = static_cast<double>(side.values.size()) / inflation;
  };
  raise(baseline, found.baseline, found.slices_baseline);
  raise(candidate, found.candidate, found.slices_candidate);
}

/// Order statistics at the binomial ranks, widened by φ and, as far as φ is uncertain, by Student's t.
LimitedSide ranked(const Looked& side, double probability, double dispersion, double slices) {
  const auto sorted = std::make_shared<const std::vector<double>>(side.sorted);
  const auto limits = [sorted, probability, dispersion, degrees = slices - 1.0](double alpha) {
    return order_limits(*sorted, probability, dispersion, widened(alpha, std::max(degrees, 1.0)));
  };
  return {side.point, limits, static_cast<double>(sorted->size()) / dispersion};
}

DispersionRule rule_of(Grouping grouping) {
  switch (grouping) {
    case Grouping::time:
      return DispersionRule::from_slices;
    case Grouping::clusters:
      return DispersionRule::from_clusters;
    case Grouping::independent:
      break;
  }
  return DispersionRule::none;
}

}  // namespace

QuantileComparison::QuantileComparison(Chosen chosen, double confidence)
    : chosen_(std::move(chosen)), confidence_(confidence) {}

Evaluated<QuantileComparison> QuantileComparison::prepare(const GroupedValues& baseline, const GroupedValues& candidate,
                                                          double probability, Grouping grouping, double confidence) {
  for (const GroupedValues* side : {&baseline, &candidate}) {
    if (const auto reason = trouble_of(*side)) return *reason;
  }
  const Looked before(baseline, probability);
  const Looked after(candidate, probability);
  Dispersion found = dispersion_of(before, after, rule_of(grouping));
  if (grouping == Grouping::time && baseline.sizes.empty() && candidate.sizes.empty())
    raise_by_scores(found, baseline, candidate, probability);
  const bool is_negligible = std::max(found.baseline, found.candidate) <= kNegligible;
  const double least = std::min(static_cast<double>(baseline.values.size()) / found.baseline,
                                static_cast<double>(candidate.values.size()) / found.candidate);
  if (grouping == Grouping::time && !is_negligible && least >= least_effective(probability)) {
    const auto resampled =
        QuantileBootstrap::prepare({baseline.values, found.baseline, found.slices_baseline},
                                   {candidate.values, found.candidate, found.slices_candidate}, probability, {}, confidence);
    if (resampled) return QuantileComparison(*resampled, confidence);
    if (resampled.reason() != Unusable::tied_values) return resampled.reason();
  }
  const bool is_exact = grouping == Grouping::independent || (grouping == Grouping::time && is_negligible);
  const double none = std::numeric_limits<double>::infinity();
  const auto side = [&](const Looked& looked, double dispersion, double slices) {
    return is_exact ? ranked(looked, probability, 1.0, none) : ranked(looked, probability, dispersion, slices);
  };
  const auto compared = MoverComparison::prepare(
      side(before, found.baseline, found.slices_baseline), side(after, found.candidate, found.slices_candidate),
      is_exact ? "quantile-order-statistics" : "quantile-dispersed-ranks", confidence);
  if (!compared) return compared.reason();
  return QuantileComparison(*compared, confidence);
}

Evaluated<Harm> QuantileComparison::harm(const Contrast& contrast, double confidence) const {
  return std::visit([&](const auto& comparison) { return comparison.harm(contrast, confidence); }, chosen_);
}

Change QuantileComparison::change() const {
  return std::visit([](const auto& comparison) { return comparison.change(); }, chosen_);
}

std::optional<double> QuantileComparison::needs_factor(const Contrast& contrast, double confidence) const {
  return std::visit([&](const auto& comparison) { return comparison.needs_factor(contrast, confidence); }, chosen_);
}

}  // namespace gate::stats
