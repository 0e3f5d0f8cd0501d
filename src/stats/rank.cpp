#include "stats/rank.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/differences.h"
#include "stats/distributions.h"
#include "stats/power.h"
#include "stats/quantiles.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kExactBelow = 50;
constexpr int kHalvings = 200;

/// The values' midranks within their own side, in order of time: the series whose dependence counts for a rank test.
std::vector<double> midranks(std::span<const double> values, std::span<const double> sorted) {
  std::vector<double> ranks(values.size());
  std::transform(values.begin(), values.end(), ranks.begin(), [&](double value) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    return 0.5 * static_cast<double>((first - sorted.begin()) + (last - sorted.begin()));
  });
  return ranks;
}

bool has_ties(std::span<const double> sorted) {
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

/// Σ(t³ − t) over the groups of equal values in the two samples taken together, the first multiplied by `factor` and moved by
/// `shift`.
double tie_sum(std::span<const double> baseline, std::span<const double> candidate, double factor, double shift) {
  double sum = 0.0;
  std::size_t i = 0;
  std::size_t j = 0;
  const auto moved = [&](std::size_t index) { return factor * baseline[index] + shift; };
  while (i < baseline.size() || j < candidate.size()) {
    const bool from_baseline = j == candidate.size() || (i < baseline.size() && moved(i) <= candidate[j]);
    const double value = from_baseline ? moved(i) : candidate[j];
    double group = 0.0;
    for (; i < baseline.size() && moved(i) == value; ++i) group += 1.0;
    for (; j < candidate.size() && candidate[j] == value; ++j) group += 1.0;
    sum += group * group * group - group;
  }
  return sum;
}

/// The sum of squares of the placements of `values` among `others` around their mean: how many of the others lie below each,
/// ties half. Both sorted.
double scatter_of_placements(std::span<const double> values, std::span<const double> others) {
  double sum = 0.0;
  double squares = 0.0;
  for (const double value : values) {
    const auto [first, last] = std::equal_range(others.begin(), others.end(), value);
    const double placement = 0.5 * static_cast<double>((first - others.begin()) + (last - others.begin()));
    sum += placement;
    squares += placement * placement;
  }
  return squares - sum * sum / static_cast<double>(values.size());
}

double log_arrangements(double n, double m) {
  return std::lgamma(n + m + 1.0) - std::lgamma(n + 1.0) - std::lgamma(m + 1.0);
}

}  // namespace

std::vector<double> mann_whitney_cumulative(std::size_t n, std::size_t m) {
  // The arrangements with U = u are the partitions of u into at most n parts of at most m: parts[k][u] while sizes are let in
  // one by one. Only additions of positive terms, so nothing is lost to cancellation.
  const std::size_t most = n * m;
  std::vector<std::vector<double>> parts(n + 1, std::vector<double>(most + 1, 0.0));
  parts[0][0] = 1.0;
  for (std::size_t size = 1; size <= m; ++size)
    for (std::size_t k = 1; k <= n; ++k)
      for (std::size_t u = size; u <= k * size; ++u) parts[k][u] += parts[k - 1][u - size];
  std::vector<double> cumulative(most + 1, 0.0);
  for (const auto& row : parts)
    for (std::size_t u = 0; u <= most; ++u) cumulative[u] += row[u];
  std::partial_sum(cumulative.begin(), cumulative.end(), cumulative.begin());
  const double all = cumulative.back();
  for (double& value : cumulative) value /= all;
  return cumulative;
}

Evaluated<RankComparison> RankComparison::prepare(std::span<const double> baseline, std::span<const double> candidate,
                                                  Dependence dependence, double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  if (baseline.empty() || candidate.empty()) return Unusable::no_data;
  if (!all_finite(baseline) || !all_finite(candidate)) return Unusable::not_finite;
  RankComparison comparison;
  comparison.confidence_ = confidence;
  comparison.dependence_ = dependence;
  comparison.baseline_ = sorted_copy(baseline);
  comparison.candidate_ = sorted_copy(candidate);
  if (dependence == Dependence::autocorrelated) {
    comparison.long_run_ = long_run(midranks(baseline, comparison.baseline_), midranks(candidate, comparison.candidate_));
  } else if (std::max(baseline.size(), candidate.size()) < kExactBelow && !has_ties(comparison.baseline_) &&
             !has_ties(comparison.candidate_)) {
    comparison.cumulative_ = mann_whitney_cumulative(baseline.size(), candidate.size());
  }
  return comparison;
}

bool RankComparison::is_exact(double factor, double shift) const {
  return !cumulative_.empty() && count_pairs(baseline_, candidate_, factor, shift).equal == 0;
}

double RankComparison::deviation(double factor, double shift) const {
  const double n = static_cast<double>(baseline_.size());
  const double m = static_cast<double>(candidate_.size());
  const double all = n + m;
  const double ties = tie_sum(baseline_, candidate_, factor, shift) / std::max(all * (all - 1.0), 1.0);
  const double alike = n * m / 12.0 * std::max(all + 1.0 - ties, 0.0);
  const bool may_differ = dependence_ == Dependence::autocorrelated && std::min(n, m) > 1.0;
  const double variance = may_differ ? std::max(alike, placement_variance(factor, shift)) : alike;
  return std::sqrt(variance * long_run_.inflation);
}

double RankComparison::placement_variance(double factor, double shift) const {
  std::vector<double> moved(baseline_.size());
  std::transform(baseline_.begin(), baseline_.end(), moved.begin(), [&](double value) { return factor * value + shift; });
  const double n = static_cast<double>(baseline_.size());
  const double m = static_cast<double>(candidate_.size());
  return scatter_of_placements(moved, candidate_) * n / (n - 1.0) + scatter_of_placements(candidate_, moved) * m / (m - 1.0);
}

double RankComparison::degrees() const {
  if (dependence_ == Dependence::independent) return kInfinity;
  const double values = static_cast<double>(baseline_.size() + candidate_.size());
  return std::max(values / long_run_.inflation - 2.0, 1.0);
}

double RankComparison::allowed_below(double confidence, double factor, double shift) const {
  const double alpha = 1.0 - confidence;
  if (is_exact(factor, shift)) {
    // How many pairs may lie on the wrong side with a probability below alpha; −1 when none may.
    const auto first = std::lower_bound(cumulative_.begin(), cumulative_.end(), alpha);
    return static_cast<double>(first - cumulative_.begin()) - 1.0;
  }
  const double n = static_cast<double>(baseline_.size());
  const double m = static_cast<double>(candidate_.size());
  const double effective = 1.0 / long_run_.inflation;
  if (-log_arrangements(n * effective, m * effective) > std::log(alpha)) return -1.0;
  return std::floor(n * m / 2.0 - 0.5 - student_quantile(confidence, degrees()) * deviation(factor, shift));
}

double RankComparison::tail(double pairs, double factor, double shift) const {
  if (is_exact(factor, shift)) return cumulative_[static_cast<std::size_t>(pairs)];
  const double half = 0.5 * static_cast<double>(baseline_.size()) * static_cast<double>(candidate_.size());
  const double spread = deviation(factor, shift);
  if (spread == 0.0) return 1.0;
  return student_cdf((pairs - half + 0.5) / spread, degrees());
}

double RankComparison::hodges_lehmann(double factor) const {
  const std::uint64_t pairs = static_cast<std::uint64_t>(baseline_.size()) * candidate_.size();
  const double lower = select_difference(baseline_, candidate_, factor, (pairs + 1) / 2);
  if (pairs % 2 == 1) return lower;
  const PairCounts counts = count_pairs(baseline_, candidate_, factor, lower);
  if (counts.below + counts.equal > pairs / 2) return lower;
  return std::midpoint(lower, next_difference(baseline_, candidate_, factor, lower));
}

Interval RankComparison::shift_limits(double factor, double shift, double confidence) const {
  const double allowed = allowed_below(confidence, factor, shift);
  if (allowed < 0.0) return {-kInfinity, kInfinity};
  const auto rank = static_cast<std::uint64_t>(allowed) + 1;
  const std::uint64_t pairs = static_cast<std::uint64_t>(baseline_.size()) * candidate_.size();
  return {select_difference(baseline_, candidate_, factor, rank),
          select_difference(baseline_, candidate_, factor, pairs + 1 - rank)};
}

double RankComparison::least_above_margin(Direction direction, double factor, double shift) const {
  if (direction == Direction::decrease) {
    const std::uint64_t below = count_pairs(baseline_, candidate_, factor, shift).below;
    return below == 0 ? -shift : -select_difference(baseline_, candidate_, factor, below);
  }
  const double next = next_difference(baseline_, candidate_, factor, shift);
  return std::isinf(next) ? shift : next;
}

std::optional<Unusable> RankComparison::baseline_trouble(double confidence) const {
  if (sorted_quantile(baseline_, 0.5) <= 0.0) return Unusable::baseline_not_positive;
  const double n = static_cast<double>(baseline_.size());
  const double place = n / 2.0 - normal_quantile(confidence) * std::sqrt(n * long_run_.inflation) / 2.0;
  const auto index = static_cast<std::size_t>(std::max(std::floor(place) - 1.0, 0.0));
  if (baseline_[index] <= 0.0) return Unusable::baseline_near_zero;
  return std::nullopt;
}

Evaluated<Harm> RankComparison::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  const bool relative = contrast.kind == MarginKind::relative;
  if (relative) {
    if (const auto reason = baseline_trouble(confidence)) return *reason;
  }
  const double factor = baseline_factor(contrast);
  const double margin = absolute_part(contrast);
  const double direction = sign(contrast.direction);
  const double shift = direction * margin;
  const Interval limits = shift_limits(factor, shift, confidence);
  const PairCounts pairs = count_pairs(baseline_, candidate_, factor, shift);
  const double below = static_cast<double>(pairs.below) + 0.5 * static_cast<double>(pairs.equal);
  const double above = static_cast<double>(baseline_.size()) * static_cast<double>(candidate_.size()) - below;

  Harm harm;
  harm.point = direction * hodges_lehmann(factor) - margin;
  harm.interval = direction > 0.0 ? Interval{limits.lower - margin, limits.upper - margin}
                                  : Interval{-limits.upper - margin, -limits.lower - margin};
  harm.p_value = tail(direction > 0.0 ? below : above, factor, shift);
  harm.p_safe = tail(direction > 0.0 ? above : below, factor, shift);
  if (harm.interval.upper == 0.0 && harm.p_safe > 1.0 - confidence)
    harm.interval.upper = least_above_margin(contrast.direction, factor, shift) - margin;
  const bool bounded = std::isfinite(limits.lower) && std::isfinite(limits.upper);
  harm.degrees = bounded ? degrees() : 0.0;
  harm.standard_error =
      bounded ? (limits.upper - limits.lower) / (2.0 * student_quantile(confidence, harm.degrees)) : kInfinity;
  const double median = sorted_quantile(baseline_, 0.5);
  harm.margin_absolute = relative ? contrast.margin * median : margin;
  const double unit = relative ? median : 1.0;
  harm.detectable = contrast.margin + detectable_excess(harm.standard_error, harm.degrees, confidence) / unit;
  return harm;
}

double RankComparison::factor_where_pairs_exceed(double pairs) const {
  // The pairs with candidate < factor·baseline grow with the factor, since every baseline value is positive.
  double lower = 0.0;
  double upper = 1.0;
  const auto below = [&](double factor) {
    const PairCounts counts = count_pairs(baseline_, candidate_, factor, 0.0);
    return static_cast<double>(counts.below) + 0.5 * static_cast<double>(counts.equal);
  };
  while (below(upper) <= pairs && upper < 1e300) upper *= 2.0;
  for (int round = 0; round < kHalvings; ++round) {
    const double middle = std::midpoint(lower, upper);
    if (middle == lower || middle == upper) break;
    (below(middle) > pairs ? upper : lower) = middle;
  }
  return std::midpoint(lower, upper);
}

Change RankComparison::change() const {
  Change change;
  change.baseline = sorted_quantile(baseline_, 0.5);
  change.candidate = sorted_quantile(candidate_, 0.5);
  change.absolute = hodges_lehmann(1.0);
  change.level = 2.0 * confidence_ - 1.0;
  change.method = "rank-mann-whitney";
  change.effective_baseline = static_cast<double>(baseline_.size()) / long_run_.inflation;
  change.effective_candidate = static_cast<double>(candidate_.size()) / long_run_.inflation;
  const Interval limits = shift_limits(1.0, 0.0, confidence_);
  if (std::isinf(limits.lower)) return change;
  change.interval = limits;
  // A factor on values of both signs moves the order both ways: there is no one factor to speak of.
  if (baseline_.front() <= 0.0 || candidate_.front() <= 0.0) return change;
  const double pairs = static_cast<double>(baseline_.size()) * static_cast<double>(candidate_.size());
  const double allowed = allowed_below(confidence_, 1.0, 0.0);
  change.relative = factor_where_pairs_exceed(pairs / 2.0 - 0.25) - 1.0;
  change.relative_interval =
      Interval{factor_where_pairs_exceed(allowed) - 1.0, factor_where_pairs_exceed(pairs - allowed - 1.0) - 1.0};
  return change;
}

std::optional<double> RankComparison::needs_factor(const Contrast& contrast, double confidence) const {
  const Evaluated<Harm> asked = harm(contrast, confidence);
  if (!asked || std::isinf(asked->standard_error)) return std::nullopt;
  return stats::needs_factor(*asked, confidence);
}

}  // namespace gate::stats
