#include "stats/cuped.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "stats/summary.h"

namespace gate::stats {
namespace {

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::optional<Unusable> unusable(const UnitSums& side) {
  const std::size_t units = side.sums.size();
  if (side.sizes.size() != units || side.earlier_sums.size() != units || side.earlier_sizes.size() != units)
    return Unusable::bad_counts;
  for (const auto values : {side.sums, side.sizes, side.earlier_sums, side.earlier_sizes})
    if (!all_finite(values)) return Unusable::not_finite;
  for (const auto sizes : {side.sizes, side.earlier_sizes})
    if (std::any_of(sizes.begin(), sizes.end(), [](double size) { return size < 0.0; })) return Unusable::bad_counts;
  if (sum(side.sizes) <= 0.0) return Unusable::no_data;
  return std::isfinite(sum(side.sums)) ? std::nullopt : std::optional(Unusable::not_finite);
}

/// A side with a number for each unit: how far it moves the value, and how far it was from the average before.
struct Lines {
  double value = 0.0;
  double worth = 0.0;  ///< units of equal size that these are worth
  std::vector<double> moves;
  std::vector<double> before;
  double before_mean = 0.0;

  [[nodiscard]] double units() const { return static_cast<double>(moves.size()); }
};

/// What unit `i` adds to `sums` beyond its share of `ratio`.
double excess(std::span<const double> sums, std::span<const double> sizes, double ratio, std::size_t i) {
  return without_rounding(sums[i] - ratio * sizes[i], std::abs(sums[i]) + std::abs(ratio) * sizes[i]);
}

void centre(std::vector<double>& values, double mean) {
  for (double& value : values) value -= mean;
}

/// `moves` and `before` are centred.
Lines lines_of(const UnitSums& side, double ratio_before, double size_before) {
  Lines out;
  const double all = sum(side.sizes);
  out.value = sum(side.sums) / all;
  double squares = 0.0;
  const auto others = static_cast<double>(side.sums.size()) - 1.0;
  for (std::size_t i = 0; i < side.sums.size(); ++i) {
    const double rest = all - side.sizes[i];
    out.moves.push_back(rest > 0.0 ? others * excess(side.sums, side.sizes, out.value, i) / rest : 0.0);
    out.before.push_back(excess(side.earlier_sums, side.earlier_sizes, ratio_before, i) / size_before);
    squares += (side.sizes[i] / all) * (side.sizes[i] / all);
  }
  out.worth = 1.0 / squares;
  out.before_mean = sum(out.before) / out.units();
  centre(out.moves, sum(out.moves) / out.units());
  centre(out.before, out.before_mean);
  return out;
}

double products(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// What is left of the moves, in place of them.
void take_off(Lines& side, double theta) {
  for (std::size_t i = 0; i < side.moves.size(); ++i) side.moves[i] -= theta * side.before[i];
}

std::size_t absent_of(const UnitSums& side) {
  return static_cast<std::size_t>(
      std::count_if(side.earlier_sizes.begin(), side.earlier_sizes.end(), [](double size) { return size == 0.0; }));
}

/// Squared errors of θ, heteroscedastic: Σ z²·r² / (Σ z²)².
double theta_variance(const Lines& baseline, const Lines& candidate, double squares) {
  double out = 0.0;
  for (const Lines* side : {&baseline, &candidate})
    for (std::size_t i = 0; i < side->moves.size(); ++i) out += std::pow(side->before[i] * side->moves[i] / squares, 2);
  return out;
}

}  // namespace

Evaluated<CupedComparison> CupedComparison::prepare(const UnitSums& baseline, const UnitSums& candidate, double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  for (const UnitSums* side : {&baseline, &candidate})
    if (const auto reason = unusable(*side)) return *reason;
  const double rows = sum(baseline.earlier_sizes) + sum(candidate.earlier_sizes);
  const auto units = static_cast<double>(baseline.sums.size() + candidate.sums.size());
  if (rows <= 0.0 || units <= 3.0) return Unusable::no_covariate;
  const double ratio = (sum(baseline.earlier_sums) + sum(candidate.earlier_sums)) / rows;
  if (!std::isfinite(ratio)) return Unusable::not_finite;
  Lines before = lines_of(baseline, ratio, rows / units);
  Lines after = lines_of(candidate, ratio, rows / units);
  const double squares = products(before.before, before.before) + products(after.before, after.before);
  if (!(squares > 0.0) || !std::isfinite(squares)) return Unusable::no_covariate;

  const auto plain = MeanComparison::prepare(before.moves, after.moves, Dependence::independent, confidence);
  if (!plain) return plain.reason();
  CovariateEffect effect;
  const double spread = products(before.moves, before.moves) + products(after.moves, after.moves);
  const double both = products(before.moves, before.before) + products(after.moves, after.before);
  effect.theta = both / squares;
  if (spread > 0.0) effect.correlation = std::clamp(both / std::sqrt(spread) / std::sqrt(squares), -1.0, 1.0);
  effect.unadjusted = after.value - before.value;
  effect.units = {baseline.sums.size(), candidate.sums.size()};
  effect.absent = {absent_of(baseline), absent_of(candidate)};

  take_off(before, effect.theta);
  take_off(after, effect.theta);
  const auto rest = MeanComparison::prepare(before.moves, after.moves, Dependence::independent, confidence);
  if (!rest) return rest.reason();
  // θ is one number more that the data had to teach, and its error counts as far as the sides differ in what it is taken of.
  const double cost = (units - 2.0) / (units - 3.0);
  const double apart = after.before_mean - before.before_mean;
  const double theta_error = apart * apart * cost * theta_variance(before, after, squares);
  const auto adjusted = [&](const Lines& side, const MeanSide& left) {
    MeanSide out{side.value - effect.theta * side.before_mean, left.standard_error, side.worth, left.count};
    // Shares that add up to the error of θ in the difference.
    const double share = 1.0 - side.units() / units;
    out.standard_error = std::sqrt(cost * left.standard_error * left.standard_error + share * theta_error);
    return out;
  };
  const MeanSide of_baseline = adjusted(before, rest->baseline());
  const MeanSide of_candidate = adjusted(after, rest->candidate());
  const double was = std::hypot(plain->baseline().standard_error, plain->candidate().standard_error);
  const double is = std::hypot(of_baseline.standard_error, of_candidate.standard_error);
  effect.share = was > 0.0 && std::isfinite(was) ? 1.0 - std::pow(is / was, 2) : 0.0;
  return CupedComparison(MeanComparison::of_sides(of_baseline, of_candidate, confidence), effect);
}

Change CupedComparison::change() const {
  Change change = means_.change();
  change.method = "cuped-delta-t";
  change.covariate = effect_;
  return change;
}

}  // namespace gate::stats
