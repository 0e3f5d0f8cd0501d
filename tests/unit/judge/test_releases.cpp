#include "judge/releases.h"

#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/judge.h"

using namespace gate::judge;
using namespace gate::judge::test;
namespace core = gate::core;
namespace config = gate::config;
using config::Rule;
using core::Outcome;
using core::Verdict;

namespace {

core::PastReleases past_of(const std::vector<double>& values) {
  core::PastReleases out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    core::PastRelease one;
    one.run = "run-" + std::to_string(i);
    one.version = "1." + std::to_string(i);
    one.released_at = at(-10'000 + 100 * static_cast<int>(i));
    one.value = values[i];
    one.samples = 100;
    one.window = std::chrono::minutes(30);
    out.last.push_back(one);
  }
  return out;
}

const std::vector<double> kQuiet = {0.300, 0.304, 0.297, 0.302, 0.299, 0.298};

config::Metric metric_with(Rule rule = Rule::increase_over, double margin = 0.1) {
  config::Metric metric = latency({criterion(rule, {bound("10%", margin, true)})});
  metric.compare.design = config::Design::previous_releases;
  return metric;
}

core::Measurement measured_now(double value, const core::PastReleases& past) {
  core::Measurement out = measured(value);
  out.baseline = {};
  out.past = past;
  return out;
}

core::MetricReport judged(double value, const core::PastReleases& past, const config::Metric& metric = metric_with()) {
  return judge_metric(metric, measured_now(value, past), at(60));
}

core::PastReleases with_anchor(core::PastReleases past, double value) {
  past.anchor = core::PastRelease{};
  past.anchor->version = "0.9";
  past.anchor->value = value;
  return past;
}

config::Metric anchored() {
  config::Metric metric = metric_with();
  metric.compare.anchor_release = "0.9";
  return metric;
}

}  // namespace

TEST_CASE("a release against the last that passed") {
  const core::MetricReport good = judged(0.301, past_of(kQuiet));
  CHECK(good.verdict == Verdict::pass);
  CHECK(good.evidence == core::Evidence::enough);
  CHECK(good.candidate_evidence == core::Evidence::enough);
  CHECK(good.criteria[0].outcome == Outcome::holds);
  CHECK(*good.baseline->value == Approx(0.3));
  CHECK(good.baseline->samples == 6);
  CHECK(good.past->last.size() == 6);
  CHECK(!good.past->anchor_decides);
  CHECK(good.baseline_series.values == kQuiet);
  CHECK(good.notes == std::vector<std::string>{"compared with the last 6 releases that passed, 1.0 to 1.5"});

  const core::MetricReport bad = judged(0.36, past_of(kQuiet));
  CHECK(bad.verdict == Verdict::fail);
  CHECK(bad.headline.starts_with("p99 latency is worse than the last 6 releases that passed: 300 ms → 360 ms, +20"));

  // Between the two nobody can tell, and no more traffic of this release would help.
  const core::MetricReport open = judged(0.328, past_of(kQuiet));
  CHECK(open.criteria[0].outcome == Outcome::unproven);
  CHECK(!open.criteria[0].needs_seconds);
  CHECK(open.next == "keep watching; releases differ by too much on their own: longer windows make them differ less");
}

TEST_CASE("too few releases") {
  for (const std::size_t count : {0U, 1U, 4U}) {
    const core::MetricReport report =
        judged(0.36, past_of({kQuiet.begin(), kQuiet.begin() + static_cast<std::ptrdiff_t>(count)}));
    CHECK(report.evidence == (count == 0 ? core::Evidence::none : core::Evidence::thin));
    CHECK(report.candidate_evidence == core::Evidence::enough);
    CHECK(report.verdict == Verdict::inconclusive);
    CHECK(report.criteria[0].outcome == Outcome::not_evaluated);
    CHECK(report.brief == (count == 4   ? "needs 1 more release"
                           : count == 1 ? "needs 4 more releases"
                                        : "needs 5 more releases"));
  }
  core::PastReleases unlike = past_of({0.3});
  unlike.unlike = 3;
  CHECK(judged(0.3, unlike).headline ==
        "Too few releases: the history has 1 of at least 5 that passed; 4 more are needed. Of 3 others it has values that are "
        "something else, or in a unit that does not fit.");

  config::Metric lenient = metric_with();
  lenient.rules.on_few_releases = config::Fallback::pass;
  lenient.rules.on_no_data = config::Fallback::fail;
  CHECK(judged(0.36, past_of({0.3}), lenient).verdict == Verdict::pass);
  CHECK(judged(0.36, past_of({0.3}), lenient).next == "judge earlier releases with --history and --deployed-at");
  core::Measurement silent = measured_now(0.3, past_of(kQuiet));
  silent.candidate.samples = {};
  CHECK(judge_metric(lenient, silent, at(60)).verdict == Verdict::fail);
  // A limit on the value needs no past.
  config::Metric value = metric_with();
  value.criteria = {criterion(Rule::above, {bound("1", 1.0)})};
  CHECK(judged(0.36, past_of({}), value).verdict == Verdict::pass);
}

TEST_CASE("an anchor beside the last releases") {
  // Good against the last, 20 % above the anchor.
  const core::MetricReport ratchet = judged(0.301, with_anchor(past_of(kQuiet), 0.25), anchored());
  CHECK(ratchet.verdict == Verdict::fail);
  CHECK(ratchet.past->anchor_decides);
  CHECK(*ratchet.baseline->value == 0.25);
  CHECK(ratchet.baseline->samples == 1);
  CHECK(ratchet.change->absolute == Approx(0.051));
  CHECK(ratchet.headline.starts_with("p99 latency is worse than release 0.9, the anchor: 250 ms → 301 ms, +20.4 %"));
  CHECK(ratchet.notes.back() == "release 0.9, the anchor decides: it was 250 ms there");

  // Bad against the last, good against the anchor.
  const core::MetricReport bad = judged(0.36, with_anchor(past_of(kQuiet), 0.36), anchored());
  CHECK(bad.verdict == Verdict::fail);
  CHECK(!bad.past->anchor_decides);
  CHECK(*bad.baseline->value == Approx(0.3));

  const core::MetricReport good = judged(0.301, with_anchor(past_of(kQuiet), 0.3), anchored());
  CHECK(good.verdict == Verdict::pass);
  CHECK(!good.past->anchor_decides);
  // Two ways to be found guilty: each at half the risk.
  CHECK(*good.criteria[0].p_value > *judged(0.301, past_of(kQuiet)).criteria[0].p_value);

  const core::MetricReport missing = judged(0.301, past_of(kQuiet), anchored());
  CHECK(missing.evidence == core::Evidence::thin);
  CHECK(missing.headline == "The history has no value of release 0.9, which is the anchor.");
  CHECK(missing.brief == "no anchor 0.9");
}

TEST_CASE("other kinds, methods and rules") {
  SECTION("a single value has an interval by the releases") {
    config::Metric metric = metric_with();
    metric.kind = config::Kind::value;
    core::Measurement now = measured_now(0.3, past_of(kQuiet));
    now.candidate = {};
    now.candidate.value = 0.36;
    const core::MetricReport report = judge_metric(metric, now, at(60));
    CHECK(report.verdict == Verdict::fail);
    CHECK(report.change->interval.has_value());
  }
  SECTION("method point: two bare numbers") {
    config::Metric metric = anchored();
    metric.method = config::Method::point;
    const core::MetricReport report = judged(0.301, with_anchor(past_of(kQuiet), 0.25), metric);
    CHECK(report.verdict == Verdict::fail);
    CHECK(!report.change->interval);
    CHECK(report.past->anchor_decides);
    CHECK(judged(0.301, with_anchor(past_of(kQuiet), 0.3), metric).verdict == Verdict::pass);
  }
  SECTION("either way") {
    const core::MetricReport low = judged(0.2, past_of(kQuiet), metric_with(Rule::change_over));
    CHECK(low.verdict == Verdict::fail);
    CHECK(low.headline.starts_with("p99 latency differs from the last 6 releases that passed: "));
  }
  SECTION("releases around zero allow no share") {
    const core::MetricReport report = judged(0.3, past_of({0.1, -0.2, 0.05, -0.1, 0.15}));
    CHECK(report.criteria[0].outcome == Outcome::not_evaluated);
  }
  SECTION("the past could not be read") {
    core::Measurement now = measured_now(0.3, {});
    now.error = core::Error{"RG0603", "the history sqlite:h.db cannot be read: it is gone", "look for it", {}, {}};
    now.through = "the history";
    const core::MetricReport report = judge_metric(metric_with(), now, at(60));
    CHECK(report.verdict == Verdict::error);
    CHECK(report.headline ==
          "Could not ask the history: the history sqlite:h.db cannot be read: it is gone. Says nothing about the release.");
  }
  SECTION("windows of another length are told") {
    core::PastReleases past = past_of(kQuiet);
    past.last[0].window = std::chrono::minutes(5);
    CHECK(judged(0.3, past).notes.back() ==
          "1 of them was measured over another length of time than 30 min: shorter windows scatter more");
  }
}
