// Every recording of Datadog's own tests decodes, or ends in the designed error.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "asking.h"
#include "cassette.h"

namespace gate::sources::datadog {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* given = std::getenv("RELEASE_GATE_PAYLOADS");
  const fs::path root = given != nullptr ? fs::path(given) : fs::path(GATE_SOURCE_DIR) / ".." / "shared" / "payloads";
  return root / "datadog";
}

std::string text_of_file(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The state or the error code and what was said, or the points of the first series.
std::string outcome(const Got& got) {
  if (!got.error.code.empty()) return got.error.code + " " + got.error.message;
  if (got.answer->state) {
    const core::State& state = *got.answer->state;
    const char* levels[] = {"ok", "warning", "error", "none"};
    return std::string(levels[static_cast<int>(state.level)]) + " " + state.word + ": " +
           std::to_string(state.conditions.size());
  }
  if (got.answer->series.empty()) return "no data";
  std::ostringstream text;
  text.precision(15);
  const core::Series& series = got.answer->series.front();
  text << series.values.size() << " points, " << core::format_unix_seconds(series.times.front()) << "=" << series.values.front()
       << " to " << core::format_unix_seconds(series.times.back()) << "=" << series.values.back();
  return text.str();
}

constexpr core::Duration kSecond{1000};
const KeyNodes kQuery = {{"query", text_node("avg:system.cpu.user{*}")}};
const core::Question kRange = metric_question({{"query", text_node("avg:system.cpu.user{*}")}}, Shape::range,
                                              window(1711977600, 1711981200), 5 * kSecond);
const KeyNodes kGate = {{"deployment_gate", table_node({{"service", "my-service"}, {"env", "production"}})}};
const std::string kStarted = R"({"data":{"id":"ID","attributes":{"evaluation_id":"ID"}}})";
const std::string kGates = "/api/v2/deployments/gates/evaluation";

/// A recording, what is asked, and what must come of it. `instead` serves the recorded answer where another would stand.
struct Case {
  std::string file;
  core::Question question;
  std::string expected;
  Api api = Api::v2;
  std::string instead = {};
  std::string started = {};  ///< the id that a deployment gate's evaluation gets, where the recording has none
};

std::vector<Case> cases() {
  const auto monitor = [](const char* id) { return state_question({{"monitor", text_node(id)}}); };
  const core::Question tagged = state_question({{"monitor_tags", list_node({"systemid:splunk"})}});
  const core::Question gate = state_question(kGate);
  const core::Question slo = metric_question({{"slo", text_node("ebf2e048f49a5134b61a586438c66505")}}, Shape::instant,
                                             window(1704236088, 1704322488), 60 * kSecond);
  const core::Question scalar = metric_question(kQuery, Shape::instant, window(1711391280, 1711394880), 60 * kSecond);
  const core::Question old = metric_question({{"query", text_node("system.cpu.idle{*}")}}, Shape::range,
                                             window(1641343852, 1641430252), 300 * kSecond);
  const std::string query = "POST /api/v2/query/timeseries";
  return {
      {"v1_test_get_a_monitors_details_returns_monitor_not_found_error_response", monitor("12345"),
       "RG1623 dd: Datadog does not find monitor 12345: Monitor not found (HTTP 404)"},
      {"v1_test_get_a_monitors_details_returns_ok_response", monitor("155844758"), "none No Data: 1"},
      {"v1_test_get_all_monitors_returns_bad_request_response", tagged,
       "RG1622 dd: Datadog rejects monitors with the tags systemid:splunk: Invalid group_state filters. (HTTP 400)"},
      {"v1_test_get_all_monitors_returns_ok_response_with_pagination", tagged, "none No Data: 2"},
      {"v1_test_get_an_slos_details_returns_ok_response", slo,
       "RG1611 dd: the answer is not one of the Datadog API: `overall` is missing", Api::v2,
       "GET /api/v1/slo/ebf2e048f49a5134b61a586438c66505/history"},
      {"v1_test_query_timeseries_points_returns_ok_response", old,
       "287 points, 1641344400=91.4583840476142 to 1641430200=92.0567156847786", Api::v1},
      {"v2_test_get_a_deployment_gates_evaluation_result_returns_bad_request_response", gate,
       "RG1622 dd: Datadog rejects the deployment gate: attribute \"id\" Invalid id (HTTP 400)", Api::v2, "", "not-a-valid-id"},
      {"v2_test_get_a_deployment_gates_evaluation_result_returns_deployment_gate_not_found_response", gate,
       "RG1623 dd: Datadog does not find the deployment gate: gate evaluation with id 00000000-0000-0000-0000-000000000000 not "
       "found (HTTP 404)",
       Api::v2, "", "00000000-0000-0000-0000-000000000000"},
      {"v2_test_get_a_deployment_gates_evaluation_result_returns_ok_response", gate,
       "RG1650 dd: the deployment gate had not decided before the deadline"},
      {"v2_test_get_a_list_of_events_returns_ok_response", kRange,
       "RG1611 dd: the answer is not one of the Datadog API: what holds `attributes` is not an object", Api::v2, query},
      {"v2_test_get_a_list_of_events_returns_ok_response_with_pagination", kRange,
       "RG1611 dd: the answer is not one of the Datadog API: what holds `attributes` is not an object", Api::v2, query},
      {"v2_test_scalar_cross_product_query_returns_ok_response", scalar,
       "1 points, 1711394880=6.36815192828331 to 1711394880=6.36815192828331"},
      {"v2_test_timeseries_cross_product_query_returns_bad_request_response", kRange,
       "RG1622 dd: Datadog rejects the query: API input validation failed: Invalid type. Expected \"timeseries_request\". "
       "(HTTP "
       "400)"},
      {"v2_test_timeseries_cross_product_query_returns_ok_response", kRange, "3 points, 1711977650=1 to 1711980230=87"},
      {"v2_test_trigger_a_deployment_gates_evaluation_returns_accepted_response", gate,
       "RG1623 dd: Datadog does not find the deployment gate: Not found (HTTP 404)"},
      {"v2_test_trigger_a_deployment_gates_evaluation_returns_bad_request_response", gate,
       "RG1622 dd: Datadog rejects the deployment gate: required env field is missing (HTTP 400)"},
      {"v2_test_trigger_a_deployment_gates_evaluation_returns_deployment_gate_not_found_response", gate,
       "RG1623 dd: Datadog does not find the deployment gate: no gate found for service non-existent-service-xyz, env staging, "
       "and identifier default (HTTP 404)"},
  };
}

std::map<std::string, std::vector<Answered>> answers_of(const Case& one) {
  std::map<std::string, std::vector<Answered>> answers;
  for (const Interaction& recorded : read_cassette(text_of_file(folder() / (one.file + ".yaml")))) {
    const bool stands_in = !one.instead.empty() && recorded.route.starts_with("GET ");
    answers[stands_in ? one.instead : recorded.route].push_back({recorded.status, recorded.body, ""});
  }
  if (!one.started.empty()) {
    std::string body = kStarted;
    for (std::size_t at = body.find("ID"); at != std::string::npos; at = body.find("ID")) body.replace(at, 2, one.started);
    answers["POST " + kGates].push_back({202, body, ""});
  }
  return answers;
}

}  // namespace

TEST_CASE("datadog: every recording decodes or ends in the designed error") {
  if (!fs::exists(folder())) {
    std::cout << "skipped: there are no recordings at " << folder() << "\n";
    return;
  }
  std::set<std::string> covered;
  for (const Case& one : cases()) {
    CAPTURE(one.file);
    covered.insert(one.file + ".yaml");
    const Server server(answers_of(one));
    const Got got = ask(server, one.question, {one.api, core::Duration(2500)});
    CHECK(outcome(got) == one.expected);
  }
  for (const auto& entry : fs::directory_iterator(folder())) {
    CAPTURE(entry.path());
    CHECK(covered.contains(entry.path().filename().string()));
  }
  std::cout << covered.size() << " recordings of Datadog\n";
}

}  // namespace gate::sources::datadog
