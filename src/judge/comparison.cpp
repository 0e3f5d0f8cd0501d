#include "judge/comparison.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "stats/mean.h"

namespace gate::judge {
namespace {

/// The estimators share one shape: harm(contrast, confidence), change(), needs_factor(contrast).
template <typename Estimator>
class Wrapped final : public Comparison {
 public:
  explicit Wrapped(Estimator estimator) : estimator_(std::move(estimator)) {}
  [[nodiscard]] stats::Evaluated<stats::Harm> harm(const stats::Contrast& contrast, double confidence) const override {
    return estimator_.harm(contrast, confidence);
  }
  [[nodiscard]] stats::Change change() const override { return estimator_.change(); }
  [[nodiscard]] std::optional<double> needs_factor(const stats::Contrast& contrast) const override { return estimator_.needs_factor(contrast); }

 private:
  Estimator estimator_;
};

template <typename Estimator>
MadeComparison wrap(stats::Evaluated<Estimator> prepared) {
  if (!prepared) return {nullptr, prepared.reason()};
  return {std::make_unique<Wrapped<Estimator>>(*prepared), std::nullopt};
}

stats::Dependence dependence_of(const config::Metric& metric) {
  return metric.autocorrelation == config::Switch::automatic ? stats::Dependence::autocorrelated : stats::Dependence::independent;
}

MadeComparison compare_means(const config::Metric& metric, const core::SideMeasurement& baseline, const core::SideMeasurement& candidate) {
  const double confidence = metric.rules.confidence;
  if (!baseline.batch_sizes.empty() || !candidate.batch_sizes.empty()) {
    const stats::Batches before{baseline.samples.values, baseline.batch_sizes};
    const stats::Batches after{candidate.samples.values, candidate.batch_sizes};
    return wrap(stats::MeanComparison::prepare(before, after, dependence_of(metric), confidence));
  }
  return wrap(stats::MeanComparison::prepare(baseline.samples.values, candidate.samples.values, dependence_of(metric), confidence));
}

double mean_of_rows(const core::SideMeasurement& side) {
  double sum = 0.0;
  double rows = 0.0;
  for (std::size_t i = 0; i < side.samples.values.size(); ++i) {
    sum += side.samples.values[i] * side.batch_sizes[i];
    rows += side.batch_sizes[i];
  }
  return sum / rows;
}

std::optional<double> mean_of(const core::SideMeasurement& side) {
  if (side.samples.values.empty()) return std::nullopt;
  if (!side.batch_sizes.empty()) return mean_of_rows(side);
  const auto& values = side.samples.values;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<double> estimate(const config::Metric& metric, const core::SideMeasurement& side) {
  switch (metric.kind) {
    case config::Kind::value: return side.value;
    case config::Kind::samples: return mean_of(side);
    case config::Kind::ratio:
    case config::Kind::count: {
      const double events = std::accumulate(side.counts.events.begin(), side.counts.events.end(), 0.0);
      const double total = std::accumulate(side.counts.totals.begin(), side.counts.totals.end(), 0.0);
      if (total <= 0.0) return std::nullopt;
      return metric.kind == config::Kind::ratio ? events / total / metric.unit.scale : events / total;
    }
  }
  return std::nullopt;
}

MadeComparison make_comparison(const config::Metric& metric, const core::Measurement& measurement) {
  if (metric.kind == config::Kind::value || metric.method == config::Method::point) return {};
  return compare_means(metric, measurement.baseline, measurement.candidate);
}

}  // namespace gate::judge
