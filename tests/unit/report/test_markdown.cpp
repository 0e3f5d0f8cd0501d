#include "report/markdown.h"

#include <catch2/catch.hpp>

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

}  // namespace

TEST_CASE("text from outside opens nothing") {
  struct Case {
    const char* text;
    const char* escaped;
  };
  const std::vector<Case> cases = {
      {"a|b", "a\\|b"},
      {"`code`", "\\`code\\`"},
      {"@octocat", "@\u200Boctocat"},
      {"#12", "#\u200B12"},
      {"!7", "\\!7"},
      {"<img src=x>", "&lt;img src=x&gt;"},
      {"a & b", "a &amp; b"},
      {"[x](http://y)", "\\[x\\](http:\u200B//y)"},
      {"www.x.org", "www\u200B.x.org"},
      {"*b* _i_ ~s~", "\\*b\\* \\_i\\_ \\~s\\~"},
      {"two\nlines", "two\\\\nlines"},
      {"\x1b[31m", "\\\\x1b\\[31m"},
      {"+31 % (limit +10 %)", "+31 % (limit +10 %)"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(escaped(one.text) == one.escaped);
  }
  CHECK(escaped(std::string(400, 'a')).size() == 303);
}

TEST_CASE("code spans, links and the marker cannot be left") {
  CHECK(code("up") == "`up`");
  CHECK(code("a`b``c") == "``` a`b``c ```");
  CHECK(web_link("graph", "https://x/y?z=1") == "[graph](https://x/y?z=1)");
  for (const char* bad :
       {"javascript:alert(1)", "https://x/a)b", "https://x/ y", "https://x/<b>", "ftp://x", "", "https://x/\n"})
    CHECK(web_link("graph", bad).empty());
  CHECK(marker("checkout-api") == "<!-- release-gate:checkout-api -->\n");
  CHECK(marker("a --> <b>---") == "<!-- release-gate:a - b- -->\n");
}

TEST_CASE("a comment begins with its marker and its verdict") {
  const std::string text = to_markdown(report_of({failed(), broken(), with_verdict(Verdict::pass, "memory")}, Verdict::fail));
  CHECK(
      text.starts_with("<!-- release-gate:checkout-api -->\n"
                       "### ✗ FAIL: p99 latency +31 % (limit +10 %), checkout-api 1.42.0\n"
                       "**Hold or roll back.** The change is at least +24 % at 95 %. 1 fail, 1 error, 1 pass.\n"
                       "\n"
                       "| | metric | before → after | change, 90 % interval | limit | trend |\n"
                       "|:-:|:--|--:|:--|--:|:--|\n"
                       "| ✗ | **p99 latency** | 312 → 409 ms | **+31 %** [+24, +39] worse | +10 % | ▁▁▁▁▁▁┃██████ |\n"
                       "| ! | **p99 incidents** | – | pagerduty: 401 Unauthorized | – |  |\n"));
  CHECK(count(text, "<details>") == 3);
  CHECK(count(text, "</details>") == 3);
}

TEST_CASE("every row has six cells, whatever the titles are") {
  core::MetricReport metric = failed();
  metric.title = "a | b \\| c";
  metric.criteria[0].limit = "+1|2 %";
  const std::string text = to_markdown(report_of({metric}, Verdict::fail));
  const std::size_t start = text.find("| ✗ |");
  const std::string row = text.substr(start, text.find('\n', start) - start);
  std::size_t bars = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\') {
      ++i;
    } else if (row[i] == '|') {
      ++bars;
    }
  }
  CHECK(bars == 7);
}

TEST_CASE("two hundred metrics fit, and every failing row is there") {
  std::vector<core::MetricReport> metrics;
  for (int i = 0; i < 200; ++i) {
    const Verdict verdict = i < 12 ? Verdict::fail : i < 75 ? Verdict::inconclusive : Verdict::pass;
    metrics.push_back(with_verdict(verdict, "metric number " + std::to_string(i)));
    metrics.back().graph_url = "https://prom/graph?q=" + std::string(250, 'x');
  }
  const std::string text = to_markdown(report_of(metrics, Verdict::fail));
  CHECK(text.size() < kMostMarkdownBytes);
  CHECK(count(text, "\n| ✗ |") == 12);
  CHECK(count(text, "\n| ? |") == kMostOtherRows);
  CHECK(count(text, "\nplus 23 inconclusive in the full report\n") == 1);
  CHECK(count(text, "plus 125 pass in the full report\n") == 1);
  CHECK(count(text, "\n| ✓ |") == 0);
}

TEST_CASE("nothing makes a comment too long") {
  std::vector<core::MetricReport> metrics;
  for (int i = 0; i < 1000; ++i) {
    metrics.push_back(failed(std::string(400, '|') + std::to_string(i)));
    metrics.back().headline = std::string(5000, '*');
    metrics.back().notes.assign(20, std::string(2000, '<'));
  }
  const std::string text = to_markdown(report_of(metrics, Verdict::fail));
  CHECK(text.size() < kMostMarkdownBytes);
  CHECK(count(text, " fail in the full report\n") == 1);
}

TEST_CASE("an override is in the comment") {
  core::Report report = report_of({failed()}, Verdict::fail);
  report.override_ = core::Override{"cold @cache", "ada"};
  report.exit_code = 0;
  report.would_exit = 1;
  const std::string text = to_markdown(report);
  CHECK(count(text, "**Overridden** by ada: cold @\u200Bcache\n") == 1);
  CHECK(count(text, "exit 0 (would be 1) · 0.31 s · release-gate 0.1.0\n") == 1);
}
