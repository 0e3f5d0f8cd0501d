#include "placebo.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

namespace gate::bench {
namespace {

constexpr double kRamp = 0.08;
constexpr double kLimit = 0.06;
constexpr std::size_t kPoints = 120;
constexpr std::size_t kSlices = 30;

/// How days differ, on the logarithm: in their level, and in how much they climb.
struct Days {
  std::size_t count = 7;
  double level = 0.0;
  double ramp = 0.0;
};

using DrawSide = std::function<core::SideMeasurement(Random& random, double level)>;

core::SideMeasurement draw_points(Random& random, double level) {
  const double spread = std::sqrt(std::log1p(0.25 * 0.25));
  core::SideMeasurement side;
  side.samples.values = arma(random, {0.6}, {}, kPoints);
  for (double& value : side.samples.values) value = level * std::exp(spread * value - spread * spread / 2.0);
  return side;
}

core::SideMeasurement draw_counts(Random& random, double level) {
  constexpr double kBurst = 0.5;
  core::SideMeasurement side;
  for (const double latent : arma(random, {0.6}, {}, kSlices)) {
    side.counts.totals.push_back(500.0);
    side.counts.events.push_back(random.binomial(500.0, 0.02 * level * std::exp(kBurst * latent - kBurst * kBurst / 2.0)));
  }
  return side;
}

Plain plain_of(const core::SideMeasurement& side) {
  Plain out;
  out.points = side.samples.values;
  for (std::size_t i = 0; i < side.counts.events.size(); ++i) {
    out.events += side.counts.events[i];
    out.total += side.counts.totals[i];
    out.points.push_back(side.counts.events[i] / side.counts.totals[i]);
  }
  return out;
}

config::Metric metric_of(config::Kind kind) {
  config::Metric metric;
  metric.kind = kind;
  metric.compare.placebo.emplace();
  config::Criterion criterion;
  criterion.rule = config::Rule::increase_over;
  criterion.bounds.push_back({0.1, true, "10%"});
  metric.criteria.push_back(criterion);
  return metric;
}

Scenario scenario(std::string name, config::Kind kind, const Days& days, const DrawSide& side) {
  const auto draw = [=](const config::Metric&, Random& random, double change) {
    const auto pair = [&](double factor) {
      const double level = std::exp(days.level * random.normal());
      const double climbed = level * (1.0 + kRamp) * std::exp(days.ramp * random.normal());
      core::PlaceboDay day;
      day.baseline = side(random, level);
      day.candidate = side(random, climbed * factor);
      return day;
    };
    Draw out;
    out.measurement.placebo.emplace();
    for (std::size_t i = 0; i < days.count; ++i) out.measurement.placebo->days.push_back(pair(1.0));
    core::PlaceboDay now = pair(1.0 + change);
    out.measurement.baseline = std::move(now.baseline);
    out.measurement.candidate = std::move(now.candidate);
    out.baseline = plain_of(out.measurement.baseline);
    out.candidate = plain_of(out.measurement.candidate);
    return out;
  };
  return {std::move(name), metric_of(kind), kLimit, draw};
}

}  // namespace

void add_placebos(std::vector<Scenario>& out) {
  const std::string noise = "AR(1) 0.6, the time of day adds 8 %";
  out.push_back(scenario(noise + ", placebo of 4 days", config::Kind::samples, {4}, draw_points));
  out.push_back(scenario(noise + ", placebo of 7 days", config::Kind::samples, {7}, draw_points));
  out.back().least_power = 0.8;
  out.push_back(scenario(noise + " ± 3 % and levels differ by 20 %, placebo of 7 days", config::Kind::samples, {7, 0.2, 0.03},
                         draw_points));
  out.push_back(scenario("ratio 2 % of 500/min, bursts AR 0.6, the time of day adds 8 %, placebo of 7 days",
                         config::Kind::ratio, {7}, draw_counts));
}

}  // namespace gate::bench
