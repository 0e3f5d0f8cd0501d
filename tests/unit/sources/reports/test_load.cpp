// JMeter, Locust and k6.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "report_asking.h"

namespace gate::sources::reports {
namespace {

using file::text_node;

/// As JMeter 5 writes it: a transaction, a failed request, a message with a comma.
constexpr std::string_view kCsv =
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes\n"
    "1773749040000,100,GET /cart,200,OK,users 1-1,text,true,,155\n"
    "1773749040500,300,GET /cart,500,\"Internal, Server Error\",users 1-1,text,false,,179\n"
    "1773749041000,200,POST /pay,200,OK,users 1-2,text,true,,155\n"
    "1773749040000,600,checkout,200,\"Number of samples in transaction : 3, number of failing samples : 1\",users "
    "1-1,,false,,0\n"
    "1773749041600,400,POST /pay,Non HTTP response code: java.net.ConnectException,x,users 1-2,text,false,,0\n";

std::string one(const std::string& type, std::string_view text, const std::string& measure, Members query = {}) {
  Asked asked(type, {});
  asked.file("f", text);
  return asked.measure(measure, std::move(query));
}

const std::string kLeftOut = " (1 transactions left out, whose requests are counted)";

TEST_CASE("JMeter: response times by nearest rank, errors, throughput between first start and last end") {
  const std::pair<const char*, const char*> table[] = {
      {"requests", "4"}, {"errors", "2"}, {"error_rate", "50"}, {"mean", "250"},   {"min", "100"},      {"median", "200"},
      {"p90", "400"},    {"p95", "400"},  {"max", "400"},       {"duration", "2"}, {"throughput", "2"}, {"apdex", "0.5"}};
  for (const auto& [measure, expected] : table) {
    CAPTURE(measure);
    CHECK(one("jmeter", kCsv, measure) == expected + kLeftOut);
  }
  CHECK(one("jmeter", kCsv, "apdex", {{"threshold", text_node("100ms")}}) == "0.375" + kLeftOut);
  CHECK(one("jmeter", kCsv, "max", {{"label", text_node("GET /cart")}}) == "300" + kLeftOut);
  CHECK(one("jmeter", kCsv, "max", {{"label", text_node("GET /card")}}) ==
        "none: no request is called \"GET /card\"; did you mean \"GET /cart\"?" + kLeftOut);
  Asked asked("jmeter", {});
  asked.file("f", kCsv);
  core::Question question = asked.question("error_rate");
  question.each = "label";
  CHECK(asked.ask(std::move(question)) == "GET /cart=50 POST /pay=50" + kLeftOut);
  CHECK(asked.at == file::at("2026-03-17T12:04:02Z"));
}

TEST_CASE("JMeter: the nearest rank is a value that was measured") {
  std::string text = "timeStamp,elapsed,label,success\n";
  for (int i = 1; i <= 200; ++i) text += std::to_string(1773749040000 + i) + "," + std::to_string(i) + ",a,true\n";
  CHECK(one("jmeter", text, "median") == "100");
  CHECK(one("jmeter", text, "p95") == "190");
  CHECK(one("jmeter", text, "p99") == "198");
  CHECK(one("jmeter", text, "p999") == "200");
}

TEST_CASE("JMeter: files without a header have its usual columns, other delimiters are seen") {
  CHECK(
      one("jmeter",
          "1773749040000,64,GET /,200,OK,users 1-1,text,true,155,2,2,64\n1773749040000,70,GET /,200,OK,u,text,false,1,2,2,6\n",
          "mean") == "67");
  CHECK(one("jmeter", "1773749040000,64,GET /,200,OK,users 1-1,text,true,,155,10,2,2,http://x/,64,0,1\n", "mean") == "64");
  CHECK(one("jmeter", "timeStamp;elapsed;label;success\n1773749040000;64;a,b;true\n", "mean") == "64");
  CHECK(one("jmeter", "1773749040000,64,GET /\n", "mean")
            .starts_with("RG1503 ci: f: it has no header, and 3 columns, which are not JMeter's usual ones"));
}

TEST_CASE("JMeter XML: redirects and images belong to their request, transactions are opened") {
  constexpr std::string_view kXml = R"(<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<httpSample t="100" lt="90" ts="1773749040000" s="true" lb="GET /" rc="200" rm="OK" tn="users 1-1" dt="text" by="155">
 <httpSample t="40" ts="1773749040000" s="true" lb="GET /-0" rc="302"/><httpSample t="60" ts="1773749040040" s="false" lb="GET /-1" rc="200"/>
 <assertionResult><name>a</name><failure>false</failure></assertionResult>
</httpSample>
<sample t="300" ts="1773749041000" s="false" lb="checkout" rc="" rm="Number of samples in transaction : 2, number of failing samples : 1">
 <httpSample t="200" ts="1773749041000" s="true" lb="POST /pay" rc="200"><responseHeader class="java.lang.String">x</responseHeader></httpSample>
 <httpSample t="100" ts="1773749041200" s="false" lb="GET /thanks" rc="500"/>
</sample>
</testResults>
)";
  CHECK(one("jmeter", kXml, "requests") == "3" + kLeftOut);
  CHECK(one("jmeter", kXml, "errors") == "1" + kLeftOut);
  CHECK(one("jmeter", kXml, "max") == "200" + kLeftOut);
  CHECK(one("jmeter", kXml, "duration") == "1.3" + kLeftOut);
}

TEST_CASE("JMeter: what cannot be meant is an error with its line, and no request is no data") {
  const std::string header = "timeStamp,elapsed,label,success\n";
  const std::pair<std::string, std::string_view> table[] = {
      {header, "none: no request was made"},
      {"", "RG1503 ci: f: it is empty"},
      {header + "2026/03/17 12:04:00.000,1,a,true\n",
       "RG1504 ci: f:2: `timeStamp` is \"2026/03/17 12:04:00.000\", which is no time in milliseconds / set jmeter.save"},
      {header + "1773749040000,-1,a,true\n", "RG1504 ci: f:2: `elapsed` is \"-1\""},
      {header + "1773749040000,99999999999999,a,true\n", "RG1504 ci: f:2: `elapsed` is \"99999999999999\""},
      {header + "1773749040000,1e3,a,true\n", "RG1504 ci: f:2: `elapsed` is \"1e3\""},
      {header + "1773749040000,1,a,yes\n", "RG1504 ci: f:2: `success` is \"yes\", neither true nor false"},
      {header + "1773749040000,1,a,true\n" + header, "RG1504 ci: f:3: a second header: two runs were written to one file"},
      {header + "1773749040000,1,a,true\n1773749040", "RG1504 ci: f:3: it has 1 field, the header has 4"},
      {header + "1773749040000,1,\"a,true\n", "RG1504 ci: f:2: a quoted field is not closed"},
      {"timeStamp,elapsed,label\n", "RG1503 ci: f: it has no column `success`"},
      {"<testResults><httpSample t='1' ts='1773749040000' s='true' lb='a'/>",
       "RG1503 ci: f:1:68: it is not XML: no element found"},
      {"<testResults><httpSample t='x' ts='1773749040000' s='true' lb='a'/></testResults>",
       "RG1504 ci: f:1:14: `elapsed` is \"x\""},
      {"<html/>", "RG1503 ci: f:1:1: it is no result file of JMeter's: its root is `html`"},
      {header + "1773749040000,0,a,true\n", "none: all requests are of one moment"},
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK_THAT(one("jmeter", text, "throughput"), Catch::StartsWith(std::string(expected)));
  }
}

constexpr std::string_view kStats =
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response "
    "Time,Average "
    "Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\n"
    "GET,/cart,100,4,43,43.25,41.5,47.0,12.1,10.5,0.4,43,44,44,44,44,45,46,47,47,47,47\n"
    "GET,/idle,0,0,0,0,0,0,0,0,0,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A\n"
    ",Aggregated,100,4,43,43.25,41.5,47.0,12.1,10.5,0.4,43,44,44,44,44,45,46,47,47,47,47\n";
constexpr std::string_view kHistory =
    "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request "
    "Count\n"
    "1773749040,0,,Aggregated,0,0,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,0\n"
    "1773749041,5,GET,/cart,0,0,0,0,0,0,0,900,0,0,0,0,0,8\n"
    "1773749041,5,,Aggregated,0,0,0,0,0,0,0,140,0,0,0,0,0,8\n"
    "1773749042,7,,Aggregated,0,0,0,0,0,0,0,120,0,0,0,0,0,8\n";
constexpr std::string_view kFailures =
    "Method,Name,Error,Occurrences\nGET,/cart,\"HTTPError('500, x')\",3\nGET,/cart,Timeout,1\n";

TEST_CASE("Locust: the statistics of the whole run, the peaks of its history, its failures") {
  Asked asked("locust", {{"path", text_node("load_*.csv")}});
  asked.file("load_stats.csv", kStats).file("load_stats_history.csv", kHistory).file("load_failures.csv", kFailures);
  asked.file("load_exceptions.csv", "Count,Message,Traceback,Nodes\r\n");
  const std::pair<const char*, const char*> table[] = {
      {"requests", "100"},
      {"errors", "4"},
      {"error_rate", "4"},
      {"p95", "45"},
      {"p99", "47"},
      {"median", "43"},
      {"mean", "43.25"},
      {"throughput", "10.5"},
      {"peak_users", "7 (the history ends after 8 of 100 requests: Locust writes it every ten seconds)"},
      {"peak_p95", "140 (the history ends after 8 of 100 requests: Locust writes it every ten seconds)"},
      {"exceptions", "0"},
      {"failure_kinds", "2 (3 × /cart: HTTPError('500, x')) (1 × /cart: Timeout)"}};
  for (const auto& [measure, expected] : table) {
    CAPTURE(measure);
    CHECK(asked.measure(measure) == expected);
  }
  CHECK(asked.at == file::at("2026-03-17T12:04:02Z"));
  CHECK(asked.measure("p95", {{"name", text_node("/idle")}}) == "none: no request was made");
  CHECK(asked.measure("p95", {{"name", text_node("/card")}}) == "none: no row is called \"/card\"");
  core::Question question = asked.question("p95");
  question.each = "name";
  CHECK(asked.ask(std::move(question)) == "/cart=45");
}

TEST_CASE("Locust: errors of the script itself are counted, and said whatever is asked") {
  Asked asked("locust", {{"path", text_node("load_*.csv")}});
  asked.file("load_stats.csv", kStats)
      .file("load_exceptions.csv",
            "Count,Message,Traceback,Nodes\r\n2,'NoneType',\"File \"\"a.py\"\",\nline 7\",local\r\n1,x,y,local\r\n");
  const std::string notes = " (2 × the script of the load test threw 'NoneType') (1 × the script of the load test threw x)";
  CHECK(asked.measure("exceptions") == "3" + notes);
  CHECK(asked.measure("requests") == "100" + notes);
  CHECK(one("locust", kStats, "exceptions") == "none: no PREFIX_exceptions.csv is among the files");
  CHECK(mistakes("locust", {{"path", text_node("a")}, {"measure", text_node("exceptions")}, {"name", text_node("/cart")}}) ==
        std::vector<std::string>{"RG1506 `name` is not read with measure = \"exceptions\": they are of no request"});
}

TEST_CASE("Locust: the most frequent failures are named, the others counted") {
  std::string text = "Method,Name,Error,Occurrences\n";
  for (int i = 1; i <= 7; ++i) text += fmt::format("GET,/{},Timeout,{}\n", i, i);
  CHECK(one("locust", text, "failure_kinds") ==
        "7 (7 × /7: Timeout) (6 × /6: Timeout) (5 × /5: Timeout) (4 × /4: Timeout) (3 × /3: Timeout) (and 2 more)");
}

TEST_CASE("Locust: the peaks of one request, and a history that was not written to the end") {
  CHECK(one("locust", kHistory, "peak_p95", {{"name", text_node("/cart")}}) == "900");
  CHECK(one("locust", kHistory, "peak_p95", {{"name", text_node("Aggregated")}}) == "140");
  CHECK(one("locust", kHistory, "peak_p95", {{"name", text_node("/card")}}) ==
        "none: no row of the history is called \"/card\"; locust --csv-full-history writes a row for each request");
  std::string all(kHistory);
  all.erase(all.find("1773749041,5,GET"), std::string_view("1773749041,5,GET,/cart,0,0,0,0,0,0,0,900,0,0,0,0,0,8\n").size());
  CHECK(one("locust", all, "peak_p95") ==
        "140 (each moment of this history looks back to the start; with --csv-full-history, ten seconds)");
  CHECK(one("locust", all, "peak_users") == "7");
  const std::string_view first = kHistory.substr(0, kHistory.find("1773749041"));
  CHECK(one("locust", first, "peak_users") ==
        "none: the history ends before the first request: Locust writes it every ten seconds");
}

TEST_CASE("Locust: one name of two methods") {
  const std::string both(kStats);
  const std::string text = both.substr(0, both.find(",Aggregated")) +
                           "POST,/cart,50,5,83,83,81,87,12,5,0.5,83,84,84,84,84,85,86,87,87,87,87\n" +
                           both.substr(both.find(",Aggregated"));
  const auto asked = [&](Members query) { return one("locust", text, "p95", std::move(query)); };
  CHECK_THAT(
      asked({{"name", text_node("/cart")}}),
      Catch::StartsWith("RG1504 /cart: several rows are meant, and figures of requests cannot be put together / say which:"));
  CHECK(asked({{"name", text_node("/cart")}, {"request_type", text_node("POST")}}) == "85");
  CHECK(asked({{"name", text_node("/cart")}, {"request_type", text_node("GET")}}) == "45");
  CHECK(asked({{"name", text_node("/cart")}, {"request_type", text_node("PUT")}}) ==
        "none: no row is called \"/cart\" and of PUT");
  CHECK(asked({{"request_type", text_node("PUT")}}) == "none: no row is of PUT");
  CHECK(asked({}) == "45");
  CHECK(one("locust", kFailures, "failure_kinds", {{"request_type", text_node("POST")}}) == "0");
}

TEST_CASE("Locust: a file that is not there, or that no Locust wrote") {
  const std::string stats(kStats);
  const auto with = [&](std::string_view from, std::string_view to) {
    return std::string(stats).replace(stats.rfind(from), from.size(), to);
  };
  CHECK(one("locust", kHistory, "p95") == "none: no PREFIX_stats.csv with a request is among the files");
  CHECK(one("locust", kStats, "peak_p95") == "none: no PREFIX_stats_history.csv is among the files");
  CHECK(one("locust", kStats, "failure_kinds") == "none: no PREFIX_failures.csv is among the files");
  CHECK_THAT(one("locust", "a,b\n", "p95"), Catch::StartsWith("RG1503 ci: f: its header is none of Locust's"));
  CHECK_THAT(one("locust", with("Aggregated,100,4", "Aggregated,100,401"), "error_rate"),
             Catch::StartsWith("RG1504 Aggregated: more requests failed than there were"));
  CHECK_THAT(one("locust", with("10.5", "1e999"), "p95"), Catch::StartsWith("RG1504 ci: f:4: `Requests/s` is \"1e999\""));
  CHECK_THAT(one("locust", "Type,Name,Request Count\n", "p95"), Catch::StartsWith("none: no PREFIX_stats.csv"));
  Asked two("locust", {{"path", text_node("*.csv")}});
  two.file("a.csv", kStats).file("b.csv", kStats);
  CHECK_THAT(two.measure("p95"), Catch::StartsWith("RG1504 ci: b.csv: it is of another run"));
}

/// As --summary-export writes it, where a threshold is true when it was crossed.
constexpr std::string_view kExport = R"json({"root_group":{"name":""},"metrics":{
"http_req_duration":{"avg":120.5,"min":10,"med":100,"max":900,"p(90)" : 200,
                           "p(95)" : 250.25, "thresholds" : {
  "p(95)<200" : true, "avg<500" : false
}
}
,
    "http_req_duration{expected_response:true}"
    : {"avg" : 100, "min" : 10, "med" : 90, "max" : 400, "p(90)" : 150, "p(95)" : 180},
      "http_reqs" : {"count" : 800, "rate" : 79.5},
                    "http_req_failed" : {"passes" : 34, "fails" : 766, "value" : 0.0425},
                                        "checks" : {"passes" : 790, "fails" : 10, "value" : 0.9875},
                                                   "iterations" : {"count" : 400, "rate" : 39.7},
                                                                  "vus" : {
  "value" : 5, "min" : 5, "max" : 5
}
}
})json";
/// The same as handleSummary() gets it.
constexpr std::string_view kHandled = R"json({"state":{"testRunDurationMs":10050},"metrics":{
"http_req_duration":{"type":"trend","contains":"time","values":{"avg":120.5,"med":100,"p(95)":250.25
}
, "thresholds" : {
  "p(95)<200" : {"ok" : false}, "avg<500" : {
    "ok" : true
  }
}
}
, "http_req_failed" : {"type" : "rate", "contains" : "default", "values" : {"rate" : 0.0425, "passes" : 34, "fails" : 766}},
                      "http_reqs" : {
  "type" : "counter", "contains" : "default", "values" : {
    "count" : 800, "rate" : 79.5
  }
}
}
})json";

TEST_CASE("k6: both forms of the summary say the same") {
  for (const std::string_view text : {kExport, kHandled}) {
    CHECK(one("k6", text, "p95") == "250.25");
    CHECK(one("k6", text, "mean") == "120.5");
    CHECK(one("k6", text, "error_rate") == "4.25");
    CHECK(one("k6", text, "throughput") == "79.5");
    CHECK(one("k6", text, "requests") == "800");
    CHECK(one("k6", text, "thresholds_crossed") == "1 (crossed: http_req_duration p(95)<200)");
    CHECK_THAT(one("k6", text, "p99"),
               Catch::StartsWith("none: `http_req_duration` has no `p(99)`; k6 writes it with --summary-trend-stats"));
  }
  CHECK(one("k6", kExport, "check_rate") == "98.75");
  CHECK(one("k6", kExport, "p95", {{"name", text_node("http_req_duration{expected_response:true}")}}) == "180");
  CHECK(one("k6", kExport, "statistic", {{"name", text_node("vus")}, {"statistic", text_node("max")}}) == "5");
}

TEST_CASE("k6: what is missing is no data, and what is no summary is an error") {
  CHECK(one("k6", kHandled, "check_rate") == "none: the run has no metric `checks`");
  CHECK(one("k6", R"({"metrics":{"http_req_failed":{"passes":0,"fails":0,"value":0}}})", "error_rate") ==
        "none: nothing was counted by `http_req_failed`");
  CHECK(one("k6", R"({"metrics":{}})", "thresholds_crossed") == "none: the run had no thresholds");
  CHECK_THAT(one("k6", "{}", "p95"), Catch::StartsWith("RG1503 ci: f: it is no summary of k6: it has no `metrics`"));
  CHECK_THAT(one("k6", R"({"metrics":{"x":7}})", "p95"), Catch::StartsWith("RG1504 ci: f#/metrics/x: it is not an object"));
  CHECK_THAT(one("k6", R"({"metrics":{"x":{"thresholds":{"a<1":"no"}}}})", "p95"),
             Catch::StartsWith("RG1504 ci: f#/metrics/x/thresholds/a<1: it is not true or false"));
  Asked two("k6", {{"path", text_node("*.json")}});
  two.file("a.json", kExport).file("b.json", kExport);
  CHECK_THAT(two.measure("p95"), Catch::StartsWith("RG1504 ci: b.json: it is a second summary"));
  using Texts = std::vector<std::string>;
  CHECK(mistakes("k6", {{"path", text_node("a")}, {"measure", text_node("statistic")}}) ==
        Texts{"RG1506 `measure = \"statistic\"` needs `name` and `statistic`"});
  CHECK(mistakes("jmeter", {{"path", text_node("a")}, {"measure", text_node("p95")}, {"threshold", text_node("1s")}}) ==
        Texts{"RG1506 `threshold` is only read with measure = \"apdex\""});
}

}  // namespace
}  // namespace gate::sources::reports
