#include "judge/placebo.h"

#include <catch2/catch.hpp>
#include <variant>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Rule;
using core::Evidence;
using core::Outcome;
using core::Verdict;

namespace {

// Quiet days climb by about 8 %.
const std::vector<double> kClimbs = {1.078, 1.084, 1.080, 1.077, 1.083, 1.081};

config::Metric metric_with(Rule rule = Rule::increase_over, double margin = 0.05, bool relative = true) {
  config::Metric metric = latency({criterion(rule, {bound(relative ? "5%" : "5ms", margin, relative)})});
  metric.compare.placebo.emplace();
  return metric;
}

core::PlaceboDay day(double before, double after, int weeks) {
  core::PlaceboDay out;
  const int first = -weeks * 7 * 24 * 60;
  out.baseline = side(before, 0.01, 100, first - 30);
  out.candidate = side(after, 0.01, 100, first + 5);
  out.baseline_window = *out.baseline.window;
  out.candidate_window = *out.candidate.window;
  return out;
}

core::Measurement measured_now(double after, const std::vector<double>& climbs = kClimbs) {
  core::Measurement out = measured(after);
  out.placebo.emplace();
  out.placebo->releases_known = true;
  for (std::size_t i = 0; i < climbs.size(); ++i) {
    const double level = 0.2 + 0.05 * static_cast<double>(i);
    out.placebo->days.push_back(day(level, level * climbs[i], static_cast<int>(climbs.size() - i)));
  }
  return out;
}

core::MetricReport judged(const core::Measurement& measurement, const config::Metric& metric = metric_with()) {
  return judge_metric(metric, measurement, at(60));
}

}  // namespace

TEST_CASE("a climb that earlier days have, too, is no regression") {
  struct Case {
    double after;
    Outcome outcome;
    Verdict verdict;
    const char* headline;
  };
  // 0.3 s climbs to 0.3241 s by itself.
  for (const Case& c : {Case{0.3240, Outcome::holds, Verdict::pass, "p99 latency: 324 ms → 324 ms"},
                        Case{0.3390, Outcome::unproven, Verdict::warn, "Probably fine, not proven: +4.58 %"},
                        Case{0.3550, Outcome::violated, Verdict::fail,
                             "p99 latency is worse than what 6 earlier weeks did at these hours: 324 ms → 355 ms"},
                        Case{0.2800, Outcome::holds, Verdict::pass, "p99 latency: 324 ms → 280 ms"}}) {
    INFO(c.after);
    const core::MetricReport report = judged(measured_now(c.after));
    CHECK(report.criteria[0].outcome == c.outcome);
    CHECK(report.verdict == c.verdict);
    CHECK_THAT(report.headline, Catch::StartsWith(c.headline));
    CHECK(report.change->method == "placebo-log-t");
    CHECK_FALSE(report.change->effective_samples.has_value());
    // exp(mean(log(kClimbs)))*0.3 in R
    CHECK(*report.baseline->value == Approx(0.324149132344).epsilon(1e-9));
    CHECK(report.change->absolute == Approx(*report.candidate->value - *report.baseline->value));
    CHECK(*report.placebo->before == Approx(0.3));
    CHECK(report.placebo->all.size() == 6);
    CHECK(report.placebo->days == "earlier weeks");
  }
}

TEST_CASE("bounds that are amounts compare days by their difference, and values stay exact") {
  config::Metric metric = metric_with(Rule::increase_over, 0.005, false);
  metric.criteria.push_back(criterion(Rule::above, {bound("800ms", 0.8)}));
  metric.kind = config::Kind::value;
  core::Measurement measurement = measured_now(0.0);
  measurement.baseline.value = 0.3;
  measurement.candidate.value = 0.36;
  for (std::size_t i = 0; i < 6; ++i) {
    measurement.placebo->days[i].baseline.value = 0.3 + static_cast<double>(i);
    measurement.placebo->days[i].candidate.value = 0.32 + static_cast<double>(i) + 0.001 * static_cast<double>(i % 2);
  }
  const core::MetricReport report = judged(measurement, metric);
  CHECK(report.change->method == "placebo-t");
  CHECK(report.change->interval.has_value());  // of a kind that has none by itself
  CHECK(report.criteria[0].outcome == Outcome::violated);
  CHECK(report.criteria[1].outcome == Outcome::holds);
  CHECK(*report.placebo->expected == Approx(0.3205));
}

TEST_CASE("too few days leave the change open, and never fall back") {
  core::Measurement measurement = measured_now(0.5);
  measurement.placebo->days[0].left_out = "a release";
  measurement.placebo->days[1].candidate = side(0.3, 0.01, 0, 5);
  measurement.placebo->days[2].baseline = side(0.3, 0.01, 3, 5);
  config::Metric metric = metric_with();
  metric.criteria.push_back(criterion(Rule::above, {bound("400ms", 0.4)}));
  const core::MetricReport report = judged(measurement, metric);
  CHECK(report.criteria[0].outcome == Outcome::not_evaluated);
  CHECK(report.criteria[0].reason ==
        "Too few earlier weeks: 3 of at least 4 can be used (1 with a release, 1 with no data, 1 with too little data).");
  CHECK(report.criteria[1].outcome == Outcome::violated);
  CHECK(report.verdict == Verdict::fail);
  CHECK(report.evidence == Evidence::thin);
  CHECK_FALSE(report.change.has_value());
  CHECK(*report.baseline->value == Approx(0.3));
  const core::MetricReport alone = judged(measurement);
  CHECK(alone.verdict == Verdict::inconclusive);
  CHECK(alone.brief == "3 of 4 earlier weeks");
  measurement.placebo->days.clear();
  measurement.placebo->none_because = "the release was on a weekend, and the days are weekdays";
  CHECK(judged(measurement).headline ==
        "Too few earlier weeks: 0 of at least 4 can be used; the release was on a weekend, and the days are weekdays.");
  CHECK(judged(measurement).evidence == Evidence::none);
}

TEST_CASE("a day at zero has no share") {
  core::Measurement measurement = measured_now(0.324);
  measurement.placebo->days[3].candidate = side(0.0, 0.0, 100, 5);
  const core::MetricReport report = judged(measurement);
  CHECK(report.verdict == Verdict::inconclusive);
  CHECK_THAT(report.headline, Catch::Contains("a relative bound has no meaning"));
  CHECK(report.next == "give the limits as amounts in the metric's unit");
  CHECK(judged(measurement, metric_with(Rule::increase_over, 0.5, false)).verdict == Verdict::pass);
}

TEST_CASE("what is said of the days") {
  core::Measurement measurement = measured_now(0.324);
  measurement.placebo->days.insert(measurement.placebo->days.begin(), day(0.3, 0.3, 7));
  measurement.placebo->days.front().left_out = "a release";
  const std::vector<std::string> notes = judged(measurement).notes;
  CHECK(notes ==
        std::vector<std::string>{"it was 300 ms before the release; as 6 earlier weeks moved at these hours (UTC), 324 ms "
                                 "was to be expected",
                                 "earlier weeks: 1 left out: 27 Jan (a release)"});
  measurement.placebo->releases_known = false;
  CHECK_THAT(judged(measurement).notes.back(), Catch::StartsWith("no earlier release is known"));
  config::Metric metric = metric_with();
  metric.compare.placebo->every = 1;
  CHECK(judged(measurement, metric).placebo->days == "earlier days");
  metric.compare.placebo->days = config::Placebo::Days::weekdays;
  CHECK(judged(measurement, metric).placebo->days == "earlier weekdays");
}

TEST_CASE("an open change is told what would settle it") {
  core::Measurement measurement = measured_now(0.36, {1.0, 1.2, 0.9, 1.15, 1.05, 1.1});
  const core::MetricReport report = judged(measurement);
  CHECK(report.criteria[0].outcome == Outcome::unproven);
  CHECK_FALSE(report.criteria[0].needs_seconds.has_value());
  CHECK_THAT(report.next, Catch::StartsWith("days differ by too much on their own"));
}

TEST_CASE("a formula has the days of its parts") {
  config::Metric cost = metric_with();
  cost.id = cost.title = "cost";
  cost.judged = false;
  config::Metric per = metric_with();
  per.id = "d";
  per.kind = config::Kind::derived;
  per.formula = config::WrittenFormula{std::get<config::Formula>(config::parse_formula("2 * cost")), {}};
  core::Measurement measurement = measured_now(0.324);
  measurement.metric = "cost";
  core::Measurement blank;
  blank.metric = "d";
  const auto metric_of = [&] { return judge(gate_of({cost, per}), {measurement, blank}, at(60), {}).metrics[1]; };
  CHECK(metric_of().change->method == "placebo-log-t");
  CHECK(*metric_of().placebo->before == Approx(0.6));
  CHECK(*metric_of().baseline->value == Approx(2 * 0.324149132344).epsilon(1e-9));
  CHECK(metric_of().verdict == Verdict::pass);
  for (std::size_t i = 0; i < 3; ++i) measurement.placebo->days[i].left_out = "a release";
  CHECK(metric_of().verdict == Verdict::inconclusive);
}
