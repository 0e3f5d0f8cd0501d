#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate;
using namespace gate::judge::test;
using config::Rule;
using core::Outcome;
using core::Verdict;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

config::Criterion burn_over(double limit, std::vector<core::Duration> windows, core::Level level = core::Level::fail) {
  config::Criterion out = criterion(Rule::burn_over, {bound(limit == 6.0 ? "6" : "14.4", limit)}, level);
  out.windows = std::move(windows);
  return out;
}

config::Metric slo(std::vector<config::Criterion> criteria) {
  config::Metric metric = latency(std::move(criteria));
  metric.id = "slo";
  metric.title = "checkout";
  metric.kind = config::Kind::slo;
  metric.unit = {"×", "×", 1.0};
  metric.better = config::Better::unsaid;
  metric.compare.design = config::Design::none;
  metric.slo = config::Slo{0.999, hours(720), {}};
  return metric;
}

/// A window of `length` before minute 60 in ten slices, each with the same bad events of `each`; the last ones may be missing.
core::SpanMeasurement span(core::Duration length, double bad, double each, int slices = 10) {
  core::SpanMeasurement out;
  out.window = {at(60) - length, at(60)};
  out.step = length / 10;
  for (int i = 0; i < slices; ++i) {
    out.counts.times.push_back(out.window.start + length * (i + 1) / 10);
    out.counts.events.push_back(bad);
    out.counts.totals.push_back(each);
  }
  return out;
}

core::MetricReport judged(const config::Metric& metric, std::vector<core::SpanMeasurement> spans) {
  core::Measurement measurement;
  measurement.metric = metric.id;
  measurement.has_baseline = false;
  measurement.spans = std::move(spans);
  return judge::judge_metric(metric, measurement, at(70));
}

const std::vector<core::Duration> kFast = {hours(1), minutes(5)};

}  // namespace

TEST_CASE("a burn rate is violated when every window proves it, and holds when one proves the opposite") {
  struct Case {
    const char* name;
    double bad_hour, bad_minutes, each;
    Outcome outcome;
    bool within;
    Verdict verdict;
    const char* reason;
  };
  for (const Case& c : {
           Case{"all burn", 200, 250, 10'000, Outcome::violated, false, Verdict::fail,
                "checkout is burning 20.0 × over 1 h and 25.0 × over 5 min (limit 14.4 ×). 95 % sure it is at least 19.1 × in "
                "each."},
           Case{"the long one does not", 10, 250, 10'000, Outcome::holds, true, Verdict::pass,
                "checkout is burning 1.00 × over 1 h and 25.0 × over 5 min; 95 % sure it is no more than 1.22 × over 1 h "
                "(limit 14.4 "
                "×)."},
           Case{"the short one has stopped", 200, 0, 10'000, Outcome::holds, true, Verdict::pass,
                "checkout is burning 20.0 × over 1 h and 0 × over 5 min; 95 % sure it is no more than 0.0300 × over 5 min "
                "(limit "
                "14.4 ×)."},
           Case{"few requests, more than allowed", 0.2, 0.2, 10, Outcome::unproven, false, Verdict::inconclusive,
                "Burns too fast, not proven: checkout is burning 20.0 × over 1 h and 20.0 × over 5 min, beyond 14.4 ×, but "
                "2.52 × "
                "fits "
                "the data, too."},
           Case{"few requests, none bad", 0, 0, 10, Outcome::unproven, true, Verdict::warn,
                "Probably fine, not proven: checkout is burning 0 × over 1 h and 0 × over 5 min, inside 14.4 ×, but it could "
                "be 29.6 "
                "×."},
       }) {
    INFO(c.name);
    const auto report =
        judged(slo({burn_over(14.4, kFast)}), {span(hours(1), c.bad_hour, c.each), span(minutes(5), c.bad_minutes, c.each)});
    REQUIRE(report.criteria.size() == 1);
    const core::CriterionReport& criterion = report.criteria.front();
    CHECK(criterion.outcome == c.outcome);
    CHECK(criterion.within == c.within);
    CHECK(criterion.reason == c.reason);
    CHECK(report.verdict == c.verdict);
    CHECK(report.evidence == core::Evidence::enough);
    CHECK(criterion.limit == "≤ 14.4 ×");
    CHECK(*criterion.observed == Approx(std::min(c.bad_hour, c.bad_minutes) / c.each / 0.001));
    CHECK(report.candidate->value == criterion.observed);
    REQUIRE(criterion.windows.size() == 2);
    CHECK(criterion.windows[0].events == Approx(10 * c.bad_hour));
    // The interval of the harm says what the outcome says.
    CHECK((criterion.harm_interval->lower > 0.0) == (c.outcome == Outcome::violated));
    CHECK((criterion.harm_interval->upper <= 0.0) == (c.outcome == Outcome::holds));
    CHECK((*criterion.p_value < 0.05) == (c.outcome == Outcome::violated));
  }
}

TEST_CASE("a window without traffic has no burn rate, and its bound is not evaluated") {
  const config::Metric metric = slo({burn_over(14.4, kFast), burn_over(6, {hours(1)}, core::Level::warn)});
  for (const bool zero : {true, false}) {
    const auto report = judged(metric, {span(hours(1), 0, 10'000), zero ? span(minutes(5), 0, 0) : span(minutes(5), 0, 0, 0)});
    CHECK(report.evidence == core::Evidence::none);
    CHECK(report.verdict == Verdict::inconclusive);
    CHECK(report.brief == "no traffic in 5 min");
    CHECK(report.criteria[0].outcome == Outcome::not_evaluated);
    CHECK(report.criteria[0].reason.ends_with("that is no burn rate, and not one of 0."));
    CHECK_FALSE(report.criteria[0].windows[1].burn.has_value());
    CHECK(report.criteria[1].outcome == Outcome::holds);
    CHECK_FALSE(report.candidate->value.has_value());
  }
}

TEST_CASE("too few events, and data that stop, prove no safety; harm they prove stands") {
  config::Metric metric = slo({burn_over(14.4, {hours(1)})});
  metric.min_events = 1000;
  const auto thin = judged(metric, {span(hours(1), 0, 99)});
  CHECK(thin.evidence == core::Evidence::thin);
  CHECK(thin.headline == "Too little: 990 of at least 1000 events in the last 1 h.");
  const auto stopped = judged(metric, {span(hours(1), 0, 10'000, 6)});
  CHECK(stopped.evidence == core::Evidence::thin);
  CHECK(stopped.brief == "data stopped 12:40 UTC");
  CHECK(judged(metric, {span(hours(1), 0, 10'000, 7)}).verdict == Verdict::pass);
  CHECK(judged(metric, {span(hours(1), 500, 10'000, 6)}).verdict == Verdict::fail);
}

TEST_CASE("slices that are missing because nothing bad happened in them make no burn rate") {
  // Kept are the slices with bad events alone: 20 × where it may be 1 ×.
  core::SpanMeasurement kept = span(hours(1), 200, 10'000, 2);
  kept.counts.times = {at(58), at(60)};
  kept.counts.unsaid = 8;
  const auto report = judged(slo({burn_over(14.4, {hours(1)})}), {kept});
  CHECK(report.evidence == core::Evidence::thin);
  CHECK(report.headline ==
        "8 of 10 slices in the last 1 h have no point for the bad events: whether none happened is not said.");
  CHECK(report.verdict == Verdict::inconclusive);
  kept.counts.unsaid = 0;
  CHECK(judged(slo({burn_over(14.4, {hours(1)})}), {kept}).verdict == Verdict::inconclusive);
}

TEST_CASE("what is left of the budget is counted: the point decides") {
  struct Case {
    double bad;
    Outcome outcome;
    double left;
    const char* reason;
  };
  const config::Metric metric = slo({criterion(Rule::budget_left_below, {bound("10%", 0.1, true)})});
  for (const Case& c :
       {Case{0, Outcome::holds, 1.0,
             "checkout has 100 % of its error budget of 30 d left (limit 10 %): 0 of 1M were bad, 1k may be."},
        Case{90, Outcome::holds, 0.1,
             "checkout has 10.0 % of its error budget of 30 d left (limit 10 %): 900 of 1M were bad, 1k may be."},
        Case{95, Outcome::violated, 0.05,
             "checkout has 5.00 % of its error budget of 30 d left (limit 10 %): 950 of 1M were bad, 1k may be."},
        Case{150, Outcome::violated, -0.5,
             "checkout has overspent its error budget of 30 d by 50.0 % (limit ≥ 10 % left): 1.50k of 1M were bad, 1k may "
             "be."}}) {
    INFO(c.bad);
    const auto report = judged(metric, {span(hours(720), c.bad, 100'000)});
    CHECK(report.criteria.front().outcome == c.outcome);
    CHECK(*report.criteria.front().observed == Approx(c.left));
    CHECK(report.criteria.front().reason == c.reason);
    CHECK(report.criteria.front().limit == "≥ 10 % left");
    CHECK_FALSE(report.criteria.front().harm_interval.has_value());
    CHECK(*report.candidate->value == Approx(1.0 - c.left));
  }
}

TEST_CASE("method point and dispersion none are obeyed") {
  config::Metric metric = slo({burn_over(14.4, {hours(1)})});
  core::SpanMeasurement clustered = span(hours(1), 0, 1000);
  clustered.counts.events = {0, 0, 100, 0, 0, 0, 0, 100, 0, 0};
  CHECK(judged(metric, {clustered}).criteria.front().outcome == Outcome::unproven);
  metric.dispersion = config::Switch::off;
  CHECK(judged(metric, {clustered}).criteria.front().outcome == Outcome::violated);
  metric.method = config::Method::point;
  const auto report = judged(metric, {clustered});
  CHECK(report.criteria.front().outcome == Outcome::violated);
  CHECK_FALSE(report.criteria.front().observed_interval.has_value());
  CHECK(report.criteria.front().reason == "checkout is burning 20.0 × over 1 h (limit 14.4 ×).");
}
