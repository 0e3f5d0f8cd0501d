#include "stats/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "stats/inversion.h"
#include "stats/order_statistics.h"
#include "stats/summary.h"

namespace gate::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// How many values lie in all buckets up to each, the first included.
std::vector<double> cumulative(const Histogram& histogram) {
  std::vector<double> totals;
  double so_far = 0.0;
  for (const std::vector<double>& bucket : histogram.counts) totals.push_back(so_far += sum(bucket));
  return totals;
}

/// The bucket that holds the value before which `below` others lie.
std::size_t bucket_after(std::span<const double> totals, double below) {
  const auto found = std::upper_bound(totals.begin(), totals.end(), below);
  return static_cast<std::size_t>(std::min(found, totals.end() - 1) - totals.begin());
}

/// The first bucket up to which at least `rank` values lie.
std::size_t bucket_up_to(std::span<const double> totals, double rank) {
  const auto found = std::lower_bound(totals.begin(), totals.end(), rank);
  return static_cast<std::size_t>(std::min(found, totals.end() - 1) - totals.begin());
}

/// The bucket with the quantile.
std::size_t bucket_of(std::span<const double> totals, double probability) {
  return bucket_up_to(totals, probability * totals.back());
}

double between(double lower, double upper, double share, Spread spread) {
  if (spread == Spread::geometric && lower > 0.0) return lower * std::pow(upper / lower, share);
  if (spread == Spread::geometric && upper < 0.0) return upper * std::pow(lower / upper, 1.0 - share);
  return lower + (upper - lower) * share;
}

std::optional<Unusable> trouble_of(const Histogram& side) {
  if (side.counts.empty() || side.edges.size() != side.counts.size() + 1) return Unusable::no_data;
  double all = 0.0;
  for (const std::vector<double>& bucket : side.counts) {
    if (bucket.size() != side.counts.front().size()) return Unusable::bad_counts;
    if (!all_finite(bucket)) return Unusable::not_finite;
    if (std::any_of(bucket.begin(), bucket.end(), [](double count) { return count < 0.0; })) return Unusable::bad_counts;
    all += sum(bucket);
  }
  if (!std::isfinite(all)) return Unusable::not_finite;
  return all > 0.0 ? std::nullopt : std::optional(Unusable::no_data);
}

/// Per slice: values above the edge `edge`, of all.
struct Above {
  std::vector<double> events;
  std::vector<double> totals;

  Above(const Histogram& histogram, std::size_t edge)
      : events(histogram.counts.front().size(), 0.0), totals(histogram.counts.front().size(), 0.0) {
    for (std::size_t bucket = 0; bucket < histogram.counts.size(); ++bucket) {
      for (std::size_t slice = 0; slice < totals.size(); ++slice) {
        totals[slice] += histogram.counts[bucket][slice];
        if (bucket >= edge) events[slice] += histogram.counts[bucket][slice];
      }
    }
  }

  [[nodiscard]] Slices slices() const { return {events, totals}; }
};

/// φ of both sides at the edges of their quantiles' buckets: below the bucket, or above it, whichever gives more.
Dispersion dispersion_at(const Histogram& baseline, const Histogram& candidate, double probability, DispersionRule rule) {
  const std::size_t before = bucket_of(cumulative(baseline), probability);
  const std::size_t after = bucket_of(cumulative(candidate), probability);
  const auto at = [&](std::size_t side) {
    return dispersion(Above(baseline, before + side).slices(), Above(candidate, after + side).slices(), CountModel::binomial,
                      rule);
  };
  const Dispersion lower = at(0);
  const Dispersion upper = at(1);
  return std::max(lower.baseline, lower.candidate) > std::max(upper.baseline, upper.candidate) ? lower : upper;
}

LimitedSide limited(const Histogram& histogram, double probability, double dispersion, double slices) {
  const std::vector<double> totals = cumulative(histogram);
  const double all = totals.back();
  const double degrees = std::max(slices - 1.0, 1.0);
  const std::vector<double> edges(histogram.edges.begin(), histogram.edges.end());
  const auto limits = [=](double alpha) {
    const auto [below, above] = rank_limits(all, probability, dispersion, widened(alpha, degrees));
    Interval found{-kInfinity, kInfinity};
    if (below >= 0.0) found.lower = edges[bucket_after(totals, below)];
    if (above >= 0.0) found.upper = edges[bucket_up_to(totals, all - above) + 1];
    return found;
  };
  return {quantile(histogram, probability)->value, limits, all / dispersion, histogram.edges.front() >= 0.0};
}

}  // namespace

std::optional<BucketQuantile> quantile(const Histogram& histogram, double probability) {
  if (trouble_of(histogram)) return std::nullopt;
  const std::vector<double> totals = cumulative(histogram);
  const std::size_t bucket = bucket_of(totals, probability);
  const double lower = histogram.edges[bucket];
  const double upper = histogram.edges[bucket + 1];
  if (std::isinf(upper) && std::isinf(lower)) return std::nullopt;
  if (std::isinf(upper)) return BucketQuantile{lower, true, false};
  if (std::isinf(lower)) return BucketQuantile{upper, false, true};
  const double before = bucket == 0 ? 0.0 : totals[bucket - 1];
  const double share = (probability * totals.back() - before) / (totals[bucket] - before);
  return BucketQuantile{between(lower, upper, std::clamp(share, 0.0, 1.0), histogram.spread), false, false};
}

Evaluated<HistogramComparison> HistogramComparison::prepare(const Histogram& baseline, const Histogram& candidate,
                                                            double probability, DispersionRule rule, double confidence) {
  for (const Histogram* side : {&baseline, &candidate}) {
    if (const auto reason = trouble_of(*side)) return *reason;
  }
  const auto before = quantile(baseline, probability);
  const auto after = quantile(candidate, probability);
  if (!before || !after) return Unusable::beyond_buckets;
  if ((before->at_least && after->at_least) || (before->at_most && after->at_most)) return Unusable::beyond_buckets;
  const Dispersion found = dispersion_at(baseline, candidate, probability, rule);
  auto compared = MoverComparison::prepare(limited(baseline, probability, found.baseline, found.slices_baseline),
                                           limited(candidate, probability, found.candidate, found.slices_candidate),
                                           "histogram-ranks", confidence);
  if (!compared) return compared.reason();
  return HistogramComparison(*compared);
}

}  // namespace gate::stats
