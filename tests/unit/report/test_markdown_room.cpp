// How long a comment may be, and what is left out of it first.
#include <catch2/catch.hpp>

#include "report/markdown.h"
#include "report/markdown_text.h"
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

/// As long as the two limits allow, with the room for what is added when it is published.
bool fits(const std::string& text) {
  return count_characters(text) + kRoomForHistory <= kMostCommentCharacters &&
         text.size() + kRoomForHistory <= kMostCommentBytes;
}

/// `fail` failing metrics, then `open` inconclusive, then `pass` passing ones, with titles and links of some length.
core::Report many(int fail, int open, int pass, std::size_t title, std::size_t link) {
  std::vector<core::MetricReport> metrics;
  for (int i = 0; i < fail + open + pass; ++i) {
    const Verdict verdict = i < fail ? Verdict::fail : i < fail + open ? Verdict::inconclusive : Verdict::pass;
    metrics.push_back(with_verdict(verdict, std::to_string(i) + " " + std::string(title, 'n')));
    metrics.back().graph_url = "https://prom/graph?q=" + std::string(link, 'x');
  }
  return report_of(metrics, Verdict::fail);
}

}  // namespace

TEST_CASE("a comment is cut in the order of what is missed least") {
  // Longer and longer links take the room of one part after the other.
  std::vector<bool> seen(5);
  for (std::size_t link = 0; link < 800; link += 10) {
    CAPTURE(link);
    const std::string text = to_markdown(many(40, 40, 120, 60, link));
    const std::size_t passing_rows = count(text, "\n| ✓ |");
    const std::size_t measured = count(text, " from prom: 120 samples before");
    const std::size_t advised = count(text, " → hold or roll back · ");
    const bool trends = count(text, "| limit | trend |") > 0;
    CHECK(fits(text));
    CHECK(count(text, "\n| ✗ |") == 40);
    CHECK(count(text, "\n| ? |") == 40);
    // Each part is there only when the whole of the one before it is.
    CHECK((measured <= 80 || passing_rows == 120));
    CHECK((passing_rows == 0 || trends));
    CHECK((!trends || measured >= 80));
    CHECK((measured == 0 || advised == 80));
    const std::size_t stage = advised < 80 ? 4 : measured < 80 ? 3 : !trends ? 2 : passing_rows < 120 ? 1 : 0;
    seen[stage] = true;
  }
  CHECK(seen == std::vector<bool>(5, true));
  // Only then do rows go that do not fail, and at last the ends of titles.
  const std::string rows = to_markdown(many(200, 40, 60, 150, 100));
  CHECK(count(rows, "\n| ✗ |") == 200);
  CHECK(count(rows, "\n| ? |") > 0);
  CHECK(count(rows, "\n| ? |") < 40);
}

TEST_CASE("a count says what is missing") {
  const std::string text = to_markdown(many(12, 63, 125, 40, 700));
  CHECK(count(text, "12 fail, 63 inconclusive, 125 pass.") == 1);
  CHECK(count(text, "\n| ✗ |") == 12);
  CHECK(count(text, "\n| ? |") == kMostOtherRows);
  CHECK(count(text, "\nplus 23 inconclusive in the full report\n") == 1);
  const std::size_t passing = count(text, "\n| ✓ |");
  CHECK(count(text, "<summary>125 pass, " + std::to_string(passing) + " of them here</summary>") == 1);
  CHECK(count(text, "\nplus " + std::to_string(125 - passing) + " pass in the full report\n") == 1);
  CHECK(count(to_markdown(many(40, 40, 120, 60, 700)), "\n\nplus 120 pass in the full report\n\n") == 1);
}

TEST_CASE("two hundred failing metrics with titles of any length are all there") {
  for (const std::size_t title : {10, 100, 290, 5000}) {
    CAPTURE(title);
    core::Report report = many(200, 0, 0, title, 250);
    for (core::MetricReport& metric : report.metrics) metric.title += "|||&1&2<<<>>>@a#1";
    const std::string text = to_markdown(report);
    CHECK(fits(text));
    CHECK(count(text, "\n| ✗ | **p99 ") == 200);
    CHECK(count(text, " in the full report\n\n<details>") == 0);
  }
}

TEST_CASE("nothing makes a comment too long") {
  for (const char* piece : {"|", "*", "<", "&1", "##[", "😀", "▁", "\x1b", ":a:"}) {
    CAPTURE(piece);
    std::string flood;
    for (int i = 0; i < 150; ++i) flood += piece;
    std::vector<core::MetricReport> metrics;
    for (int i = 0; i < 300; ++i) {
      metrics.push_back(i % 3 == 0 ? broken(flood) : failed(flood));
      metrics.back().headline = metrics.back().next = metrics.back().brief = flood;
      metrics.back().source = flood;
      metrics.back().notes.assign(20, flood);
      metrics.back().queries.assign(20, {"value", "candidate", flood});
      metrics.back().criteria[0].limit = flood;
    }
    core::Report report = report_of(metrics, Verdict::fail);
    report.gate_name = report.headline = report.release_version = report.previous_version = report.replay = flood;
    report.override_ = core::Override{flood, flood};
    report.errors.assign(100, core::Error{"RG1", flood, flood, {}, {}});
    report.notes.assign(100, flood);
    const std::string text = to_markdown(report);
    CHECK(fits(text));
    CHECK(text.starts_with("<!-- release-gate:"));
    CHECK(count(text, "in the full report\n") >= 1);
  }
}
