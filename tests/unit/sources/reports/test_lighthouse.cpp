#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "report_asking.h"

namespace gate::sources::reports {
namespace {

using file::text_node;

struct Page {
  std::string url = "https://shop.example/";
  double fcp = 1000;
  double tti = 2000;
  double lcp = 1500;
  std::string performance = "0.9";
  std::string trouble{};
  std::string form = "mobile";
};

/// As Lighthouse 12 writes it.
std::string report(const Page& page) {
  return fmt::format(
      R"({{"lighthouseVersion":"12.6.1","requestedUrl":"{}","fetchTime":"2026-03-17T12:01:00.000Z",{}
"configSettings":{{"formFactor":"{}"}},
"categories":{{"performance":{{"id":"performance","score":{}}},"best-practices":{{"score":1}}}},
"audits":{{"first-contentful-paint":{{"numericValue":{},"numericUnit":"millisecond"}},
"interactive":{{"numericValue":{},"numericUnit":"millisecond"}},
"largest-contentful-paint":{{"numericValue":{},"numericUnit":"millisecond"}},
"unminified-css":{{"numericValue":1500,"numericUnit":"millisecond","details":{{"overallSavingsBytes":304019,"overallSavingsMs":1500}}}},
"is-on-https":{{"score":1,"scoreDisplayMode":"binary"}},
"unused-javascript":{{"scoreDisplayMode":"error","errorMessage":"x","numericValue":7,"details":{{"overallSavingsBytes":7}}}}}}}})",
      page.url, page.trouble.empty() ? "" : fmt::format(R"("runtimeError":{{"code":"{}","message":"x"}},)", page.trouble),
      page.form, page.performance, page.fcp, page.tti, page.lcp);
}

std::string measured(const std::vector<Page>& pages, const std::string& measure, Members query = {}) {
  Asked asked("lighthouse", {{"path", text_node("*.json")}});
  for (std::size_t i = 0; i < pages.size(); ++i) asked.file(fmt::format("{}.json", i), report(pages[i]));
  return asked.measure(measure, std::move(query));
}

const std::string kThree = " (median of 3 runs of https://shop.example/ with Lighthouse `12.6.1`, mobile)";

TEST_CASE("each number is the median over the runs of its page") {
  const std::vector<Page> pages = {{.fcp = 1000, .tti = 3000, .lcp = 1500},
                                   {.fcp = 1010, .tti = 2000, .lcp = 1900, .performance = "0.95"},
                                   {.fcp = 2000, .tti = 2010, .lcp = 1400, .performance = "0.5"}};
  CHECK(measured(pages, "lcp") == "1500" + kThree);
  CHECK(measured(pages, "fcp") == "1010" + kThree);
  CHECK(measured(pages, "performance") == "90" + kThree);
  CHECK(measured(pages, "best_practices") == "100" + kThree);
  CHECK(measured(pages, "audit", {{"audit", text_node("interactive")}}) ==
        "2010 (median of 3 runs of https://shop.example/ with Lighthouse `12.6.1`, mobile, in milliseconds)");
}

TEST_CASE("the median run is the one nearest to the medians of first paint and time to interactive") {
  const std::vector<Page> pages = {{.fcp = 1000, .tti = 3000, .lcp = 1500},
                                   {.fcp = 1010, .tti = 2000, .lcp = 1900},
                                   {.fcp = 2000, .tti = 2010, .lcp = 1400}};
  CHECK_THAT(measured(pages, "lcp", {{"run", text_node("median-run")}}), Catch::StartsWith("1900 (the median run of 3 runs"));
}

TEST_CASE("of runs that are as near, the median run is the one that was interactive first") {
  // Lighthouse 12.8's computeMedianRun says the second: 640, 640 and 650, 650 are each 10 ms from the medians 640 and 650.
  const std::vector<Page> pages = {
      {.fcp = 650, .tti = 650, .lcp = 1500}, {.fcp = 640, .tti = 640, .lcp = 1900}, {.fcp = 630, .tti = 690, .lcp = 1400}};
  CHECK_THAT(measured(pages, "lcp", {{"run", text_node("median-run")}}), Catch::StartsWith("1900 (the median run of 3 runs"));
}

TEST_CASE("what an audit would save is in bytes, its number in the unit that Lighthouse says") {
  const auto asked = [](const std::string& measure, std::string_view audit) {
    return measured({{}}, measure, {{"audit", text_node(std::string(audit))}});
  };
  CHECK_THAT(asked("savings", "interactive"), Catch::StartsWith("none: 0 of 1 runs"));
  CHECK_THAT(asked("savings", "unminified-css"), Catch::StartsWith("304019 (median of 1 run"));
  CHECK_THAT(asked("audit", "unminified-css"),
             Catch::StartsWith("1500 (median of 1 run") && Catch::Contains(", in milliseconds;"));
  CHECK_THAT(asked("savings", "unused-javascript"), Catch::StartsWith("none: 0 of 1 runs"));
}

TEST_CASE("a manifest names the reports, and the run that stands for all") {
  Asked asked("lighthouse", {{"path", text_node("ci/manifest.json")}});
  asked.file("ci/a.report.json", report({.lcp = 1}))
      .file("ci/b.report.json", report({.lcp = 2}))
      .file("ci/c.report.json", report({.lcp = 9}));
  asked.file("ci/manifest.json",
             R"([{"url":"https://shop.example/","isRepresentativeRun":false,"jsonPath":"/elsewhere/a.report.json"},
{"isRepresentativeRun":false,"jsonPath":"b.report.json"},{"isRepresentativeRun":true,"jsonPath":"out/c.report.json"}])");
  CHECK(asked.measure("lcp") == "2" + kThree);
  CHECK_THAT(asked.measure("lcp", {{"run", text_node("median-run")}}), Catch::StartsWith("9 (the median run"));
  asked.file("ci/manifest.json", R"([{"isRepresentativeRun":true,"jsonPath":"out/gone.report.json"}])");
  CHECK_THAT(asked.measure("lcp"),
             Catch::StartsWith("RG1504 ci: ci/manifest.json#/0: the report gone.report.json is not beside the manifest"));
  asked.file("ci/manifest.json", R"([{"jsonPath":"out/a.report.json"},{"jsonPath":"out/a.report.json"}])");
  CHECK_THAT(asked.measure("lcp"),
             Catch::Contains("ci/manifest.json#/1: two runs are in one file, ") && Catch::StartsWith("RG1504"));
  asked.file("ci/manifest.json", R"([{"isRepresentativeRun":true}])");
  CHECK_THAT(asked.measure("lcp"), Catch::StartsWith("RG1504 ci: ci/manifest.json#/0: `jsonPath` is missing"));
}

TEST_CASE("failed runs are left out and counted; when all have failed there is no data, not a score of 0") {
  const Page failed{.performance = "null", .trouble = "NO_FCP"};
  CHECK(measured({failed, {}, {}}, "performance") ==
        "90 (1 of 3 runs of https://shop.example/ left out: they failed with `NO_FCP`) (median of 2 runs of "
        "https://shop.example/ "
        "with Lighthouse `12.6.1`, mobile; figures differ from run to run, and fewer than three cannot show by how much)");
  CHECK_THAT(measured({failed}, "performance"),
             Catch::StartsWith("none: 0 of 1 runs of https://shop.example/ can be used, and 1 is needed"));
  CHECK_THAT(measured({{.performance = "null"}}, "performance"), Catch::StartsWith("none: 0 of 1 runs"));
  CHECK_THAT(measured({{}, {}}, "lcp", {{"min_runs", file::number_node(3)}}),
             Catch::StartsWith("none: 2 of 2 runs of https://shop.example/ can be used, and 3 are needed"));
  CHECK_THAT(measured({{}}, "audit", {{"audit", text_node("unused-javascript")}}), Catch::StartsWith("none: 0 of 1 runs"));
  CHECK_THAT(measured({{}}, "accessibility"), Catch::StartsWith("none: 0 of 1 runs"));
}

TEST_CASE("pages and form factors are never put together") {
  const std::vector<Page> pages = {{.url = "https://a/", .lcp = 1}, {.url = "https://b/", .lcp = 2}};
  CHECK_THAT(measured(pages, "lcp"),
             Catch::StartsWith("RG1504 2 pages: the reports are of `https://a/` and `https://b/` / say which is meant: url ="));
  CHECK_THAT(measured(pages, "lcp", {{"url", text_node("https://b/")}}), Catch::StartsWith("2 (median of 1 run of https://b/"));
  CHECK_THAT(measured(pages, "lcp", {{"url", text_node("https://c/")}}), Catch::StartsWith("none: no report is of that page"));
  CHECK_THAT(measured({{.form = "mobile"}, {.form = "desktop"}}, "lcp"),
             Catch::StartsWith("RG1504 form factors: the reports are of `desktop` and `mobile`"));
  Asked asked("lighthouse", {{"path", text_node("*.json")}});
  asked.file("a.json", report(pages[0])).file("b.json", report(pages[1]));
  core::Question question = asked.question("lcp");
  question.each = "url";
  CHECK_THAT(asked.ask(std::move(question)), Catch::StartsWith("https://a/=1 https://b/=2 (median of 1 run"));
}

TEST_CASE("what is no report ends in an error with its place") {
  const std::pair<std::string, std::string_view> table[] = {
      {"{}", "RG1503 ci: f.json: it is neither a report nor a manifest of Lighthouse"},
      {"7", "RG1503 ci: f.json: it is neither"},
      {R"({"lighthouseVersion":"12"})", "RG1504 ci: f.json: `categories` is missing"},
      {R"({"lighthouseVersion":"12","categories":[]})", "RG1504 ci: f.json#/categories: it is not an object"},
      {R"({"lighthouseVersion":"12","categories":{},"audits":{"x":{"numericValue":"7"}}})",
       "RG1504 ci: f.json#/audits/x/numericValue: it is not a number"},
      {R"({"lighthouseVersion":"12","categories":{},"audits":{"x":{"numericValue":1e999}}})",
       "RG1503 ci: f.json: it is not JSON, or it was cut off"},
      {R"({"lighthouseVersion":"12","categories":{)", "RG1503 ci: f.json: it is not JSON, or it was cut off"},
      {std::string(5000, '['), "RG1503 ci: f.json: it is not JSON, or it was cut off"},
      {"[1]", "RG1504 ci: f.json#/0: it is not an object"},
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    Asked asked("lighthouse", {});
    asked.file("f.json", text);
    CHECK_THAT(asked.measure("lcp"), Catch::StartsWith(std::string(expected)));
  }
}

TEST_CASE("a run without what the median run is chosen by is an error") {
  Asked asked("lighthouse", {});
  asked.file("f.json", R"({"lighthouseVersion":"12","requestedUrl":"u","categories":{"seo":{"score":1}},"audits":{}})");
  CHECK_THAT(asked.measure("seo", {{"run", text_node("median-run")}}),
             Catch::StartsWith("RG1504 u: a run has no audit `first-contentful-paint`"));
}

TEST_CASE("keys that cannot be meant") {
  using Texts = std::vector<std::string>;
  const auto wrong = [](Members query) {
    query.emplace_back("path", text_node("a"));
    return mistakes("lighthouse", std::move(query));
  };
  CHECK(wrong({{"measure", text_node("audit")}}) == Texts{"RG1506 `measure = \"audit\"` does not say which"});
  CHECK(wrong({{"measure", text_node("savings")}}) == Texts{"RG1506 `measure = \"savings\"` does not say of which audit"});
  CHECK(wrong({{"measure", text_node("lcp")}, {"audit", text_node("x")}}) ==
        Texts{"RG1506 `audit` is only read with measure = \"audit\" or \"savings\""});
  CHECK(wrong({{"measure", text_node("lcp")}, {"run", text_node("best")}}) == Texts{"RG1506 `run` cannot be \"best\""});
}

}  // namespace
}  // namespace gate::sources::reports
