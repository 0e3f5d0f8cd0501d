#include "publish/history.h"

#include <catch2/catch.hpp>

#include "publish/comment.h"
#include "report/markdown_text.h"

using namespace gate::publish;
namespace core = gate::core;

namespace {

PastRun run(const std::string& word, int number, const std::string& commit = "9f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4") {
  std::string key = std::to_string(number);
  return {word, commit, std::string(16 - key.size(), '0') + key};
}

core::Report report_with(core::Verdict verdict) {
  core::Report report;
  report.gate_name = "checkout-api";
  report.verdict = verdict;
  report.headline = "all 12 metrics shown to be within their limits";
  report.exit_code = verdict == core::Verdict::pass ? 0 : 1;
  return report;
}

}  // namespace

TEST_CASE("the line of earlier runs") {
  History history = with_run(with_run(with_run({}, run("pass", 1)), run("pass", 2)), run("fail", 3));
  CHECK(history_line(history, "https://ci.test/1") ==
        "run 3: FAIL ← PASS ← PASS · `9f2c1ab` · [full report](https://ci.test/1)");
  CHECK(history_line(history, "") == "run 3: FAIL ← PASS ← PASS · `9f2c1ab`");
  CHECK(history_line(history, "javascript:alert(1)") == "run 3: FAIL ← PASS ← PASS · `9f2c1ab`");
  CHECK(history_line(with_run({}, run("warn", 1, "")), "") == "run 1: WARN");
  CHECK(history_line({}, "https://ci.test/1") == "[full report](https://ci.test/1)");
  CHECK(history_line({}, "").empty());
  for (int i = 4; i < 9; ++i) history = with_run(history, run("fail", i));
  CHECK(history_line(history, "") == "run 8: FAIL ← FAIL ← FAIL ← FAIL ← FAIL ← … · `9f2c1ab`");
}

TEST_CASE("a run is counted once") {
  const History twice = with_run(with_run({}, run("fail", 1)), run("fail", 1));
  CHECK(twice.runs == 1);
  CHECK(twice.latest_first.size() == 1);
  const History again = with_run(with_run(twice, run("pass", 2)), run("fail", 1));
  CHECK(again.runs == 2);
  CHECK(again.latest_first.front().word == "fail");
}

TEST_CASE("the state is read back, and is bounded") {
  History history;
  for (int i = 0; i < 1000; ++i) history = with_run(history, run("inconclusive", i, std::string(64, 'a')));
  CHECK(history.runs == 1000);
  CHECK(history.latest_first.size() == kKeptRuns);
  const std::string state = history_state(history);
  CHECK(state.size() + history_line(history, "https://ci.test/" + std::string(560, 'x')).size() + 10 <= kMostHistoryBytes);
  const History back = read_history("text\n" + state + "\r\n\n");
  CHECK(history_state(back) == state);
}

TEST_CASE("what is not exactly of the form of a state is none") {
  const std::string key = " pass:-:0123456789abcdef";
  CHECK(read_history("<!-- release-gate-runs 1" + key + " -->").runs == 1);
  for (const std::string& bad : std::vector<std::string>{
           "", "<!-- release-gate-runs 1", "<!-- release-gate-runs  -->", "<!-- release-gate-runs x" + key + " -->",
           "<!-- release-gate-runs 1" + key + " --> more", "a <!-- release-gate-runs 1" + key + " -->",
           "<!-- release-gate-runs 1" + key + " -->\nmore", "<!-- release-gate-runs 1  " + key + " -->",
           "<!-- release-gate-runs 1 great:-:0123456789abcdef -->", "<!-- release-gate-runs 1 pass:abc:0123456789abcdef -->",
           "<!-- release-gate-runs 1 pass:-:0123456789ABCDEF -->", "<!-- release-gate-runs 1 pass:-:0123456789abcdef:x -->",
           "<!-- release-gate-runs 18446744073709551616" + key + " -->"}) {
    CAPTURE(bad);
    CHECK(read_history(bad).latest_first.empty());
    CHECK(read_history(bad).runs == 0);
  }
}

TEST_CASE("a run is told apart by its report, and only a commit is one") {
  core::Report report = report_with(core::Verdict::fail);
  const std::string key = report_key(report);
  CHECK(key.size() == 16);
  CHECK(report_key(report) == key);
  report.duration = core::Duration(1);
  CHECK(report_key(report) != key);
  CHECK(run_of(report, "9F2C1AB4D5E6F708192A3B4C5D6E7F8091A2B3C4").commit == "9f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4");
  CHECK(run_of(report, "main` @all").commit.empty());
  CHECK(run_of(report, "").word == "fail");
}

TEST_CASE("comments: long, short, and the summary of a step") {
  const History history = with_run({}, run("pass", 1));
  const core::Report pass = report_with(core::Verdict::pass);
  const std::string quiet = comment_text(pass, history, "", CommentMode::quiet);
  CHECK(
      quiet ==
      "<!-- release-gate:checkout-api -->\n### ✓ PASS: all 12 metrics shown to be within their limits, checkout-api\n\nrun 1: "
      "PASS · `9f2c1ab`\n\n" +
          history_state(history) + "\n");
  CHECK(comment_text(pass, history, "", CommentMode::always).find("exit 0") != std::string::npos);
  CHECK(comment_text(report_with(core::Verdict::fail), history, "", CommentMode::quiet).find("exit 1") != std::string::npos);
  CHECK(
      summary_text(pass, {}, "", "No comment.").starts_with("> No comment.\n\n<!-- release-gate:checkout-api -->\n### ✓ PASS"));
  CHECK(summary_text(pass, history, "", "").ends_with("\nrun 1: PASS · `9f2c1ab`\n"));
}

TEST_CASE("a comment of the gate begins with its marker") {
  CHECK(has_marker("<!-- release-gate:a -->\r\nx", "a"));
  CHECK(has_marker("<!-- release-gate:a -->", "a"));
  for (const char* other : {"<!-- release-gate:ab -->\n", "x <!-- release-gate:a -->\n", "<!-- release-gate:a --> x", ""}) {
    CAPTURE(other);
    CHECK_FALSE(has_marker(other, "a"));
  }
  CHECK(same_text("a\r\nb\r\n", "a\nb"));
  CHECK_FALSE(same_text("a\nb", "a\n b"));
}
