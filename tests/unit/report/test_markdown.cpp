#include "report/markdown.h"

#include <catch2/catch.hpp>

#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

TEST_CASE("a comment begins with its marker and its verdict") {
  const std::string text = to_markdown(report_of({failed(), broken(), with_verdict(Verdict::pass, "memory")}, Verdict::fail));
  CHECK(text.starts_with(
      "<!-- release-gate:checkout-api -->\n"
      "### ✗ FAIL: p99 latency +31 % (limit +10 %), checkout-api 1.42.0\n"
      "**Hold or roll back.** The change is at least +24 % at 95 %. 1 fail, 1 error, 1 pass.\n"
      "Compared: before 11:34–12:04, after 12:09–12:34 UTC\n"
      "\n"
      "| | metric | before → after | change, 90 % interval | limit | trend |\n"
      "|:-:|:--|--:|:--|--:|:--|\n"
      "| ✗ | **p99 latency** | 312 → 409\u00A0ms | **+31\u00A0%** [+24,\u00A0+39] worse | +10\u00A0% | ▁▁▁▁▁▁┃██████ |\n"
      "| ! | **p99 incidents** | – | pagerduty: 401 Unauthorized | – |  |\n"));
  CHECK(count(text, "<details>") == 3);
  CHECK(count(text, "</details>") == 3);
  CHECK(count(text, "<details><summary>1 pass</summary>\n\n") == 1);
}

TEST_CASE("what to do is told once a metric, with the question to paste") {
  core::MetricReport moved = failed("memory");
  moved.headline = "Looks worse, not proven.";
  moved.queries = {{"value", "baseline", "memory{v=\"1\"}"}, {"value", "candidate", "memory{v=\"2\"}"}};
  core::MetricReport share = failed("errors");
  share.queries = {{"events", "baseline", "bad"}, {"events", "candidate", "bad"}, {"total", "candidate", "all | any"}};
  const std::string text = to_markdown(report_of({failed(), moved, share}, Verdict::fail));
  CHECK(count(text,
              "- **p99 latency** got worse since the release. → hold or roll back · [graph](https://prom/graph?q=1)\n"
              "  - query: `latency`\n"
              "- **p99 memory**: Looks worse, not proven. → hold or roll back · [graph](https://prom/graph?q=1)\n"
              "  - baseline query: `memory{v=\"1\"}`\n"
              "  - candidate query: `memory{v=\"2\"}`\n") == 1);
  CHECK(count(text, "  - events: `bad`\n  - total: `all | any`\n") == 1);
}

TEST_CASE("a source that is down is told once for all of its metrics") {
  std::vector<core::MetricReport> metrics;
  for (int i = 0; i < 7; ++i) metrics.push_back(broken("m" + std::to_string(i)));
  metrics.push_back(broken("other"));
  metrics.back().error->message = "datadog: 403";
  const std::string text = to_markdown(report_of(metrics, Verdict::error));
  CHECK(
      count(
          text,
          "- **p99 m0**, **p99 m1**, **p99 m2**, **p99 m3**, **p99 m4** and 2 more: Could not ask pagerduty: 401 Unauthorized. "
          "Says nothing about the release. → renew PAGERDUTY_TOKEN; run again\n  - `GET https://api`\n") == 1);
  CHECK(count(text, "- **p99 other**: Could not ask") == 1);
  CHECK(count(text, "<summary>What to do, graphs (8)</summary>") == 1);
}

TEST_CASE("windows that are the same are told once") {
  core::MetricReport longer = failed("week");
  longer.candidate->window->end += std::chrono::hours(1);
  longer.notes = {"1. step raised", "# no heading"};
  const std::string text = to_markdown(report_of({failed(), failed("memory"), longer}, Verdict::fail));
  CHECK(
      count(text,
            "- Windows, unless a line names others: before [2026-03-17T11:34:00Z, 2026-03-17T12:04:00Z), 30 min; "
            "after [2026-03-17T12:09:00Z, 2026-03-17T12:34:00Z), 25 min\n"
            "- **p99 latency** from prom: 120 samples before; 100 samples after, 2 left out, worth 61 and 58 independent ones; "
            "mean-long-run-variance\n") == 1);
  CHECK(count(text,
              "mean-long-run-variance; before [2026-03-17T11:34:00Z, 2026-03-17T12:04:00Z), 30 min; "
              "after [2026-03-17T12:09:00Z, 2026-03-17T13:34:00Z), 1 h 25 min\n"
              "  - 1\\. step raised\n"
              "  - \\# no heading\n") == 1);
}

TEST_CASE("what was judged is bold: the change, or the value itself") {
  core::MetricReport value = failed("coverage");
  value.criteria[0].rule = "below";
  value.criteria[0].limit = "≥ 500 ms";
  CHECK(count(to_markdown(report_of({value}, Verdict::fail)),
              "| ✗ | **p99 coverage** | 312 → **409\u00A0ms** | +31\u00A0% [+24,\u00A0+39] worse | ≥\u00A0500\u00A0ms |") == 1);
  value.baseline.reset();
  value.change.reset();
  CHECK(count(to_markdown(report_of({value}, Verdict::fail)), "| **409\u00A0ms** | exact | ≥\u00A0500\u00A0ms |") == 1);
}

TEST_CASE("what has no baseline is new, and no change of any per cent") {
  core::MetricReport metric = with_verdict(Verdict::warn, "pod");
  metric.baseline->value.reset();
  metric.change.reset();
  metric.criteria[0].outcome = core::Outcome::not_evaluated;
  metric.brief = "new series";
  const std::string text = to_markdown(report_of({metric}, Verdict::warn));
  CHECK(count(text, "| ▲ | **p99 pod** | 409\u00A0ms | new series | – |") == 1);
}

TEST_CASE("a table without one trend has no column for it") {
  core::MetricReport metric = failed();
  metric.candidate_series = {};
  const std::string text = to_markdown(report_of({metric}, Verdict::fail));
  CHECK(count(text, "| change, 90 % interval | limit |\n|:-:|:--|--:|:--|--:|\n") == 1);
  CHECK(count(text, "| +10\u00A0% |\n") == 1);
}

TEST_CASE("what no metric is to blame for stands in the comment") {
  core::Report report = report_of({with_verdict(Verdict::pass, "memory")}, Verdict::error);
  report.errors.assign(7, core::Error{"RG1", "the *clock* is wrong", "set it", {}, {}});
  report.next = "repair the clock";
  const std::string text = to_markdown(report);
  CHECK(count(text, "\n**Not a verdict on the release:** repair the clock. The") == 0);
  CHECK(count(text, "\n**Not a verdict on the release:** repair the clock. 1 pass.\n") == 1);
  CHECK(count(text, "\n! the \\*\u200Bclock\\* is wrong. → set it\n") == 5);
  CHECK(count(text, "\nplus 2 more errors\n") == 1);
}

TEST_CASE("an override is in the comment") {
  core::Report report = report_of({failed()}, Verdict::fail);
  report.override_ = core::Override{"cold @cache", "ada"};
  report.exit_code = 0;
  report.would_exit = 1;
  report.replay = "evidence/7f|3a";
  const std::string text = to_markdown(report);
  CHECK(count(text, "**Overridden** by ada: cold @\u200Bcache\n") == 1);
  CHECK(count(text,
              "exit 0 (would be 1) · 0.31 s · release-gate 0.1.0 · replay: `release-gate check --replay evidence/7f|3a`\n") ==
        1);
}
