#include "scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "draws.h"
#include "measure/build.h"
#include "placebo.h"
#include "plan/steps.h"
#include "quantiles.h"
#include "releases.h"

namespace gate::bench {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr core::Duration kWindow = minutes(30);
constexpr std::size_t kPoints = 120;
constexpr std::size_t kSlices = 30;
constexpr std::size_t kPointsPerMinute = 4;
/// No rule is valid here: shown so that nobody is surprised.
Limits no_rule(std::string why) {
  Limits out;
  out.known = KnownExcess{1.0, std::move(why)};
  out.power_lag = 1.0;
  return out;
}

using Process = std::function<std::vector<double>(Random& random, std::size_t count)>;

Scenario points(std::string name, const Process& noise, std::size_t before = kPoints, std::size_t after = kPoints) {
  const auto draw = [=](const config::Metric&, Random& random, double change) {
    core::SideMeasurement baseline = side_of(log_normal(noise(random, before), 1.0));
    core::SideMeasurement candidate = side_of(log_normal(noise(random, after), 1.0 + change));
    return drawn(std::move(baseline), std::move(candidate), kPointsPerMinute);
  };
  return {std::move(name), metric_of(config::Kind::samples), draw};
}

Process process(const std::vector<double>& phi, const std::vector<double>& theta = {}) {
  return [=](Random& random, std::size_t count) { return arma(random, phi, theta, count); };
}

/// Values as for `points`, one in twenty of them tenfold: garbage collection, a cold cache, a retry.
Process spiky() {
  return [](Random& random, std::size_t count) {
    std::vector<double> noise = arma(random, {}, {}, count);
    for (double& value : noise)
      if (random.uniform() < 0.05) value += std::log(10.0) / kSpread;
    return noise;
  };
}

Scenario heavy_tails() {
  const auto side = [](Random& random, double level) {
    std::vector<double> values(kPoints);
    for (double& value : values) value = level + 0.25 * random.student3();
    return side_of(values);
  };
  const auto draw = [side](const config::Metric&, Random& random, double change) {
    core::SideMeasurement baseline = side(random, 1.0);
    return drawn(std::move(baseline), side(random, 1.0 + change), kPointsPerMinute);
  };
  return {"Student t3, independent", metric_of(config::Kind::samples), draw};
}

/// What the gate would ask: the plan's own grid for points of a query with the range `range`.
plan::Grid grid_of(const config::Metric& metric, core::Duration range, bool rows) {
  plan::MetricFacts facts;
  facts.longest_range = range;
  facts.rows = rows;
  core::Diagnostics diagnostics;
  return plan::make_grid(metric, facts, kWindow, diagnostics);
}

/// The baseline and the candidate as drawn by `noise`, with a daily curve that lifts the candidate by 8 % all by itself.
Scenario with_clock(const Process& noise) {
  Scenario scenario = points("AR(1) 0.6, the time of day adds 8 % (no rule)", noise);
  scenario.limits =
      no_rule("what the clock does is in the second window alone; earlier days tell it from the release, and keep the limit");
  scenario.draw = [draw = scenario.draw](const config::Metric& metric, Random& random, double change) {
    return draw(metric, random, 1.08 * (1.0 + change) - 1.0);
  };
  return scenario;
}

enum class Overlap { thinned, kept };

/// rate[range] at every 15 s: means over the range of what happened in each 15 s. The gate takes those its plan asks for.
Scenario overlapping(core::Duration range, Overlap overlap) {
  config::Metric metric = metric_of(config::Kind::samples);
  metric.compare.step = seconds(15);
  metric.overlap = overlap == Overlap::kept;
  const auto reach = static_cast<std::size_t>(range / seconds(15));
  const auto every = static_cast<std::size_t>(grid_of(metric, range, false).step / seconds(15));
  const auto averaged = [reach](const std::vector<double>& values) {
    std::vector<double> out;
    for (std::size_t i = reach; i <= values.size(); ++i) {
      double sum = 0.0;
      for (std::size_t k = i - reach; k < i; ++k) sum += values[k];
      out.push_back(sum / static_cast<double>(reach));
    }
    return out;
  };
  const auto asked = [every](const std::vector<double>& overlapped) {
    std::vector<double> out;
    for (std::size_t i = 0; i < overlapped.size(); i += every) out.push_back(overlapped[i]);
    return out;
  };
  const auto draw = [=](const config::Metric&, Random& random, double change) {
    const std::vector<double> before = averaged(log_normal(arma(random, {}, {}, kPoints), 1.0));
    const std::vector<double> after = averaged(log_normal(arma(random, {}, {}, kPoints), 1.0 + change));
    Draw out = drawn(side_of(before), side_of(after), kPointsPerMinute);
    out.measurement.baseline = side_of(asked(before));
    out.measurement.candidate = side_of(asked(after));
    return out;
  };
  Scenario scenario{fmt::format("rate[{}m] asked at 15 s{}", std::chrono::duration_cast<minutes>(range).count(),
                                metric.overlap ? ", overlap = true (no rule)" : ""),
                    metric, draw};
  if (metric.overlap)
    scenario.limits =
        no_rule("each point shares three quarters of its data with the next; without overlap = true the limit is kept");
  return scenario;
}

/// Rows about once a second, with a drift of 10 % that turns within a minute.
core::Series drifting_rows(Random& random, const core::Window& window, double level) {
  constexpr double kDrift = 0.1;
  constexpr double kMemory = 60.0;
  core::Series series;
  double drift = random.normal();
  double at = 0.0;
  const double length = std::chrono::duration<double>(window.length()).count();
  for (;;) {
    const double gap = -std::log(random.uniform());
    at += gap;
    if (at >= length) return series;
    const double kept = std::exp(-gap / kMemory);
    drift = kept * drift + std::sqrt(1.0 - kept * kept) * random.normal();
    series.times.push_back(window.start + core::Duration(static_cast<std::int64_t>(1000.0 * at)));
    series.values.push_back(level * std::exp(kSpread * random.normal() + kDrift * drift));
  }
}

std::vector<std::size_t> minutes_of(const core::Series& series, const core::Window& window) {
  std::vector<std::size_t> out;
  for (core::Time end = window.start + minutes(1); end <= window.start + window.length(); end += minutes(1)) {
    const auto first_after = std::lower_bound(series.times.begin(), series.times.end(), end);
    out.push_back(static_cast<std::size_t>(first_after - series.times.begin()));
  }
  return out;
}

Scenario rows() {
  const auto draw = [](const config::Metric& metric, Random& random, double change) {
    plan::MetricPlan plan;
    plan.metric = &metric;
    plan.rows = true;
    plan.step = grid_of(metric, {}, true).step;
    plan.baseline = core::Window{core::Time{}, core::Time{} + kWindow};
    plan.candidate = core::Window{core::Time{} + kWindow, core::Time{} + 2 * kWindow};
    Draw out;
    std::vector<measure::Reply> replies(2);
    plan.asks.resize(2);
    for (const plan::Side side : {plan::Side::baseline, plan::Side::candidate}) {
      const bool before = side == plan::Side::baseline;
      plan::Ask& ask = plan.asks[before ? 0 : 1];
      ask.side = side;
      ask.part = "value";
      ask.question.window = before ? plan.baseline : plan.candidate;
      core::Series series = drifting_rows(random, *ask.question.window, before ? 1.0 : 1.0 + change);
      Plain& plain = before ? out.baseline : out.candidate;
      plain.points = series.values;
      plain.minutes = minutes_of(series, *ask.question.window);
      measure::Reply& reply = replies[before ? 0 : 1];
      reply.ask = &ask;
      reply.answer.emplace().series.push_back(std::move(series));
    }
    out.measurement = std::move(measure::build_measurements(plan, replies).front());
    return out;
  };
  return {"rows, minute-scale drift", metric_of(config::Kind::samples), draw};
}

struct SliceCounts {
  std::size_t before = kSlices;
  std::size_t after = kSlices;
  bool are_minutes = true;
};

Scenario counted(std::string name, config::Kind kind, const Traffic& before, const Traffic& after, SliceCounts slices = {}) {
  const auto draw = [=](const config::Metric& metric, Random& random, double change) {
    Traffic changed = after;
    changed.rate *= 1.0 + change;
    core::SideMeasurement baseline = count_side(before, metric.kind, slices.before, random);
    core::SideMeasurement candidate = count_side(changed, metric.kind, slices.after, random);
    return drawn(std::move(baseline), std::move(candidate), slices.are_minutes ? 1 : 0);
  };
  return {std::move(name), metric_of(kind), draw};
}

/// The same traffic on both sides, in bursts.
Scenario bursty(std::string name, config::Kind kind, const Traffic& traffic, SliceCounts slices = {}) {
  Scenario out = counted(std::move(name), kind, traffic, traffic, slices);
  out.limits.known = KnownExcess{0.08, kHiddenMemory};
  return out;
}

void add_small_canaries(std::vector<Scenario>& out) {
  struct Size {
    double canary, baseline, rate;
  };
  for (const Size& size : {Size{400, 400, 0.01}, Size{400, 20000, 0.01}, Size{1000, 50000, 0.005}, Size{5000, 100000, 0.002}}) {
    const std::string name = fmt::format("{} {} v {}, p {} %", size.canary == size.baseline ? "low traffic" : "canary",
                                         size.canary, size.baseline, 100.0 * size.rate);
    const auto sliced = static_cast<double>(kSlices);
    out.push_back(counted(name + ", per minute", config::Kind::ratio, {std::round(size.baseline / sliced), size.rate, 0.0, 0.0},
                          {std::round(size.canary / sliced), size.rate, 0.0, 0.0}));
    out.push_back(counted(name + ", whole", config::Kind::ratio, {size.baseline, size.rate, 0.0, 0.0},
                          {size.canary, size.rate, 0.0, 0.0}, {1, 1, false}));
  }
}

/// Windows of different length, and tails from which few points take nothing. Order sees there what a mean cannot.
void add_spikes(std::vector<Scenario>& out) {
  out.push_back(points("spikes in 5 % of the points, 5 v 30 minutes", spiky(), kPoints, kPoints / 6));
  out.back().limits.power_lag = 1.0;
  out.push_back(points("spikes in 5 % of the points, 30 v 5 minutes", spiky(), kPoints / 6, kPoints));
  out.back().limits.power_lag = 1.0;
}

/// A canary with little traffic: its points scatter three times as much, and there are fewer of them.
Scenario unequal_spread() {
  const auto draw = [](const config::Metric&, Random& random, double change) {
    const auto side = [&](std::size_t count, double level, double spread) {
      std::vector<double> values(count);
      for (double& value : values) value = level + spread * random.normal();
      return side_of(values);
    };
    core::SideMeasurement baseline = side(kPoints, 1.0, 0.1);
    return drawn(std::move(baseline), side(kPoints / 6, 1.0 + change, 0.3), kPointsPerMinute);
  };
  return {"three times the spread, 5 v 30 minutes", metric_of(config::Kind::samples), draw};
}

}  // namespace

std::vector<Scenario> scenarios() {
  std::vector<Scenario> out;
  out.push_back(points("independent", process({})));
  out.push_back(points("AR(1) 0.6", process({0.6})));
  out.push_back(points("AR(1) 0.6, 10 v 30 minutes", process({0.6}), kPoints, kPoints / 3));
  out.push_back(points("AR(1) 0.9", process({0.9})));
  out.push_back(points("AR(2) (0.5, 0.3)", process({0.5, 0.3})));
  out.push_back(points("MA(3) (0.8, 0.6, 0.4)", process({}, {0.8, 0.6, 0.4})));
  out.push_back(heavy_tails());
  add_spikes(out);
  out.push_back(unequal_spread());
  out.push_back(overlapping(minutes(1), Overlap::thinned));
  out.push_back(overlapping(minutes(5), Overlap::thinned));
  out.push_back(overlapping(minutes(1), Overlap::kept));
  out.push_back(rows());
  out.push_back(with_clock(process({0.6})));
  add_placebos(out);
  const auto ratio = config::Kind::ratio;
  const Traffic errors{500, 0.02, 0.5, 0.6};
  out.push_back(counted("ratio 2 % of 500/min, no bursts", ratio, {500, 0.02, 0.0, 0.0}, {500, 0.02, 0.0, 0.0}));
  out.push_back(bursty("ratio 2 % of 500/min, bursts AR 0.6", ratio, errors));
  out.push_back(bursty("ratio 1 % of 2,000/min, bursts AR 0.6", ratio, {2000, 0.01, 0.3, 0.6}));
  out.push_back(counted("ratio 1 % of 200,000/min, bursts AR 0.6", ratio, {2e5, 0.01, 0.3, 0.6}, {2e5, 0.01, 0.3, 0.6}));
  out.push_back(bursty("ratio 2 % of 500/min, bursts AR 0.6, 120 v 120 minutes", ratio, errors, {120, 120}));
  out.push_back(counted("ratio 2 % of 500/min, bursts AR 0.6, 5 v 30 minutes", ratio, errors, errors, {kSlices, 5}));
  out.push_back(counted("ratio 2 % of 5,000 in 10 min, bursts, 3 slices", ratio, {5000, 0.02, 0.3, 0.0}, {5000, 0.02, 0.3, 0.0},
                        {3, 3, false}));
  add_small_canaries(out);
  const auto count = config::Kind::count;
  out.push_back(counted("count, 60 events, no bursts", count, {60, 1.0 / 30, 0.0, 0.0}, {60, 1.0 / 30, 0.0, 0.0}));
  out.push_back(bursty("count, 600 events, bursts AR 0.6", count, {60, 1.0 / 3, 0.5, 0.6}));
  add_quantiles(out);
  add_releases(out);
  return out;
}

}  // namespace gate::bench
