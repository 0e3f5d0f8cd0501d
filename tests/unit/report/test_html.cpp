#include "report/html.h"

#include <catch2/catch.hpp>

#include "report/html_metric.h"
#include "report/html_text.h"
#include "report/layout.h"
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

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Between the first `begin` and the next `end`.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  REQUIRE(from != std::string::npos);
  const std::size_t at = from + begin.size();
  return text.substr(at, text.find(end, at) - at);
}

}  // namespace

TEST_CASE("the policy hash is what browsers compute") {
  // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
  CHECK(policy_hash("alert(1)") == "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=");
}

TEST_CASE("only addresses of the web are linked") {
  for (const char* url : {"https://prom.example/graph?g0.expr=a%20b&g0.tab=0", "http://[::1]:9090/"}) CHECK(is_web_url(url));
  for (const char* url : {"javascript:alert(1)", "data:text/html,x", "//evil.example", "HTTPS:", "https://a b", "https://a\"b",
                          "https://a'b", "https://a<b", "https://a\n", "https://a\u202eb", "ftp://a", ""})
    CHECK_FALSE(is_web_url(url));
}

TEST_CASE("fragments, capitals and several lines") {
  CHECK(fragment_of("latency_p99{a=\"b c\"}") == "latency_p99-a--b-c--");
  CHECK(capitalised("hold") == "Hold");
  CHECK(capitalised("ñ") == "ñ");
  CHECK(capitalised("").empty());
  CHECK(shown_lines("a\n\tb\x1b[0m\n").string_value() == "a\n\tb\\x1b[0m\n");
  CHECK(prose("+10 % and +5 ms").string_value() == "+10\u00A0% and +5\u00A0ms");
}

TEST_CASE("the page has its own style and script, by their hashes, and nothing else") {
  const std::string page = to_html(report_of({failed()}, Verdict::fail));
  const std::string policy = between(page, "Content-Security-Policy\" content=\"", "\"");
  CHECK(has(policy, "default-src 'none'"));
  CHECK(has(policy, "style-src '" + policy_hash(between(page, "<style>", "</style>")) + "'"));
  CHECK(has(policy, "script-src '" + policy_hash(between(page, "<script>", "</script>")) + "'"));
  CHECK_FALSE(has(policy, "unsafe"));
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "<style") == 1);
  CHECK(count(page, " style=") == 0);
  CHECK(count(page, "src=") == 0);
  CHECK(count(page, "{{") == 0);
}

TEST_CASE("the verdict with its reason, how sure it is, what else fails, and what to do") {
  core::Report report = report_of({failed(), failed("cpu"), broken()}, Verdict::fail);
  const std::string page = to_html(report);
  CHECK(has(page, "<title>FAIL · checkout-api 1.42.0 · release-gate</title>"));
  CHECK(between(page, "<h1>", "</h1>") == "p99 latency +31\u00A0% (limit\u00A0+10\u00A0%)");
  CHECK(between(page, "<p class=\"lede\">", "</p>") ==
        "The change is at\u00A0least\u00A0+24\u00A0% at\u00A095\u00A0%. Also failing: p99 cpu. Could not be asked: p99 "
        "incidents. "
        "<b>Hold or roll back.</b>");
  report.override_ = core::Override{"agreed with support", "somebody"};
  CHECK(has(to_html(report), "<b>Overridden by somebody:</b> agreed with support"));
}

TEST_CASE("what needs an eye has a card, what passes a row, what was skipped neither") {
  core::MetricReport optional = with_verdict(Verdict::pass, "memory");
  optional.required = false;
  const std::string page = to_html(
      report_of({optional, failed(), with_verdict(Verdict::skipped, "later"), with_verdict(Verdict::warn, "errors"), pending()},
                Verdict::fail));
  CHECK(count(page, "<article class=\"card ") == 3);
  CHECK(page.find("card fail") < page.find("card pending"));
  CHECK(page.find("card pending") < page.find("card warn"));
  CHECK(count(page, "<details class=\"row pass\" id=\"metric-memory\">") == 1);
  CHECK(count(page, "<details class=\"row none\" id=\"metric-later\">") == 1);
  CHECK(count(page, "<nav class=\"marks\"") == 1);
  CHECK(has(page, "href=\"#metric-latency\" title=\"FAIL: p99 latency\""));
  CHECK(has(page, "<small>prom</small>"));
}

TEST_CASE("metrics of one name have anchors of their own") {
  const std::string page = to_html(report_of({failed("a b"), failed("a.b")}, Verdict::fail));
  CHECK(count(page, "id=\"metric-a-b\"") == 1);
  CHECK(count(page, "id=\"metric-a-b-2\"") == 1);
}

TEST_CASE("the scorecard names what decides, and what was not measured") {
  core::Report report = report_of({failed(), with_verdict(Verdict::pass, "memory")}, Verdict::fail);
  core::CategoryReport performance{"performance", Verdict::fail, 0, 2, 1, 0, {}};
  core::CategoryReport cost{"cost", Verdict::pass, 1, 1, 1, 0, {}};
  report.categories = {performance,
                       {"security", Verdict::skipped, std::nullopt, 0, 0, 0, {}},
                       {"support", Verdict::skipped, std::nullopt, 1, 0, 0, {}},
                       cost};
  report.categories.back().name = "";
  const std::string page = to_html(report);
  const std::string table = between(page, "<table class=\"score\">", "</table>");
  CHECK(count(table, "<tr class=\"none\">") == 2);
  CHECK(has(table, "<a href=\"#metric-latency\">p99 latency +31\u00A0%, limit +10\u00A0%</a>"));
  CHECK(has(table, "+24 to +39\u00A0%<small>1 of 2 judged</small>"));
  CHECK(has(table, "not in this gate"));
  CHECK(has(table, "nothing was judged"));
  CHECK(has(table, "Without a category"));
  CHECK(has(table, "As fast, with as few errors as before?"));
  CHECK(count(to_html(report_of({failed()}, Verdict::fail)), "<table class=\"score\">") == 0);
}

TEST_CASE("the windows of one metric are not shown as those of all") {
  core::Report report = report_of({failed(), with_verdict(Verdict::pass, "memory")}, Verdict::fail);
  const std::string differ = "differ by metric";
  const std::string page = to_html(report);
  CHECK(page.find("<dt>After</dt>") != std::string::npos);
  CHECK(page.find(differ) == std::string::npos);
  report.metrics[1].candidate->window->start += std::chrono::minutes(5);
  const std::string other = to_html(report);
  CHECK(other.find("<dt>Windows</dt><dd>" + differ) != std::string::npos);
  CHECK(other.find("They differ by metric, and each metric names its own.") != std::string::npos);
}

TEST_CASE("text from outside is text") {
  const std::string evil = "<script>x</script>\"'&{{{style}}}";
  core::MetricReport metric = failed("evil");
  metric.title = metric.source = metric.category = metric.headline = metric.next = evil;
  metric.queries = {{"value", "candidate", evil + "\n::error::x"}};
  metric.notes = {evil};
  metric.requests = {{"GET", "http://x/?" + evil, 200, 1, 3.0}};
  metric.graph_url = "javascript:x";
  metric.link = "https://x/\"onclick=";
  metric.criteria[0].reason = metric.criteria[0].limit = evil;
  core::MetricReport lost = broken("lost");
  lost.error->context = {evil};
  core::Report report = report_of({metric, lost}, Verdict::fail);
  report.headline = report.gate_name = report.release_version = evil;
  report.override_ = core::Override{evil, evil};
  report.notes = {evil};
  report.errors = {core::Error{"RG1", evil, evil, {}, {}}};
  report.sources = {{evil, evil, evil}};
  report.categories = {{evil, Verdict::fail, 0, 1, 1, 0, {}}};
  const std::string page = to_html(report);
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "javascript:") == 0);
  CHECK(count(page, "onclick=") == 0);
  CHECK(count(page, "\n::error::") == 0);
  CHECK(has(page, "&lt;script&gt;x&lt;/script&gt;&quot;"));
}

TEST_CASE("queries of both sides are shown once, requests that look the same in one line") {
  core::MetricReport metric = failed();
  metric.requests = {
      {"POST", "http://p/q", 200, 1, 3.0}, {"POST", "http://p/q", 200, 1, 8.0}, {"POST", "http://p/q", 0, 3, 1.0}};
  const std::string page = to_html(report_of({metric}, Verdict::fail));
  CHECK(count(page, "<p>value, both sides</p><pre><code>latency</code></pre>") == 1);
  CHECK(has(page, "<code>POST http://p/q</code> <small>2 times</small></td><td>200</td><td>8\u00A0ms</td>"));
  CHECK(has(page, "<td>no answer, 3 attempts</td>"));
}

TEST_CASE("a page of very many series draws those that need an eye, and says so") {
  std::vector<core::MetricReport> metrics;
  for (int i = 0; i < 300; ++i) metrics.push_back(with_verdict(Verdict::pass, "m" + std::to_string(i)));
  metrics.push_back(failed("last"));
  const std::string page = to_html(report_of(metrics, Verdict::fail));
  CHECK(count(page, "class=\"chart series\"") == 250);
  CHECK(has(between(page, "id=\"metric-last\"", "</article>"), "class=\"chart series\""));
  CHECK(has(page, "Charts are drawn of the first 250 of 301 metrics"));
}

TEST_CASE("a report without a metric is a page, too") {
  core::Report report = report_of({}, Verdict::inconclusive);
  report.headline = "no metric was judged";
  const std::string page = to_html(report);
  CHECK(has(page, "<h1>no metric was judged</h1>"));
  CHECK_FALSE(has(page, "<nav"));
  CHECK(count(page, "<article") == 0);
}
