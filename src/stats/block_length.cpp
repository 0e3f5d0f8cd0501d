#include "stats/block_length.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/summary.h"

namespace gate::stats {
namespace {

constexpr std::size_t kLeastValues = 10;
constexpr double kSignificant = 1.959963984540054;  // of an autocorrelation, in the paper's units of √(log10(n) / n)

/// Autocorrelations with the divisor n, each found when it is asked for: of a million values few lags are needed.
class Autocorrelations {
 public:
  Autocorrelations(std::span<const double> values, const Summary& summary) : residuals_(values.size()) {
    std::transform(values.begin(), values.end(), residuals_.begin(),
                   [&](double value) { return value / summary.deviation - summary.mean / summary.deviation; });
  }

  double operator[](std::size_t lag) {
    while (products_.size() <= lag) products_.push_back(product(products_.size()));
    return products_[lag] / products_[0];
  }

 private:
  [[nodiscard]] double product(std::size_t lag) const {
    return std::inner_product(residuals_.begin() + static_cast<std::ptrdiff_t>(lag), residuals_.end(), residuals_.begin(), 0.0);
  }

  std::vector<double> residuals_;
  std::vector<double> products_;
};

/// The first lag from which `running` lags are insignificant; else the last significant one up to `most`.
std::size_t last_lag_that_counts(Autocorrelations& correlations, std::size_t most, std::size_t running, double critical) {
  std::size_t last = 1;
  std::size_t quiet = 0;
  for (std::size_t lag = 1; lag <= most; ++lag) {
    const bool counts = std::abs(correlations[lag]) >= critical;
    quiet = counts ? 0 : quiet + 1;
    if (counts) last = lag;
    if (quiet == running) return lag + 1 - running;
  }
  return last;
}

/// The trapezoidal lag window: flat up to one half, then falling to 0 at 1.
double flat_top(double place) {
  return place < 0.5 ? 1.0 : std::max(0.0, 2.0 * (1.0 - place));
}

}  // namespace

double block_length(std::span<const double> values) {
  const Summary summary = summarize(values);
  if (values.size() < kLeastValues || summary.deviation == 0.0) return 1.0;
  const double n = static_cast<double>(values.size());
  const auto running = static_cast<std::size_t>(std::max(5.0, std::ceil(std::log10(n))));
  const std::size_t most = std::min(static_cast<std::size_t>(std::ceil(std::sqrt(n))) + running, values.size() - 1);
  Autocorrelations correlations(values, summary);
  const double critical = kSignificant * std::sqrt(std::log10(n) / n);
  const std::size_t width = std::min(2 * last_lag_that_counts(correlations, most, running, critical), most);

  double spread = 0.0;    // Σ λ(k/M)·|k|·R(k)
  double spectrum = 1.0;  // Σ λ(k/M)·R(k)
  for (std::size_t lag = 1; lag <= width; ++lag) {
    const double weight = flat_top(static_cast<double>(lag) / static_cast<double>(width)) * correlations[lag];
    spread += 2.0 * static_cast<double>(lag) * weight;
    spectrum += 2.0 * weight;
  }
  const double longest = std::ceil(std::min(3.0 * std::sqrt(n), n / 3.0));
  const double best = std::cbrt(1.5 * spread * spread / (spectrum * spectrum) * n);
  return std::isfinite(best) ? std::clamp(best, 1.0, longest) : longest;
}

}  // namespace gate::stats
