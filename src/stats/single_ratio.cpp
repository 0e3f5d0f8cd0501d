#include "stats/single_ratio.h"

#include <algorithm>
#include <limits>

#include "stats/distributions.h"
#include "stats/inversion.h"

namespace gate::stats {
namespace {

/// Half the mean square successive difference of the residuals.
double successive_variance(const Slices& slices, double rate) {
  const auto residual = [&](std::size_t i) { return slices.events[i] - rate * slices.totals[i]; };
  double sum = 0.0;
  for (std::size_t i = 1; i < slices.events.size(); ++i) {
    const double difference = residual(i) - residual(i - 1);
    sum += difference * difference;
  }
  return sum / (2.0 * static_cast<double>(slices.events.size() - 1));
}

}  // namespace

double limit_of_none(double total, CountModel model, double dispersion, double confidence) {
  const double exponent = std::log1p(-confidence) * dispersion / total;
  return model == CountModel::binomial ? -std::expm1(exponent) : -exponent;
}

Evaluated<SingleRatio> SingleRatio::prepare(const Slices& slices, DispersionRule rule) {
  const auto totals = totals_of(slices, CountModel::binomial);
  if (!totals) return totals.reason();
  SingleRatio ratio;
  ratio.totals_ = *totals;
  ratio.degrees_ = std::numeric_limits<double>::infinity();
  const auto count = static_cast<double>(slices.events.size());
  const double rate = ratio.point();
  const double expected = totals->total / count * rate * std::max(1.0 - rate, 0.0);
  if (rule == DispersionRule::none || slices.events.size() < kLeastSlices || expected <= 0.0) return ratio;
  ratio.dispersion_ = std::max(1.0, successive_variance(slices, rate) / expected);
  ratio.degrees_ = 2.0 * (count - 1.0) * (count - 1.0) / (3.0 * count - 4.0);
  return ratio;
}

Interval SingleRatio::limits(double confidence) const {
  const double alpha = widened(1.0 - confidence, degrees_);
  const double x = totals_.events / dispersion_;
  const double others = std::max(totals_.total - totals_.events, 0.0) / dispersion_;
  Interval out{0.0, 1.0};
  if (x > 0.0) out.lower = beta_quantile(alpha, x, others + 1.0);
  // The complement's quantile keeps its digits when events are rare or nearly all.
  if (others > 0.0) out.upper = 1.0 - beta_quantile(alpha, others, x + 1.0);
  return out;
}

double SingleRatio::p_above(double limit) const {
  const double x = totals_.events / dispersion_;
  const double others = std::max(totals_.total - totals_.events, 0.0) / dispersion_;
  return x > 0.0 ? discounted(beta_cdf(limit, x, others + 1.0), degrees_) : 1.0;
}

double SingleRatio::p_below(double limit) const {
  const double x = totals_.events / dispersion_;
  const double others = std::max(totals_.total - totals_.events, 0.0) / dispersion_;
  return others > 0.0 ? discounted(beta_cdf(1.0 - limit, others, x + 1.0), degrees_) : 1.0;
}

}  // namespace gate::stats
