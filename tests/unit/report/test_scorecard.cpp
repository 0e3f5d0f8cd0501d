#include "report/scorecard.h"

#include <catch2/catch.hpp>

#include "reports.h"

namespace gate::report {
namespace {

using core::Verdict;
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
