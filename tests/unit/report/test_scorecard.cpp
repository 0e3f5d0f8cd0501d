#include "report/scorecard.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "reports.h"

namespace gate::report {
namespace {

using core::Verdict;
using test::broken;
using test::failed;
using test::pending;
using test::report_of;
using test::with_verdict;

core::Report scorecard_report() {
  core::Report report = report_of(
      {failed(), with_verdict(Verdict::pass, "memory"), pending(), with_verdict(Verdict::pass, "own")}, Verdict::fail);
  report.categories = {{"adoption", report.metrics[2].verdict, 2, 1, 0, 0, {}},
                       {"performance", Verdict::fail, 0, 2, 1, 0, {}},
                       {"security", Verdict::skipped, std::nullopt, 0, 0, 0, {}},
                       {"support", Verdict::skipped, std::nullopt, 1, 0, 0, {}},
                       {"", Verdict::pass, 3, 1, 1, 0, {}}};
  return report;
}

TEST_CASE("a line of the scorecard has the verdict, what decided it and how sure that is") {
  const core::Report report = scorecard_report();
  const std::vector<ScorecardLine> lines = scorecard_lines(report, Charset::unicode);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].pending);
  CHECK(lines[0].word == "PENDING");
  CHECK(lines[0].judged == "0 of 1 judged");
  CHECK(lines[1].name == "Performance");
  CHECK(lines[1].number == 2);
  CHECK(lines[1].question == "As fast, with as few errors as before?");
  CHECK(lines[1].word == "FAIL");
  CHECK(lines[1].reason == "p99 latency +31 %, limit +10 %");
  CHECK(lines[1].sure == "+24 to +39 %");
  CHECK(lines[1].judged == "1 of 2 judged");
  CHECK(lines[1].deciding == &report.metrics[0]);
  CHECK(lines[2].deciding == nullptr);
  CHECK(lines[2].absence == "not in this gate");
  CHECK(lines[3].absence == "nothing was judged");
  CHECK(lines[4].name == "Without a category");
  CHECK_FALSE(lines[4].number.has_value());
  CHECK(lines[4].question.empty());
  CHECK(lines[4].judged == "1 metric");
}

TEST_CASE("the scorecard as text") {
  const std::string text = to_scorecard(scorecard_report());
  CHECK(text.find("  Performance         ✗  FAIL           p99 latency +31 %, limit +10 % (+24 to +39 %) · 1 of 2 judged\n") !=
        std::string::npos);
  CHECK(text.find("  Security            –  not measured   not in this gate\n") != std::string::npos);
  CHECK(text.find("\n  in brackets: where the change lies, with 90 % certainty\n") != std::string::npos);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    CHECK(display_width(text.substr(at, end - at)) <= 120);
    at = end + 1;
  }
}

TEST_CASE("what waits names its limit as a limit, and the day on which it is judged") {
  core::MetricReport velocity = pending("velocity");
  CHECK(standing_text(velocity) == "p99 velocity, limit +10 %, due 24 Mar 12:04 UTC");
  velocity.criteria[0].goal = core::GoalReport{};
  velocity.criteria[0].limit = "≥ 8 % after 14 d";
  CHECK(standing_text(velocity) == "p99 velocity, goal ≥ 8 % after 14 d, due 24 Mar 12:04 UTC");

  core::Report report = report_of({velocity}, Verdict::inconclusive);
  report.metrics[0].category = "delivery";
  for (const auto& [due, text] :
       {std::pair(velocity.due, "due 24 Mar 12:04 UTC"), std::pair(std::optional(report.now), "due 12:50 UTC")}) {
    report.metrics[0].verdict = Verdict::skipped;
    report.metrics[0].criteria[0].due = due;
    report.categories = {{"delivery", Verdict::skipped, std::nullopt, 0, 0, 1, {}}};
    const ScorecardLine line = scorecard_lines(report, Charset::unicode).at(0);
    REQUIRE(line.waiting.size() == 1);
    CHECK(line.waiting[0].text == std::string("p99 velocity, goal ≥ 8 % after 14 d, ") + text);
  }
}

TEST_CASE("what is not proven says so, and what is proven does not") {
  core::MetricReport metric = with_verdict(Verdict::warn, "errors");
  CHECK(standing_text(metric) == "p99 errors +31 %, limit +10 %, not proven");
  core::Report report = report_of({metric}, Verdict::warn);
  report.categories = {{"reliability", Verdict::warn, 0, 1, 1, 0, {}}};
  const std::string legend = "  not proven: the change may lie within its limit or beyond it\n";
  CHECK(to_scorecard(report).ends_with(legend));
  report.metrics[0].criteria[0].outcome = core::Outcome::violated;
  CHECK(standing_text(report.metrics[0]) == "p99 errors +31 %, limit +10 %");
  CHECK(to_scorecard(report).find("not proven") == std::string::npos);
}

TEST_CASE("the headline of the scorecard has the reason and what to do next") {
  CHECK(to_scorecard(report_of({failed()}, Verdict::fail))
            .starts_with("✗ FAIL  checkout-api 1.42.0: p99 latency +31 % (limit +10 %), at least +24 % at 95 %\n"
                         "  → hold or roll back\n"
                         "  as of 17 Mar 2026 12:50 UTC · before 11:34–12:04, after 12:09–12:34 UTC\n"));
  core::Report differ = report_of({failed(), with_verdict(Verdict::pass, "memory")}, Verdict::fail);
  differ.metrics[1].baseline->window->start -= std::chrono::hours(24);
  differ.next.clear();
  differ.headline = std::string(70, 'a') + " " + std::string(40, 'b');
  CHECK(to_scorecard(differ).find(std::string(70, 'a') + "\n        " + std::string(40, 'b') +
                                  ", at least +24 % at 95 %\n  as of 17 Mar 2026 12:50 UTC · windows differ by metric\n") !=
        std::string::npos);
}

TEST_CASE("a change of nothing is told by the value that stayed") {
  core::MetricReport metric = with_verdict(Verdict::pass, "conversion");
  metric.change->relative = 0.0;
  metric.candidate->value = 0.312;
  CHECK(standing_text(metric) == "p99 conversion unchanged (312 ms), limit +10 %");
  metric.candidate->value = 0.313;
  CHECK(standing_text(metric) == "p99 conversion 312 → 313 ms, limit +10 %");
  metric.baseline->value.reset();
  CHECK(standing_text(metric) == "p99 conversion 0 %, limit +10 %");
}

TEST_CASE("what was not judged is named, with its evidence") {
  core::MetricReport thin = broken("replies");
  thin.verdict = Verdict::inconclusive;
  thin.evidence = core::Evidence::thin;
  core::Report report = report_of({failed(), broken("crashes"), thin, pending(), broken("d")}, Verdict::fail);
  const auto judged = [&](std::size_t deciding) {
    report.categories = {{"", Verdict::fail, deciding, 5, 1, 0, {}}};
    return scorecard_lines(report, Charset::unicode).at(0).judged;
  };
  CHECK(judged(0) == "1 of 5 judged; not: p99 crashes (error), p99 replies (thin), p99 adoption (pending) and 1 more");
  report.metrics = {failed(), thin};
  CHECK(judged(0) == "1 of 5 judged; not: p99 replies (thin)");
  CHECK(judged(1) == "1 of 5 judged");
}

TEST_CASE("text from outside stays in its line of the scorecard") {
  core::Report report = report_of({failed("evil")}, Verdict::fail);
  report.metrics[0].title = "a\x1b[2Jb\n::error::x";
  report.gate_name = "g\nh";
  report.categories = {{"x\ny", Verdict::fail, 0, 1, 1, 0, {}}};
  const std::string text = to_scorecard(report);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\n::error::") == std::string::npos);
  CHECK(text.find("\nh") == std::string::npos);
  CHECK(text.find("\ny") == std::string::npos);
}

}  // namespace
}  // namespace gate::report
