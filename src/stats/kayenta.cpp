#include "stats/kayenta.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

#include "stats/distributions.h"
#include "stats/quantiles.h"

namespace gate::stats {
namespace {

using Class = KayentaResult::Class;

constexpr double kTolerance = 1e-4;
constexpr int kMostIterations = 1001;
constexpr double kNoiseRatio = 1e-5;
constexpr std::uint64_t kNoiseSeed = 20180410;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool is_constant(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

/// Midranks of `x` among both, and Σ(t³ − t) over the ties of both.
struct Ranked {
  double sum_of_x = 0.0;
  double ties = 0.0;
};

/// Of sorted sides: x moved by `shift` stays sorted, so that they are merged and not sorted again.
Ranked rank(std::span<const double> x, std::span<const double> y, double shift) {
  Ranked out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < x.size() || j < y.size()) {
    const std::size_t before = i + j;
    const std::size_t first_of_x = i;
    const bool from_x = j == y.size() || (i < x.size() && x[i] - shift <= y[j]);
    const double value = from_x ? x[i] - shift : y[j];
    while (i < x.size() && x[i] - shift == value) ++i;
    while (j < y.size() && y[j] == value) ++j;
    const double midrank = (static_cast<double>(before + 1) + static_cast<double>(i + j)) / 2.0;
    const auto tied = static_cast<double>(i + j - before);
    out.ties += tied * tied * tied - tied;
    out.sum_of_x += midrank * static_cast<double>(i - first_of_x);
  }
  return out;
}

/// The standardised rank sum of x − shift against y, less `quantile`; NaN when everything is tied. Sorted sides.
double standardised(std::span<const double> x, std::span<const double> y, double shift, double quantile) {
  const auto n = static_cast<double>(x.size());
  const auto m = static_cast<double>(y.size());
  const Ranked ranked = rank(x, y, shift);
  const double deviation = ranked.sum_of_x - n * (n + 1.0) / 2.0 - n * m / 2.0;
  const double continuity = deviation == 0.0 ? 0.0 : std::copysign(0.5, deviation);
  const double variance = n * m / 12.0 * (n + m + 1.0 - ranked.ties / ((n + m) * (n + m - 1.0)));
  if (!(variance > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return (deviation - continuity) / std::sqrt(variance) - quantile;
}

/// Brent's root finder (Algorithms for Minimization without Derivatives, 1973, chapter 4) with the fixed tolerance of R's
/// wilcox.test. The function is a staircase, so that the tolerance, not the function, says where on a step it ends.
double brent(double from, double to, double at_from, double at_to, const std::function<double(double)>& function) {
  double a = from;
  double b = to;
  double c = a;
  double fa = at_from;
  double fb = at_to;
  double fc = fa;
  if (fa == 0.0) return a;
  if (fb == 0.0) return b;
  for (int i = 0; i < kMostIterations; ++i) {
    const double previous_step = b - a;
    if (std::abs(fc) < std::abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const double tolerance = 2.0 * std::numeric_limits<double>::epsilon() * std::abs(b) + kTolerance / 2.0;
    double step = (c - b) / 2.0;
    if (std::abs(step) <= tolerance || fb == 0.0) return b;
    if (std::abs(previous_step) >= tolerance && std::abs(fa) > std::abs(fb)) {
      const double width = c - b;
      double p = 0.0;
      double q = 0.0;
      if (a == c) {
        const double slope = fb / fa;
        p = width * slope;
        q = 1.0 - slope;
      } else {
        const double r = fa / fc;
        const double s = fb / fc;
        const double t = fb / fa;
        p = t * (width * r * (r - s) - (b - a) * (s - 1.0));
        q = (r - 1.0) * (s - 1.0) * (t - 1.0);
      }
      if (p > 0.0) {
        q = -q;
      } else {
        p = -p;
      }
      if (p < 0.75 * width * q - std::abs(tolerance * q) / 2.0 && p < std::abs(previous_step * q / 2.0)) step = p / q;
    }
    if (std::abs(step) < tolerance) step = step > 0.0 ? tolerance : -tolerance;
    a = b;
    fa = fb;
    b += step;
    fb = function(b);
    if ((fb > 0.0 && fc > 0.0) || (fb < 0.0 && fc < 0.0)) {
      c = a;
      fc = fa;
    }
  }
  return b;
}

/// Standard normal, the same on every machine: std::normal_distribution is not.
double gaussian(std::mt19937_64& random) {
  constexpr double kScale = 1.0 / 9007199254740992.0;
  return normal_quantile((static_cast<double>(random() >> 11U) + 0.5) * kScale);
}

std::vector<double> with_noise(std::span<const double> values, std::mt19937_64& random) {
  std::vector<double> out(values.begin(), values.end());
  for (double& value : out) value += gaussian(random) * values.front() * kNoiseRatio;
  return out;
}

/// What lies outside both the fences of the interquartile range and the first and last percent.
std::vector<double> without_outliers(std::span<const double> values, double factor) {
  std::vector<double> out;
  if (values.empty()) return out;
  const std::vector<double> sorted = sorted_copy(values);
  const double lower = sorted_quantile(sorted, 0.25);
  const double upper = sorted_quantile(sorted, 0.75);
  const double low_fence = std::min(sorted_quantile(sorted, 0.01), lower - factor * (upper - lower));
  const double high_fence = std::max(sorted_quantile(sorted, 0.99), upper + factor * (upper - lower));
  std::copy_if(values.begin(), values.end(), std::back_inserter(out),
               [&](double value) { return value >= low_fence && value <= high_fence; });
  return out;
}

std::optional<double> effect_of(std::span<const double> baseline, std::span<const double> candidate,
                                KayentaRules::EffectSize measure) {
  if (measure == KayentaRules::EffectSize::mean_ratio) {
    const double before = mean_of(baseline);
    const double after = mean_of(candidate);
    if (before == 0.0 || after == 0.0) return std::nullopt;
    return after / before;
  }
  // A. Vargha and H. Delaney, Journal of Educational and Behavioral Statistics 25(2):101, 2000.
  const auto n = static_cast<double>(candidate.size());
  const auto m = static_cast<double>(baseline.size());
  return (2.0 * rank(sorted_copy(candidate), sorted_copy(baseline), 0.0).sum_of_x - n * (n + 1.0)) / (2.0 * n * m);
}

KayentaResult without_data(const KayentaRules& rules) {
  KayentaResult out;
  if (rules.replace_nan) return out;
  const bool fails = rules.must_have_data && !rules.critical;
  out.classification = fails ? Class::nodata_fail : Class::nodata;
  out.critical = rules.critical;
  return out;
}

/// High, low or pass, and whether that is critical. An effect that cannot be computed is left out of the conditions.
void classify(KayentaResult& out, const KayentaRules& rules) {
  using Direction = KayentaRules::Direction;
  const auto at_least = [&](double limit) { return !out.effect || *out.effect >= limit; };
  const auto at_most = [&](double limit) { return !out.effect || *out.effect <= limit; };
  if (rules.direction != Direction::decrease && out.interval->lower > out.bound && at_least(rules.allowed_increase)) {
    out.classification = Class::high;
    out.critical = rules.critical && at_least(rules.critical_increase);
  } else if (rules.direction != Direction::increase && out.interval->upper < -out.bound && at_most(rules.allowed_decrease)) {
    out.classification = Class::low;
    out.critical = rules.critical && at_most(rules.critical_decrease);
  }
}

}  // namespace

std::string_view name(KayentaResult::Class classification) {
  constexpr std::array<std::string_view, 6> kNames = {"Pass", "High", "Low", "Nodata", "NodataFailMetric", "Error"};
  return kNames.at(static_cast<std::size_t>(classification));
}

std::optional<WilcoxonShift> wilcoxon_shift(std::span<const double> given_x, std::span<const double> given_y,
                                            double confidence) {
  const std::vector<double> x = sorted_copy(given_x);
  const std::vector<double> y = sorted_copy(given_y);
  const double least = x.front() - y.back();
  const double most = x.back() - y.front();
  const double at_least = standardised(x, y, least, 0.0);
  const double at_most = standardised(x, y, most, 0.0);
  if (std::isnan(at_least) || std::isnan(at_most)) return std::nullopt;
  const auto root = [&](double quantile) {
    return brent(least, most, at_least - quantile, at_most - quantile,
                 [&](double shift) { return standardised(x, y, shift, quantile); });
  };
  const auto limit = [&](double quantile) {
    if (at_least - quantile <= 0.0) return least;
    if (at_most - quantile >= 0.0) return most;
    return root(quantile);
  };
  const double quantile = normal_quantile((1.0 - confidence) / 2.0);
  return WilcoxonShift{{limit(-quantile), limit(quantile)}, root(0.0)};
}

KayentaResult kayenta(std::span<const double> baseline, std::span<const double> candidate, const KayentaRules& rules) {
  std::vector<double> before(baseline.begin(), baseline.end());
  std::vector<double> after(candidate.begin(), candidate.end());
  if (rules.outlier_factor) {
    before = without_outliers(baseline, *rules.outlier_factor);
    after = without_outliers(candidate, *rules.outlier_factor);
  }
  KayentaResult out;
  out.dropped_baseline = baseline.size() - before.size();
  out.dropped_candidate = candidate.size() - after.size();
  if (before.empty() || after.empty()) {
    const KayentaResult empty = without_data(rules);
    out.classification = empty.classification;
    out.critical = empty.critical;
    return out;
  }
  if (sorted_copy(before) == sorted_copy(after)) return out;
  if (is_constant(before) && is_constant(after)) {
    if (before.front() == after.front()) return out;
    std::mt19937_64 random(kNoiseSeed);
    after = with_noise(after, random);
    before = with_noise(before, random);
  }
  const auto shift = wilcoxon_shift(after, before, rules.confidence);
  if (!shift) {
    out.classification = Class::failed;
    return out;
  }
  out.interval = shift->interval;
  out.shift = shift->estimate;
  out.bound = rules.tolerance_ratio * std::abs(shift->estimate);
  out.effect = effect_of(before, after, rules.effect_size);
  classify(out, rules);
  return out;
}

}  // namespace gate::stats
