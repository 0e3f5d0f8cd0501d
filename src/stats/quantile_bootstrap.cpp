#include "stats/quantile_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "stats/block_bootstrap.h"
#include "stats/block_length.h"
#include "stats/distributions.h"
#include "stats/inversion.h"
#include "stats/power.h"
#include "stats/quantiles.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostBlocks = 20'000;
constexpr std::size_t kFewest = 20;  ///< resamples beyond a limit, below which the tail is extrapolated

/// The place of the quantile and those one standard error of the rank to either side, within the sample.
struct Around {
  Places places{};
  double rank_error = 0.0;

  Around(double count, double probability, double dispersion) {
    rank_error = std::sqrt(count * probability * (1.0 - probability) * dispersion);
    const double middle = probability * (count - 1.0);
    places = {std::max(middle - rank_error, 0.0), middle, std::min(middle + rank_error, count - 1.0)};
  }

  [[nodiscard]] double error(const Places& values) const {
    const double width = places[2] - places[0];
    return width > 0.0 ? (values[2] - values[0]) / width * rank_error : kInfinity;
  }
};

Places values_at(std::span<const double> sorted, const Places& places) {
  Places out{};
  const double last = static_cast<double>(sorted.size() - 1);
  std::transform(places.begin(), places.end(), out.begin(),
                 [&](double place) { return last > 0.0 ? sorted_quantile(sorted, place / last) : sorted.front(); });
  return out;
}

std::size_t length_of_blocks(std::span<const double> values, double quantile) {
  std::vector<double> below(values.size());
  std::transform(values.begin(), values.end(), below.begin(), [&](double value) { return value <= quantile ? 1.0 : 0.0; });
  const auto best = static_cast<std::size_t>(std::ceil(block_length(below)));
  return std::min(std::max(best, values.size() / kMostBlocks), values.size());
}

}  // namespace

/// The distribution of the resamples' t, with tails that are extrapolated as normal where there are too few resamples. Only a
/// few of the values are wanted at a time: they are selected, never all sorted.
struct QuantileBootstrap::Shape {
  std::vector<double> values;

  /// The t, not below 0, that a share `alpha` of the resamples exceeds at most: (1 + resamples above it) / (1 + resamples) <=
  /// alpha.
  [[nodiscard]] double upper(double alpha) {
    return reach(alpha, [&](std::size_t k) { return largest(k); });
  }
  /// The same of −t.
  [[nodiscard]] double lower(double alpha) {
    return reach(alpha, [&](std::size_t k) { return -largest(values.size() + 1 - k); });
  }

  /// The share of resamples at or above `t`, itself counted as one.
  [[nodiscard]] double at_or_above(double t) {
    const auto count = std::count_if(values.begin(), values.end(), [t](double value) { return value >= t; });
    if (static_cast<std::size_t>(count) + 1 >= kFewest)
      return static_cast<double>(count + 1) / static_cast<double>(values.size() + 1);
    const double edge = largest(kFewest);
    if (!(edge > 0.0) || std::isinf(edge)) return last_share();
    return std::min(last_share(), normal_cdf(-t / edge * normal_quantile(1.0 - last_share())));
  }

  /// `kth(k)` is the k-th most extreme of the resamples.
  template <typename Kth>
  [[nodiscard]] double reach(double alpha, const Kth& kth) const {
    const double place = std::floor(alpha * static_cast<double>(values.size() + 1));
    if (place >= static_cast<double>(kFewest)) return std::max(kth(static_cast<std::size_t>(place)), 0.0);
    return std::max(kth(kFewest), 0.0) * normal_quantile(1.0 - alpha) / normal_quantile(1.0 - last_share());
  }

  /// The k-th largest, from 1.
  [[nodiscard]] double largest(std::size_t k) {
    const auto place = values.end() - static_cast<std::ptrdiff_t>(k);
    std::nth_element(values.begin(), place, values.end());
    return *place;
  }

  [[nodiscard]] double last_share() const { return static_cast<double>(kFewest) / static_cast<double>(values.size() + 1); }

  /// The same of −t.
  [[nodiscard]] Shape mirrored() const {
    Shape out;
    std::transform(values.begin(), values.end(), std::back_inserter(out.values), [](double t) { return -t; });
    return out;
  }
};

Evaluated<QuantileBootstrap> QuantileBootstrap::prepare(const QuantileSeries& baseline, const QuantileSeries& candidate,
                                                        double probability, const Resampling& resampling, double confidence) {
  if (const auto reason = malformed({}, confidence)) return *reason;
  QuantileBootstrap comparison;
  comparison.confidence_ = confidence;
  comparison.resampling_ = resampling;
  std::mt19937_64 random(resampling.seed);
  for (const auto& [series, side] :
       {std::pair(&baseline, &comparison.baseline_), std::pair(&candidate, &comparison.candidate_)}) {
    const std::vector<double> sorted = sorted_copy(series->values);
    if (sorted.empty()) return Unusable::no_data;
    if (!all_finite(sorted)) return Unusable::not_finite;
    const double count = static_cast<double>(sorted.size());
    const Around around(count, probability, series->dispersion);
    const Places found = values_at(sorted, around.places);
    side->point = found[1];
    side->standard_error = around.error(found);
    side->effective = count / series->dispersion;
    side->slices = series->slices;
    if (!(side->standard_error > 0.0) || std::isinf(side->standard_error)) return Unusable::tied_values;
    side->block = length_of_blocks(series->values, side->point);
    const auto rank = static_cast<std::size_t>(around.places[1]);
    const Around resampled(count, probability, BlockBootstrap::inflation(ranks_of(series->values), side->block, rank));
    BlockBootstrap bootstrap(series->values, side->block, resampled.places);
    for (std::size_t i = 0; i < resampling.resamples; ++i) {
      const Places drawn = bootstrap.draw(random);
      side->moves.push_back(drawn[1] - side->point);
      side->errors.push_back(resampled.error(drawn));
    }
  }
  return comparison;
}

QuantileBootstrap::Shape QuantileBootstrap::shape_of(double factor) const {
  Shape shape;
  shape.values.reserve(baseline_.moves.size());
  for (std::size_t i = 0; i < baseline_.moves.size(); ++i) {
    const double move = candidate_.moves[i] - factor * baseline_.moves[i];
    const double error = std::hypot(candidate_.errors[i], factor * baseline_.errors[i]);
    shape.values.push_back(move == 0.0 ? 0.0 : move / error);
  }
  return shape;
}

double QuantileBootstrap::standard_error(double factor) const {
  return std::hypot(candidate_.standard_error, factor * baseline_.standard_error);
}

double QuantileBootstrap::degrees(double factor) const {
  const double total = standard_error(factor);
  return pooled_degrees(std::pow(candidate_.standard_error / total, 2), candidate_.slices,
                        std::pow(factor * baseline_.standard_error / total, 2), baseline_.slices);
}

Interval QuantileBootstrap::limits(Shape& shape, double factor, double confidence) const {
  const double point = candidate_.point - factor * baseline_.point;
  const double wider = student_quantile(confidence, degrees(factor)) / normal_quantile(confidence);
  const double scale = wider * standard_error(factor);
  return {point - shape.upper(1.0 - confidence) * scale, point + shape.lower(1.0 - confidence) * scale};
}

bool QuantileBootstrap::baseline_is_near_zero(double confidence) const {
  const double reach = student_quantile(confidence, std::max(baseline_.slices - 1.0, 1.0)) * baseline_.standard_error;
  return baseline_.point - reach <= 0.0;
}

Evaluated<Harm> QuantileBootstrap::harm(const Contrast& contrast, double confidence) const {
  if (const auto reason = malformed(contrast, confidence)) return *reason;
  const bool relative = contrast.kind == MarginKind::relative;
  if (relative && baseline_.point <= 0.0) return Unusable::baseline_not_positive;
  if (relative && baseline_is_near_zero(confidence)) return Unusable::baseline_near_zero;

  const double factor = baseline_factor(contrast);
  const double margin = absolute_part(contrast);
  const double towards = sign(contrast.direction);
  Shape shape = shape_of(factor);
  const Interval found = limits(shape, factor, confidence);
  Harm harm;
  harm.point = towards * (candidate_.point - factor * baseline_.point) - margin;
  harm.interval = towards > 0.0 ? Interval{found.lower - margin, found.upper - margin}
                                : Interval{-found.upper - margin, -found.lower - margin};
  harm.standard_error = standard_error(factor);
  harm.degrees = degrees(factor);
  const double wider = student_quantile(confidence, harm.degrees) / normal_quantile(confidence);
  const double t = harm.point / (wider * harm.standard_error);
  const double beyond =
      (towards > 0.0) == (t > 0.0) ? shape.at_or_above(std::abs(t)) : shape.mirrored().at_or_above(std::abs(t));
  harm.p_value = t > 0.0 ? beyond : 1.0 - beyond;
  harm.p_safe = t > 0.0 ? 1.0 - beyond : beyond;
  harm.margin_absolute = relative ? contrast.margin * baseline_.point : margin;
  const double unit = relative ? baseline_.point : 1.0;
  harm.detectable = contrast.margin + detectable_excess(harm.standard_error, harm.degrees, confidence) / unit;
  return harm;
}

Change QuantileBootstrap::change() const {
  Change change;
  change.baseline = baseline_.point;
  change.candidate = candidate_.point;
  change.absolute = candidate_.point - baseline_.point;
  change.level = 2.0 * confidence_ - 1.0;
  change.method = "quantile-block-bootstrap";
  change.effective_baseline = baseline_.effective;
  change.effective_candidate = candidate_.effective;
  change.bootstrap = Bootstrap{baseline_.moves.size(), resampling_.seed, {baseline_.block, candidate_.block}};
  const double relative = change.absolute / baseline_.point;
  if (baseline_.point > 0.0 && std::isfinite(relative)) change.relative = relative;
  const auto limits_at = [&](double factor) {
    Shape shape = shape_of(factor);
    return limits(shape, factor, confidence_);
  };
  change.interval = limits_at(1.0);
  if (!change.relative || baseline_is_near_zero(confidence_)) return change;
  change.relative_interval = factors_of_zero(limits_at, 1.0 + relative);
  return change;
}

std::optional<double> QuantileBootstrap::needs_factor(const Contrast& contrast, double confidence) const {
  const Evaluated<Harm> asked = harm(contrast, confidence);
  if (!asked) return std::nullopt;
  return stats::needs_factor(*asked, confidence);
}

}  // namespace gate::stats
