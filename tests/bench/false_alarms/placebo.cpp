#include "placebo.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <utility>

#include "draws.h"

namespace gate::bench {
namespace {

constexpr double kRamp = 0.08;
constexpr double kLimit = 0.06;
/// How days differ, on the logarithm: in their level, and in how much they climb.
struct Days {
  std::size_t count = 7;
  double level = 0.0;
  double ramp = 0.0;
};

using DrawSide = std::function<core::SideMeasurement(Random& random, double level)>;

core::SideMeasurement draw_points(Random& random, double level) {
  return side_of(log_normal(arma(random, {0.6}, {}, 120), level));
}

core::SideMeasurement draw_counts(Random& random, double level) {
  return count_side({500.0, 0.02 * level, 0.5, 0.6}, config::Kind::ratio, 30, random);
}

config::Metric with_placebo(config::Kind kind) {
  config::Metric metric = metric_of(kind);
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
    std::vector<core::PlaceboDay> earlier(days.count);
    for (core::PlaceboDay& day : earlier) day = pair(1.0);
    core::PlaceboDay now = pair(1.0 + change);
    const std::size_t per_minute = kind == config::Kind::samples ? 4 : 1;
    Draw out = drawn(std::move(now.baseline), std::move(now.candidate), per_minute);
    out.measurement.placebo.emplace();
    out.measurement.placebo->days = std::move(earlier);
    return out;
  };
  Scenario made{std::move(name), with_placebo(kind), draw};
  made.limits.wrong = kLimit;
  return made;
}

}  // namespace

void add_placebos(std::vector<Scenario>& out) {
  const std::string noise = "AR(1) 0.6, the time of day adds 8 %";
  out.push_back(scenario(noise + ", placebo of 4 days", config::Kind::samples, {4}, draw_points));
  out.push_back(scenario(noise + ", placebo of 7 days", config::Kind::samples, {7}, draw_points));
  out.back().limits.least_power = 0.8;
  out.push_back(scenario(noise + " ± 3 % and levels differ by 20 %, placebo of 7 days", config::Kind::samples, {7, 0.2, 0.03},
                         draw_points));
  out.push_back(scenario("ratio 2 % of 500/min, bursts AR 0.6, the time of day adds 8 %, placebo of 7 days",
                         config::Kind::ratio, {7}, draw_counts));
}

}  // namespace gate::bench
