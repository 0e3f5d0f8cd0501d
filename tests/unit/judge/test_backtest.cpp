#include "judge/backtest.h"

#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Rule;

namespace {

core::Report report_of(double after,
                       const config::Metric& metric = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true)})})) {
  return judge(gate_of({metric}), {measured(after)}, at(60), {});
}

}  // namespace

TEST_CASE("a backtest counts verdicts and outcomes") {
  const core::BacktestReport found = summarize_backtest({report_of(0.3), report_of(0.3), report_of(0.36), report_of(0.305)});
  CHECK(found.fails.count == 1);
  CHECK(found.fails.of == 4);
  CHECK(found.passes == 3);
  REQUIRE(found.metrics.size() == 1);
  const core::BacktestBound& bound = found.metrics[0].bounds.at(0);
  CHECK(bound.alarms.count == 1);
  CHECK(bound.held == 3);
  // R 4.2: binom.test(1, 4)$conf.int
  CHECK(bound.alarms.interval->lower == Approx(0.0063094632097098).epsilon(1e-9));
  CHECK(bound.alarms.interval->upper == Approx(0.8058795503167566).epsilon(1e-9));
  CHECK(*bound.margin == Approx(0.1));
  CHECK(bound.relative);
  CHECK(*bound.window == std::chrono::minutes(30));
  CHECK(bound.detectable.has_value());
  CHECK(bound.window_needed.has_value());
}

TEST_CASE("a backtest without an alarm, and with nothing to count") {
  const core::BacktestReport none = summarize_backtest({report_of(0.3), report_of(0.3)});
  CHECK(none.fails.interval->lower == 0.0);
  CHECK(none.fails.interval->upper == Approx(0.84188611699158).epsilon(1e-9));  // R 4.2: binom.test(0, 2)$conf.int
  CHECK_FALSE(summarize_backtest({}).fails.interval.has_value());
  core::Measurement broken = measured(0.3);
  broken.error = core::Error{"RG1001", "no answer", "", {}, {}};
  const config::Metric metric = latency({criterion(Rule::above, {bound("800ms", 0.8)})});
  const core::BacktestReport errors = summarize_backtest({judge(gate_of({metric}), {broken}, at(60), {})});
  CHECK(errors.errors == 1);
  CHECK(errors.fails.of == 0);
  CHECK(errors.metrics[0].first_error == "no answer");
}

TEST_CASE("what a limit should be, by rule") {
  const auto kept = [](Rule rule, double after) {
    const config::Metric metric = latency({criterion(rule, {bound("10%", 0.1, true)})});
    return *summarize_backtest({report_of(after, metric)}).metrics[0].bounds[0].kept_by_four_of_five;
  };
  const auto interval = *report_of(0.33).metrics[0].change->relative_interval;
  CHECK(kept(Rule::increase_over, 0.33) == Approx(interval.upper));
  CHECK(kept(Rule::change_over, 0.33) == Approx(interval.upper));
  CHECK(kept(Rule::decrease_over, 0.33) == 0.0);
  const config::Metric list = latency({criterion(Rule::increase_over, {bound("10%", 0.1, true), bound("5ms", 0.005)})});
  CHECK_FALSE(summarize_backtest({report_of(0.33, list)}).metrics[0].bounds[0].kept_by_four_of_five.has_value());
  const config::Metric value = latency({criterion(Rule::above, {bound("800ms", 0.8)})});
  CHECK_FALSE(summarize_backtest({report_of(0.33, value)}).metrics[0].bounds[0].detectable.has_value());
}
