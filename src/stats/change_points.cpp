#include "stats/change_points.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <random>

namespace gate::stats {
namespace {

// Sums of the same numbers in another order differ in the last bits, and a tie must count as one.
constexpr double kTie = 1e-12;

/// Σ|xᵢ − xⱼ| over pairs i < j inside any range of `values`, in O(1) after O(n²).
class PairSums {
 public:
  explicit PairSums(std::span<const double> values) : size_(values.size() + 1), sums_(size_ * size_, 0.0) {
    // inside(a, b) = inside(a, b − 1) + Σ_{a <= i < b − 1} |xᵢ − x_{b−1}|.
    for (std::size_t b = 2; b < size_; ++b) {
      double to_last = 0.0;
      for (std::size_t a = b - 1; a-- > 0;) {
        to_last += std::abs(values[a] - values[b - 1]);
        sums_[a * size_ + b] = sums_[a * size_ + b - 1] + to_last;
      }
    }
  }

  [[nodiscard]] double inside(std::size_t from, std::size_t to) const { return sums_[from * size_ + to]; }

 private:
  std::size_t size_;
  std::vector<double> sums_;
};

double pairs(double count) {
  return count * (count - 1.0) / 2.0;
}

/// A segment [start, end) of the series with its best split, relative to the start.
struct Segment {
  std::size_t start = 0;
  std::size_t end = 0;
  Split split;
};

std::span<const double> part(std::span<const double> values, const Segment& segment) {
  return values.subspan(segment.start, segment.end - segment.start);
}

Segment segment_of(std::span<const double> values, std::size_t start, std::size_t end, std::size_t least) {
  Segment out{start, end, {}};
  out.split = best_split(part(values, out), least);
  return out;
}

/// In [0, bound), without the bias of a remainder, and the same with every standard library.
std::uint64_t below(std::mt19937_64& random, std::uint64_t bound) {
  const std::uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % bound;
  std::uint64_t drawn = random();
  while (drawn >= limit) drawn = random();
  return drawn % bound;
}

void shuffle(std::span<double> values, std::mt19937_64& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(random, i)]);
}

/// The share of shuffles within the segments whose best split is as good as `statistic`, the series itself being one of them.
double p_value(std::span<const double> values, const std::vector<Segment>& segments, double statistic,
               const ChangePointOptions& options, std::mt19937_64& random) {
  std::vector<double> shuffled(values.begin(), values.end());
  std::size_t as_good = 1;
  for (std::size_t i = 0; i < options.permutations; ++i) {
    bool reached = false;
    for (const Segment& segment : segments) {
      const std::span<double> own = std::span(shuffled).subspan(segment.start, segment.end - segment.start);
      shuffle(own, random);
      reached = reached || best_split(own, options.least).statistic >= statistic * (1.0 - kTie);
    }
    if (reached) ++as_good;
  }
  return static_cast<double>(as_good) / static_cast<double>(options.permutations + 1);
}

double mean_of(std::span<const double> values) {
  double mean = 0.0;
  double count = 0.0;
  for (const double value : values) mean += (value - mean) / ++count;
  return mean;
}

/// In order of place, with the means of what lies between them.
void describe(std::vector<ChangePoint>& points, std::span<const double> values) {
  std::sort(points.begin(), points.end(), [](const ChangePoint& a, const ChangePoint& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t start = i == 0 ? 0 : points[i - 1].first;
    const std::size_t end = i + 1 == points.size() ? values.size() : points[i + 1].first;
    points[i].before = mean_of(values.subspan(start, points[i].first - start));
    points[i].after = mean_of(values.subspan(points[i].first, end - points[i].first));
  }
}

}  // namespace

Split best_split(std::span<const double> values, std::size_t least) {
  Split best;
  if (values.size() < 2 * least) return best;
  const PairSums sums(values);
  for (std::size_t tau = least; tau + least <= values.size(); ++tau) {
    for (std::size_t kappa = tau + least; kappa <= values.size(); ++kappa) {
      const auto m = static_cast<double>(tau);
      const auto n = static_cast<double>(kappa - tau);
      const double left = sums.inside(0, tau);
      const double right = sums.inside(tau, kappa);
      const double across = sums.inside(0, kappa) - left - right;
      const double energy = 2.0 * across / (m * n) - left / pairs(m) - right / pairs(n);
      const double statistic = m * n / (m + n) * energy;
      if (statistic > best.statistic * (1.0 + kTie)) best = {tau, kappa, statistic};
    }
  }
  return best;
}

std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointOptions& options) {
  std::vector<ChangePoint> out;
  std::mt19937_64 random(options.seed);
  std::vector<Segment> segments = {segment_of(values, 0, values.size(), options.least)};
  while (true) {
    const auto best = std::max_element(segments.begin(), segments.end(), [](const Segment& a, const Segment& b) {
      return a.split.statistic < b.split.statistic;
    });
    const Segment whole = *best;
    if (whole.split.statistic <= 0.0) break;
    const double p = p_value(values, segments, whole.split.statistic, options, random);
    if (p > options.level) break;
    const std::size_t first = whole.start + whole.split.first;
    out.push_back({first, whole.split.statistic, p, 0.0, 0.0});
    *best = segment_of(values, whole.start, first, options.least);
    segments.insert(std::next(best), segment_of(values, first, whole.end, options.least));
  }
  describe(out, values);
  return out;
}

}  // namespace gate::stats
