#include "judge/words.h"

#include <catch2/catch.hpp>
#include <limits>

#include "gates.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Rule;

namespace {

ChangeWords rise() {
  ChangeWords words;
  words.baseline = 0.312;
  words.candidate = 0.409;
  words.change = 0.31;
  words.interval = core::Range{0.245, 0.381};
  words.scale = Scale::relative;
  return words;
}

}  // namespace

TEST_CASE("limits are written as people read them") {
  struct Case {
    Rule rule;
    std::vector<config::Bound> bounds;
    const char* limit;
  };
  const std::vector<Case> cases = {
      {Rule::above, {bound("800ms", 0.8)}, "≤ 800 ms"},
      {Rule::above, {bound("0.8", 0.8)}, "≤ 0.8 s"},
      {Rule::below, {bound("80%", 80)}, "≥ 80 %"},
      {Rule::equals, {bound("0", 0)}, "≠ 0 s"},
      {Rule::increase_over, {bound("10%", 0.1, true)}, "+10 %"},
      {Rule::increase_over, {bound("10%", 0.1, true), bound("5ms", 0.005)}, "+10 % and +5 ms"},
      {Rule::increase_over, {bound("0.05pp", 0.0005)}, "+0.05 pp"},
      {Rule::increase_over, {bound("5/h", 5)}, "+5/h"},
      {Rule::increase_over, {bound("12.5 EUR", 12.5)}, "+12.5 EUR"},
      {Rule::decrease_over, {bound("20%", 0.2, true)}, "−20 %"},
      {Rule::change_over, {bound("5%", 0.05, true)}, "±5 %"},
      {Rule::improve_by, {bound("2%", 0.02, true)}, "≤ −2 %"},
      {Rule::above, {bound("-3", -3)}, "≤ −3 s"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.limit);
    CHECK(limit_text(latency({}), criterion(one.rule, one.bounds)) == one.limit);
  }
  config::Criterion target = criterion(Rule::target, {bound("200ms", 0.2)});
  target.text = "200ms ± 10%";
  CHECK(limit_text(latency({}), target) == "200 ms ± 10 %");
  config::Metric higher = latency({});
  higher.better = config::Better::higher;
  CHECK(limit_text(higher, criterion(Rule::improve_by, {bound("2%", 0.02, true)})) == "≥ +2 %");
}

TEST_CASE("the sentences of every outcome") {
  const config::Metric metric = latency({});
  const config::Criterion up = criterion(Rule::increase_over, {bound("10%", 0.1, true)});
  const config::Criterion gain = criterion(Rule::improve_by, {bound("10%", 0.1, true)});
  const config::Criterion either = criterion(Rule::change_over, {bound("10%", 0.1, true)});
  CHECK(violated_change(metric, up, rise()) ==
        "p99 latency got worse since the release: 312 ms → 409 ms, +31 % (limit +10 %). 95 % sure it is at least +24 %.");
  CHECK(holds_change(metric, up, rise()) ==
        "p99 latency: 312 ms → 409 ms, +31 %; 95 % sure it is no worse than +39 % (limit +10 %).");
  CHECK(unproven_within(metric, up, rise()) == "Probably fine, not proven: +31 % is inside +10 %, but it could be +39 %.");
  CHECK(unproven_beyond(metric, up, rise()) ==
        "Looks worse, not proven: +31 % is beyond +10 %, but anything from +24 % to +39 % fits the data.");
  CHECK(bare_change(metric, up, rise()) ==
        "p99 latency went 312 ms → 409 ms, +31 % (limit +10 %). No uncertainty available: two bare numbers.");
  CHECK(violated_change(metric, gain, rise()) ==
        "p99 latency did not improve as demanded: 312 ms → 409 ms, +31 % (limit ≤ −10 %). 95 % sure it is at best +24 %.");
  CHECK(unproven_beyond(metric, gain, rise()) ==
        "Gain not proven: +31 %, demanded is ≤ −10 %; anything from +24 % to +39 % fits the data.");
  CHECK(violated_change(metric, either, rise()) ==
        "p99 latency changed since the release: 312 ms → 409 ms, +31 % (limit ±10 %). 95 % sure it is at least +24 %.");
}

TEST_CASE("a fall is as bad as it is deep") {
  ChangeWords fall = rise();
  fall.change = -0.31;
  fall.interval = core::Range{-0.381, -0.245};
  const config::Criterion down = criterion(Rule::decrease_over, {bound("10%", 0.1, true)});
  const config::Criterion either = criterion(Rule::change_over, {bound("10%", 0.1, true)});
  for (const config::Criterion& one : {down, either}) CHECK(at_least(latency({}), one, fall) == "at least −24 %");
  CHECK(holds_change(latency({}), down, fall) ==
        "p99 latency: 312 ms → 409 ms, −31 %; 95 % sure it is no worse than −39 % (limit −10 %).");
  CHECK(holds_change(latency({}), either, fall) ==
        "p99 latency: 312 ms → 409 ms, −31 %; 95 % sure it is no worse than −39 % (limit ±10 %).");
}

TEST_CASE("only a design that allows it says more than since") {
  config::Metric metric = latency({});
  const config::Criterion up = criterion(Rule::increase_over, {bound("10%", 0.1, true)});
  metric.compare.design = config::Design::side_by_side;
  CHECK(violated_change(metric, up, rise()).starts_with("p99 latency is worse in the new version: "));
  metric.compare.design = config::Design::snapshot;
  CHECK(violated_change(metric, up, rise()).starts_with("p99 latency is worse than the baseline: "));
}

TEST_CASE("values and their limits") {
  const config::Metric metric = latency({});
  const auto said = [&](Rule rule, const char* text, double limit, double value, core::Outcome outcome) {
    return value_sentence(metric, criterion(rule, {bound(text, limit)}), value, outcome);
  };
  CHECK(said(Rule::above, "800ms", 0.8, 0.9, core::Outcome::violated) == "p99 latency is 900 ms; the limit is 800 ms.");
  CHECK(said(Rule::below, "80ms", 0.08, 0.07, core::Outcome::violated) == "p99 latency is 70 ms; the limit is ≥ 80 ms.");
  CHECK(said(Rule::equals, "0s", 0, 0, core::Outcome::violated) == "p99 latency is 0 s; the limit is ≠ 0 s.");
  CHECK(said(Rule::target, "1s", 1, 2, core::Outcome::violated) == "p99 latency is 2 s, off target; the target is 1 s.");
}

TEST_CASE("ends are rounded outward and may be missing") {
  const config::Metric metric = latency({});
  CHECK(change_text(0.245, Scale::relative, metric, kDown) == "+24 %");
  CHECK(change_text(0.381, Scale::relative, metric, kUp) == "+39 %");
  CHECK(change_text(-0.0272, Scale::relative, metric, kDown) == "−2.8 %");
  CHECK(change_text(0.00251, Scale::absolute, metric, kUp) == "+2.6 ms");
  CHECK(change_text(std::numeric_limits<double>::infinity(), Scale::absolute, metric, kUp) == "+∞");
  CHECK(interval_text({-0.0272, 0.175}, Scale::relative, metric) == "[−2.8, +18]");
  CHECK(percent_text(0.95) == "95 %");
  CHECK(percent_text(0.999) == "99.9 %");
}
