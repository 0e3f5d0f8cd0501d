#include <catch2/catch.hpp>

#include "sources/sonarqube/decode.h"
#include "sources/sonarqube/report_task.h"

using namespace gate;
using namespace gate::sources::sonarqube;

namespace {

std::string all_of(const std::string& measures) {
  const auto decoded = decode_measures(R"({"component":{"measures":[)" + measures + "]}}");
  if (!decoded) return decoded.error().code;
  std::string out;
  for (const Measure& one : *decoded) out += (out.empty() ? "" : " ") + one.metric + "=" + one.value;
  return out;
}

}  // namespace

TEST_CASE("the value of a measure stands where its kind of metric has it") {
  struct Row {
    const char* measure;
    const char* value;
  };
  for (const Row& row :
       {Row{R"({"metric":"coverage","value":"81.2"})", "coverage=81.2"},
        Row{R"({"metric":"coverage","value":"81.2","period":{"value":"0.7"}})", "coverage=81.2"},
        Row{R"({"metric":"new_coverage","period":{"value":"71.4"}})", "new_coverage=71.4"},
        Row{R"({"metric":"new_coverage","value":"9","period":{"value":"71.4"}})", "new_coverage=71.4"},
        Row{R"({"metric":"new_coverage","periods":[{"index":1,"value":"71.4"}]})", "new_coverage=71.4"},
        Row{R"({"metric":"new_coverage","value":"71.4"})", "new_coverage=71.4"},
        Row{R"({"metric":"new_coverage","periods":[]})", ""}, Row{R"({"metric":"coverage"})", ""},
        Row{R"({"metric":"coverage","value":81.2})", "RG1801"},
        Row{R"({"metric":"new_coverage","period":{"value":1}})", "RG1801"}, Row{"1", "RG1801"}, Row{"null", "RG1801"}}) {
    INFO(row.measure);
    CHECK(all_of(row.measure) == row.value);
  }
}

TEST_CASE("what is no answer of SonarQube's is an error and never fewer measures") {
  for (const char* body :
       {"", "{", "[]", "null", R"({"component":{}})", R"({"component":{"measures":{}}})", R"({"component":[]})",
        R"({"component":{"measures":[{"metric":"coverage","value":"81.2"}])", "{\"component\":{\"measures\":[\"\xff\"]}}"}) {
    INFO(body);
    const auto decoded = decode_measures(body);
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.error().code == "RG1801");
  }
  for (const char* body :
       {"", R"({"measures":[]})", R"({"paging":{"total":1}})", R"({"paging":{"total":"1"},"measures":[]})",
        R"({"paging":{"total":-1},"measures":[]})", R"({"paging":{"total":10000000},"measures":[]})",
        R"({"paging":{"total":1},"measures":[{"metric":"coverage"}]})",
        R"({"paging":{"total":1},"measures":[{"metric":"coverage","history":[{"date":"now","value":"1"}]}]})",
        R"({"paging":{"total":1},"measures":[{"metric":"coverage","history":[1]}]})"}) {
    INFO(body);
    const auto decoded = decode_history(body, "coverage");
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.error().code == "RG1801");
  }
  for (const char* body : {"", "[]", R"({"projectStatus":[]})", R"({"projectStatus":{}})", R"({"projectStatus":{"status":1}})"})
    CHECK(decode_quality_gate(body).error().code == "RG1801");
  for (const char* body : {"", R"({"task":[]})", R"({"task":{}})", R"({"status":"SUCCESS"})"})
    CHECK(decode_task(body).error().code == "RG1801");
  for (const char* body : {"", R"({"component":{"analysisDate":"today"}})", R"({"project":{}})"})
    CHECK(decode_analysis_date(body).error().code == "RG1801");
  for (const char* body : {"", R"({"valid":"true"})", "{}"}) CHECK(decode_valid(body).error().code == "RG1801");
}

TEST_CASE("only numbers and booleans are numbers") {
  struct Row {
    const char* value;
    double number;
  };
  for (const Row& row :
       {Row{"12", 12}, Row{"82.5", 82.5}, Row{"-1", -1}, Row{"1e3", 1000}, Row{"true", 1}, Row{"false", 0}, Row{"5.0", 5}})
    CHECK(*number_of({"m", row.value}) == row.number);
  for (const char* value : {"", "OK", "1 2", "0x10", "12%", "java=100;xml=2"}) {
    INFO(value);
    CHECK(number_of({"m", value}).error().code == "RG1802");
  }
  CHECK(number_of({"alert_status", "ERROR"}).error().hint == "ask for the quality gate: quality_gate = true");
}

TEST_CASE("times have offsets without a colon") {
  CHECK(core::format_time(*parse_sonar_time("2023-05-25T10:34:25+0200")) == "2023-05-25T08:34:25Z");
  CHECK(core::format_time(*parse_sonar_time("2023-05-25T10:34:25-0930")) == "2023-05-25T20:04:25Z");
  CHECK(core::format_time(*parse_sonar_time("2023-05-25T10:34:25+00:00")) == "2023-05-25T10:34:25Z");
  CHECK(core::format_time(*parse_sonar_time("2023-05-25T10:34:25Z")) == "2023-05-25T10:34:25Z");
  for (const char* wrong : {"", "2023-05-25", "10:34", "2023-05-25T10:34:25", "-0200"})
    CHECK_FALSE(parse_sonar_time(wrong).ok());
}

TEST_CASE("the state of a quality gate, and what decided") {
  struct Row {
    const char* body;
    core::State::Level level;
    const char* reason;
  };
  using Level = core::State::Level;
  for (
      const Row& row :
      {Row{R"({"status":"OK","conditions":[{"status":"OK","metricKey":"new_violations","comparator":"GT","errorThreshold":"5","actualValue":"3"}]})",
           Level::ok, ""},
       Row{R"({"status":"ERROR","conditions":[{"status":"ERROR","metricKey":"new_coverage","comparator":"LT","errorThreshold":"80","actualValue":"71.4"}]})",
           Level::error, "new_coverage is 71.4, at least 80"},
       Row{R"({"status":"WARN","conditions":[{"status":"WARN","metricKey":"bugs","comparator":"GT","errorThreshold":"0"}]})",
           Level::warning, "bugs is not measured, at most 0"},
       Row{R"({"status":"NONE"})", Level::none, ""}, Row{R"({"status":"SOMETHING_NEW"})", Level::none, ""},
       Row{R"({"status":"ERROR","conditions":[{"status":"ERROR","metricKey":"new_security_rating","comparator":"GT","errorThreshold":"1","actualValue":"4"}]})",
           Level::error, "new_security_rating is D, at most A"}}) {
    INFO(row.body);
    const auto gate = decode_quality_gate(std::string(R"({"projectStatus":)") + row.body + "}");
    REQUIRE(gate.ok());
    CHECK(gate->state.level == row.level);
    CHECK(gate->state.reason == row.reason);
  }
}

TEST_CASE("a 404 names the keys that are not known") {
  CHECK(unknown_metrics(R"({"errors":[{"msg":"The following metric keys are not found: a, b_c"}]})") ==
        std::vector<std::string>{"a", "b_c"});
  CHECK(unknown_metrics(R"({"errors":[{"msg":"Component key 'x' not found"}]})").empty());
  CHECK(unknown_metrics("<html>").empty());
}

TEST_CASE("the report of the scanner is read key by key") {
  struct Row {
    const char* text;
    const char* task;
  };
  for (const Row& row : {Row{"ceTaskId=AY1\nprojectKey=p\n", "AY1"}, Row{"ceTaskId=AY1\r\nprojectKey=p\r\n", "AY1"},
                         Row{"ceTaskUrl=http://x/api/ce/task?id=AY2\n", "AY2"}, Row{"projectKey=p\n", ""}, Row{"", ""}}) {
    INFO(row.text);
    const auto task = parse_report_task(row.text, "report-task.txt");
    CHECK((task ? task->task : "") == row.task);
    if (!task) CHECK(task.error().code == "RG1804");
  }
}
