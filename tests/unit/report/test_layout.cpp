#include "report/layout.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

TEST_CASE("one symbol and one word a verdict") {
  struct Case {
    Verdict verdict;
    const char* word;
    const char* symbol;
    const char* ascii;
  };
  for (const Case& one : {Case{Verdict::fail, "FAIL", "✗", "x"}, Case{Verdict::error, "ERROR", "!", "!"},
                          Case{Verdict::inconclusive, "INCONCLUSIVE", "?", "?"}, Case{Verdict::warn, "WARN", "▲", "^"},
                          Case{Verdict::pass, "PASS", "✓", "+"}, Case{Verdict::skipped, "SKIPPED", "-", "-"}}) {
    CAPTURE(one.word);
    CHECK(word(one.verdict) == one.word);
    CHECK(symbol(one.verdict, Charset::unicode) == one.symbol);
    CHECK(symbol(one.verdict, Charset::ascii) == one.ascii);
  }
  CHECK(word(pending()) == "PENDING");
  CHECK(symbol(pending(), Charset::unicode) == "…");
  CHECK(symbol(pending(), Charset::ascii) == ".");
}

TEST_CASE("a gate is pending when nothing but time is missing") {
  CHECK(word(report_of({pending(), with_verdict(Verdict::pass, "a")}, Verdict::inconclusive)) == "PENDING");
  CHECK(word(report_of({pending(), with_verdict(Verdict::inconclusive, "a")}, Verdict::inconclusive)) == "INCONCLUSIVE");
  CHECK(word(report_of({pending(), failed()}, Verdict::fail)) == "FAIL");
  CHECK(word(report_of({}, Verdict::inconclusive)) == "INCONCLUSIVE");
}

TEST_CASE("rows are worst first, in the order of the file, and what waits after what is open") {
  const core::Report report =
      report_of({with_verdict(Verdict::pass, "a"), pending("b"), with_verdict(Verdict::inconclusive, "c"), broken("d"),
                 failed("e"), with_verdict(Verdict::warn, "f"), failed("g")},
                Verdict::fail);
  std::string order;
  for (const core::MetricReport* metric : worst_first(report)) order += metric->id;
  CHECK(order == "egdcbfa");
  CHECK(tally(report, Passing::counted, ", ") == "2 fail, 1 error, 1 inconclusive, 1 pending, 1 warn, 1 pass");
  CHECK(tally(report, Passing::left_out, " ") == "2 fail 1 error 1 inconclusive 1 pending 1 warn");
}

TEST_CASE("what waits is counted as pending though the gate skips it, and not when it was left out") {
  core::MetricReport goal = pending("goal");
  goal.verdict = Verdict::skipped;
  goal.criteria[0].due = goal.due;
  core::MetricReport other = with_verdict(Verdict::pass, "other");
  other.verdict = Verdict::skipped;
  core::Report report = report_of({goal, other}, Verdict::pass);
  CHECK(tally(report, Passing::counted, ", ") == "1 pending, 1 skipped");
  report.metrics[0].left_out = true;
  CHECK(tally(report, Passing::counted, ", ") == "2 skipped");
}

TEST_CASE("windows stand for all only where all that was judged shares them") {
  core::Report report = report_of({failed("a"), with_verdict(Verdict::pass, "b"), broken("c")}, Verdict::fail);
  const std::string windows = "before 11:34–12:04, after 12:09–12:34 UTC";
  CHECK_FALSE(windows_differ(report));
  CHECK(shared_when_text(report) == windows);
  report.metrics[1].baseline->window.reset();
  CHECK(shared_when_text(report) == windows);
  report.metrics[1].candidate->window->start += std::chrono::minutes(5);
  CHECK(windows_differ(report));
  CHECK(shared_when_text(report) == "windows differ by metric");
  report.previous_version = "1.41.0";
  CHECK(shared_when_text(report) == "1.41.0 → 1.42.0 · windows differ by metric");
  std::swap(report.metrics[0], report.metrics[1]);
  report.metrics[0].verdict = Verdict::skipped;
  CHECK(shared_when_text(report) == "1.41.0 → 1.42.0 · " + windows);
}

TEST_CASE("the cells of a change") {
  const Cells cells = cells_of(failed(), Charset::unicode);
  CHECK(cells.title == "p99 latency");
  CHECK(cells.before == "312 ms");
  CHECK(cells.after == "409 ms");
  CHECK(cells.values == "312 → 409 ms");
  CHECK(cells.change == "+31 %");
  CHECK(cells.interval == "[+24, +39]");  // rounded outward: 24.5 and 38.1
  CHECK(cells.limit == "+10 %");
  CHECK(cells.tendency == "worse");
  CHECK(cells.brief.empty());
  CHECK(cells_of(failed(), Charset::ascii).values == "312 -> 409 ms");
}

TEST_CASE("changes are written as shares, points or amounts") {
  core::MetricReport metric = failed();
  metric.criteria[0].relative = false;
  CHECK(cells_of(metric, Charset::unicode).change == "+97 ms");
  CHECK(cells_of(metric, Charset::unicode).interval == "[+76 ms, +120 ms]");
  metric.unit = {"%", "1", 0.01};
  CHECK(cells_of(metric, Charset::unicode).change == "+0.0970 pp");
  CHECK(cells_of(metric, Charset::unicode).before == "0.312 %");
  metric.unit = {"1", "1", 1.0};
  metric.kind = "ratio";
  CHECK(cells_of(metric, Charset::unicode).change == "+9.70 pp");
  CHECK(cells_of(metric, Charset::unicode).before == "31.2 %");
  metric.change->interval->upper = std::numeric_limits<double>::infinity();
  CHECK(cells_of(metric, Charset::unicode).interval == "[+7.6, +∞]");
}

TEST_CASE("what a row says in words") {
  struct Case {
    core::Outcome outcome;
    bool within;
    const char* rule;
    const char* tendency;
    const char* advice;
  };
  const std::vector<Case> cases = {
      {core::Outcome::violated, false, "increase_over", "worse", "hold or roll back"},
      {core::Outcome::unproven, false, "increase_over", "worse?", "looks worse, not proven: hold or roll back"},
      {core::Outcome::unproven, true, "increase_over", "not proven", "probably fine, not proven: hold or roll back"},
      {core::Outcome::violated, false, "improve_by", "no gain", "hold or roll back"},
      {core::Outcome::unproven, false, "improve_by", "not proven", "gain not proven: hold or roll back"},
      {core::Outcome::holds, true, "increase_over", "worse", "hold or roll back"},
  };
  for (const Case& one : cases) {
    core::MetricReport metric = failed();
    metric.criteria[0].outcome = one.outcome;
    metric.criteria[0].within = one.within;
    metric.criteria[0].rule = one.rule;
    CAPTURE(one.rule, one.tendency);
    CHECK(cells_of(metric, Charset::unicode).tendency == one.tendency);
    CHECK(advice_of(metric) == one.advice);
  }
}

TEST_CASE("values without an interval say so") {
  core::MetricReport metric = failed();
  metric.change->interval.reset();
  metric.change->relative_interval.reset();
  CHECK(cells_of(metric, Charset::unicode).interval == "no interval");
  metric.criteria[0].rule = "above";
  CHECK(cells_of(metric, Charset::unicode).interval == "exact");
  CHECK(cells_of(broken(), Charset::unicode).brief == "pagerduty: 401 Unauthorized");
  CHECK(cells_of(broken(), Charset::unicode).after == "–");
  CHECK_FALSE(needs_sentence(broken()));
  CHECK_FALSE(needs_sentence(pending()));
  CHECK_FALSE(needs_sentence(failed()));
  core::MetricReport thin = broken();
  thin.evidence = core::Evidence::thin;
  CHECK(needs_sentence(thin));
}

TEST_CASE("the trend has the release in its middle") {
  core::MetricReport metric = failed();
  CHECK(sparkline(metric, 4, Charset::unicode) == "▁▁▁▁┃████");
  CHECK(sparkline(metric, 4, Charset::ascii) == "....|####");
  metric.candidate_series.values[7] = metric.candidate_series.values[6] = std::nan("");
  metric.candidate_series.times.resize(1);
  CHECK(sparkline(metric, 4, Charset::unicode).empty());
}

TEST_CASE("windows say their day when it is not today") {
  const core::Time noon(std::chrono::seconds(1773748800));  // 2026-03-17T12:00:00Z
  const auto hours = [](int count) { return std::chrono::hours(count); };
  CHECK(window_text({noon, noon + hours(1)}, noon) == "12:00–13:00");
  CHECK(window_text({noon - hours(24), noon - hours(23)}, noon) == "16 Mar 12:00–13:00");
  CHECK(window_text({noon - hours(24), noon}, noon) == "16 Mar 12:00–17 Mar 12:00");
  CHECK(window_text({noon - hours(24 * 365), noon}, noon) == "17 Mar 2025 12:00–17 Mar 12:00");
}

TEST_CASE("when and who") {
  core::Report report = report_of({failed()}, Verdict::fail);
  CHECK(when_text(report) == "before 11:34–12:04, after 12:09–12:34 UTC");
  report.previous_version = "1.41.0";
  CHECK(when_text(report) == "1.41.0 → 1.42.0 · before 11:34–12:04, after 12:09–12:34 UTC");
  report.metrics[0].baseline->window = report.metrics[0].candidate->window;
  CHECK(when_text(report) == "1.41.0 → 1.42.0 · both 12:09–12:34 UTC");
  report.metrics.clear();
  CHECK(when_text(report) == "1.41.0 → 1.42.0");
  CHECK(who(report) == "checkout-api 1.42.0");
  CHECK(full_headline(report) == "p99 latency +31 % (limit +10 %), at least +24 % at 95 %");
  CHECK(interval_level(report) == "90 %");
}
