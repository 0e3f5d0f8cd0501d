// What the formats for machines do to text from outside. That their readers take them is tests/formats/test_checkers.py's to
// show.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/csv.h"
#include "report/junit.h"
#include "report/openmetrics.h"
#include "report/sarif.h"
#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("two cases of one name stay two") {
  const std::string text = to_junit(report_of({failed(), failed(), failed()}, Verdict::fail));
  CHECK(has(text, R"x(name="latency: increase_over 10% (fail)" )x"));
  CHECK(has(text, R"x(name="latency: increase_over 10% (fail) #2" )x"));
  CHECK(has(text, R"x(name="latency: increase_over 10% (fail) #3" )x"));
}

TEST_CASE("the text of a result begins with its sentence") {
  const std::string sentence = "p99 latency got worse since the release. Next: hold or roll back.";
  const std::string text = to_junit(report_of({failed(), with_verdict(Verdict::inconclusive, "cpu")}, Verdict::fail));
  CHECK(has(text, "<failure message=\"" + sentence + "\" type=\"fail\">" + sentence + "\nbaseline value: latency\n"));
  CHECK(has(text, "<skipped message=\"" + sentence + "\">" + sentence + "\n"));
  core::MetricReport shown = with_verdict(Verdict::skipped, "shown");
  shown.criteria.clear();
  shown.deciding.reset();
  shown.headline.clear();
  CHECK(has(to_junit(report_of({shown}, Verdict::pass)), "<skipped message=\"Not judged: there is no bound.\">"));
}

TEST_CASE("a message of SARIF holds no link and no placeholder") {
  struct Case {
    const char* title;
    const char* text;
  };
  const std::vector<Case> cases = {
      {"[x](1)", R"(\[x\](1))"},
      {"[x](https://y)", R"(\[x\](https://y))"},
      {"p99 [pod=a] (s)", "p99 [pod=a] (s)"},
      {"{0} and {12}", "{{0}} and {{12}}"},
      {"up{job=\"a\"} {} {x}", "up{job=\"a\"} {} {x}"},
      {"{1", "{1"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.title);
    core::MetricReport metric = failed();
    metric.title = one.title;
    const auto document = nlohmann::json::parse(to_sarif(report_of({metric}, Verdict::fail)));
    const std::string text = document["runs"][0]["results"][0]["message"]["text"];
    CHECK(text.starts_with(std::string(one.text) + ": limit +10 %. "));
  }
}

TEST_CASE("labels keep names apart, and hold nothing that GitLab cuts or splits at") {
  struct Case {
    const char* id;
    const char* label;
  };
  const std::vector<Case> cases = {
      {"latency[pod=a_b]", "latency[pod=a_b]"},
      {"latency[pod=a b]", "latency[pod=a%20b]"},
      {"a#b", "a%23b"},
      {"a\"b", "a%22b"},
      {"a'b`c", "a%27b%60c"},
      {"a\\b", "a%5Cb"},
      {"50%", "50%25"},
      {"a\nb", "a%5Cnb"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.id);
    core::MetricReport metric = failed();
    metric.id = one.id;
    metric.unit.symbol = "%";
    CHECK(has(to_openmetrics(report_of({metric}, Verdict::fail)),
              "release_gate_value{metric=\"" + std::string(one.label) + "\",side=\"candidate\",unit=\"%\"} 0.409\n"));
  }
}

TEST_CASE("no cell of a spreadsheet is a formula") {
  struct Case {
    const char* title;
    const char* cell;
  };
  const std::vector<Case> cases = {
      {"=1+1", ",'=1+1,"},   {"@SUM(1)", ",'@SUM(1),"}, {"-2", ",'-2,"},       {"+x", ",'+x,"},
      {"  =1", ",  '=1,"},   {"a;=1", ",a;'=1,"},       {"a; -1", ",a; '-1,"}, {"＝1", ",'＝1,"},
      {"\t=1", ",\\x09=1,"}, {"a=b+c", ",a=b+c,"},      {"−2.7", ",−2.7,"},    {"=\"a\",b", ",\"'=\"\"a\"\",b\","},
  };
  for (const Case& one : cases) {
    CAPTURE(one.title);
    core::MetricReport metric = failed();
    metric.title = one.title;
    CHECK(has(to_csv(report_of({metric}, Verdict::fail)), one.cell));
  }
}
