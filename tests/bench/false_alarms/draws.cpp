#include "draws.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gate::bench {

std::vector<double> log_normal(std::vector<double> noise, double level) {
  for (double& value : noise) value = level * std::exp(kSpread * value - kSpread * kSpread / 2.0);
  return noise;
}

core::SideMeasurement side_of(const std::vector<double>& points) {
  core::SideMeasurement side;
  side.samples.values = points;
  return side;
}

core::SideMeasurement count_side(const Traffic& traffic, config::Kind kind, std::size_t slices, Random& random) {
  core::SideMeasurement side;
  for (const double level : arma(random, {traffic.memory}, {}, slices)) {
    const double burst = std::exp(traffic.spread * level - traffic.spread * traffic.spread / 2.0);
    const double rate = traffic.rate * burst;
    side.counts.totals.push_back(traffic.per_slice);
    side.counts.events.push_back(kind == config::Kind::ratio ? random.binomial(traffic.per_slice, std::min(rate, 1.0))
                                                             : random.poisson(traffic.per_slice * rate));
  }
  return side;
}

Plain plain_of(const core::SideMeasurement& side, std::size_t per_minute) {
  Plain out;
  out.points = side.samples.values;
  for (std::size_t i = 0; i < side.counts.events.size(); ++i) {
    out.events += side.counts.events[i];
    out.total += side.counts.totals[i];
    out.points.push_back(side.counts.events[i] / side.counts.totals[i]);
  }
  for (std::size_t end = per_minute; per_minute > 0 && end <= out.points.size(); end += per_minute) out.minutes.push_back(end);
  return out;
}

Draw drawn(core::SideMeasurement baseline, core::SideMeasurement candidate, std::size_t per_minute) {
  Draw out;
  out.baseline = plain_of(baseline, per_minute);
  out.candidate = plain_of(candidate, per_minute);
  out.measurement.baseline = std::move(baseline);
  out.measurement.candidate = std::move(candidate);
  return out;
}

config::Metric metric_of(config::Kind kind) {
  config::Metric metric;
  metric.kind = kind;
  return metric;
}

}  // namespace gate::bench
