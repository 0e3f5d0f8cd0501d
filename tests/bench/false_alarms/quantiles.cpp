#include "quantiles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "draws.h"

namespace gate::bench {
namespace {

/// The other rules look at the mean, which is another question: what they see is not compared.
const Limits kLimits{0.06, std::nullopt, 1.0};
constexpr double kSpread = 0.25;

std::vector<double> around_median(std::vector<double> noise, double level) {
  for (double& value : noise) value = level * std::exp(kSpread * value);
  return noise;
}

/// `count` values that follow an AR(1), `groups` of equal size, or each for itself.
struct Sampled {
  double probability = 0.5;
  double rho = 0.0;
  std::size_t count = 120;
  std::size_t groups = 0;
  std::size_t per_minute = 4;
};

Scenario sampled(std::string name, const Sampled& how) {
  Scenario out;
  out.name = std::move(name);
  out.metric.kind = config::Kind::samples;
  out.metric.aggregate = config::Aggregate::quantile;
  out.metric.aggregate_quantile = how.probability;
  out.limits = kLimits;
  out.draw = [how](const config::Metric&, Random& random, double change) {
    const auto side = [&](double level) {
      core::SideMeasurement made;
      made.samples.values = around_median(arma(random, {how.rho}, {}, how.count), level);
      const double size = how.groups == 0 ? 0.0 : static_cast<double>(how.count) / static_cast<double>(how.groups);
      made.group_sizes.assign(how.groups, size);
      return made;
    };
    core::SideMeasurement baseline = side(1.0);
    return drawn(std::move(baseline), side(1.0 + change), how.per_minute);
  };
  return out;
}

/// Requests of each minute by bucket; `drift` is the spread of the minutes' level, which follows an AR(1) 0.6.
struct Bucketed {
  double probability = 0.95;
  double per_minute = 500.0;
  double drift = 0.0;
  double growth = 1.1;  ///< from one bound to the next
};

core::BucketCounts buckets_of(const Bucketed& how, Random& random, double level) {
  constexpr std::size_t kMinutes = 30;
  constexpr double kLowest = 0.2;
  constexpr double kHighest = 5.0;
  const double infinity = std::numeric_limits<double>::infinity();
  core::BucketCounts out;
  out.edges = {0.0};
  for (double bound = kLowest; bound < kHighest; bound *= how.growth) out.edges.push_back(bound);
  out.edges.push_back(infinity);
  out.counts.assign(out.edges.size() - 1, std::vector<double>(kMinutes, 0.0));
  out.times.assign(kMinutes, core::Time{});
  const std::vector<double> minutes = arma(random, {0.6}, {}, kMinutes);
  for (std::size_t minute = 0; minute < kMinutes; ++minute) {
    const double here = level * std::exp(how.drift * minutes[minute]);
    double left = how.per_minute;
    double below = 0.0;
    for (std::size_t i = 0; i < out.counts.size(); ++i) {
      const double bound = out.edges[i + 1];
      const double up_to = std::isinf(bound) ? 1.0 : 0.5 * std::erfc(-std::log(bound / here) / kSpread / std::sqrt(2.0));
      const double count = random.binomial(left, below < 1.0 ? std::clamp((up_to - below) / (1.0 - below), 0.0, 1.0) : 1.0);
      out.counts[i][minute] = count;
      left -= count;
      below = up_to;
    }
  }
  return out;
}

Scenario bucketed(std::string name, const Bucketed& how) {
  Scenario out;
  out.name = std::move(name);
  out.metric.kind = config::Kind::histogram;
  out.metric.aggregate = config::Aggregate::quantile;
  out.metric.aggregate_quantile = how.probability;
  out.limits = kLimits;
  out.draw = [how](const config::Metric&, Random& random, double change) {
    Draw draw;
    draw.measurement.baseline.buckets = buckets_of(how, random, 1.0);
    draw.measurement.candidate.buckets = buckets_of(how, random, 1.0 + change);
    return draw;
  };
  return out;
}

}  // namespace

void add_quantiles(std::vector<Scenario>& out) {
  out.push_back(sampled("median of 120 points, independent", {0.5, 0.0, 120, 0}));
  out.push_back(sampled("median of 120 points, AR(1) 0.6", {0.5, 0.6, 120, 0}));
  out.push_back(sampled("median of 120 points, AR(1) 0.9", {0.5, 0.9, 120, 0}));
  out.push_back(sampled("p99 of 1,800 rows, independent", {0.99, 0.0, 1800, 60, 60}));
  out.push_back(sampled("p99 of 1,800 rows, AR(1) 0.6", {0.99, 0.6, 1800, 60, 60}));
  out.push_back(bucketed("histogram, p95 of 500/min, buckets of 10 %", {0.95, 500.0, 0.0, 1.1}));
  out.push_back(bucketed("histogram, p95 of 500/min, minutes drift AR(1) 0.6", {0.95, 500.0, 0.1, 1.1}));
  out.push_back(bucketed("histogram, p95 of 500/min, buckets of 50 %", {0.95, 500.0, 0.0, 1.5}));
}

}  // namespace gate::bench
