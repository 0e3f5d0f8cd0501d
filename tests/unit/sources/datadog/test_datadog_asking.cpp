// Monitors, deployment gates and health, asked of a server on loopback.
#include <catch2/catch.hpp>
#include <chrono>

#include "asking.h"
#include "core/text.h"

namespace gate::sources::datadog {
namespace {

using Level = core::State::Level;

const std::string kGates = "/api/v2/deployments/gates/evaluation";
const KeyNodes kGate = {{"deployment_gate", table_node({{"service", "shop"}, {"env", "prod"}, {"version", "1.43.0"}})}};
const Answered kStarted = {
    202, R"({"data":{"id":"e1","type":"deployment_gates_evaluation_response","attributes":{"evaluation_id":"e1"}}})", ""};

Answered verdict(const std::string& status, const std::string& more = "") {
  return {200, R"({"data":{"id":"e1","attributes":{"gate_status":")" + status + "\"" + more + "}}}", ""};
}

Answered monitor(int id, const std::string& state, const std::string& more = "") {
  return {200, "{\"id\":" + std::to_string(id) + R"(,"name":"checkout","overall_state":")" + state + "\"" + more + "}", ""};
}

Got ask_gate(const std::vector<Answered>& evaluations, core::Duration deadline = core::Duration(20000)) {
  const Server server({{"POST " + kGates, {kStarted}}, {"GET " + kGates + "/e1", evaluations}});
  return ask(server, state_question(kGate), {Api::v2, deadline});
}

}  // namespace

// Trap: a monitor fails on Alert, warns on Warn, and is no data on No Data
TEST_CASE("datadog: the level of a monitor") {
  struct Case {
    const char* status;
    Level level;
  };
  for (const Case& one : {Case{"OK", Level::ok}, Case{"Warn", Level::warning}, Case{"Alert", Level::error},
                          Case{"No Data", Level::none}, Case{"Ignored", Level::none}, Case{"Skipped", Level::none},
                          Case{"Unknown", Level::none}, Case{"of tomorrow", Level::none}}) {
    CAPTURE(one.status);
    const Server server({{"GET /api/v1/monitor/12", {monitor(12, one.status)}}});
    const Got got = ask(server, state_question({{"monitor", text_node("12")}}));
    REQUIRE(got.answer);
    CHECK(got.answer->state->level == one.level);
    CHECK(got.answer->state->word == one.status);
    CHECK(server.asked() == std::vector<std::string>{"GET /api/v1/monitor/12?group_states=all&with_downtimes=true"});
    CHECK(got.answer->graph_url == "https://app.datadoghq.eu/monitors/12");
    CHECK(got.answer->asked == "monitor 12");
  }
}

TEST_CASE("datadog: several monitors are as bad as the worst") {
  const Server server({{"GET /api/v1/monitor/1", {monitor(1, "OK")}},
                       {"GET /api/v1/monitor/2", {monitor(2, "Alert")}},
                       {"GET /api/v1/monitor/3", {monitor(3, "Warn")}}});
  const Got got = ask(server, state_question({{"monitor", list_node({"1", "2", "3"})}}));
  REQUIRE(got.answer);
  CHECK(got.answer->state->level == Level::error);
  CHECK(got.answer->state->reason == "checkout (2) is Alert");
  CHECK(got.answer->state->conditions ==
        std::vector<std::string>{"checkout (1) is OK", "checkout (2) is Alert", "checkout (3) is Warn"});
}

// Trap: monitors by tags come in pages, and a page may repeat what came before
TEST_CASE("datadog: monitors by tags") {
  std::string page = "[";
  for (int id = 1; id <= 100; ++id) {
    page += (id == 1 ? "" : ",") + std::string("{\"id\":") + std::to_string(id) + R"(,"name":"m","overall_state":"OK"})";
  }
  page += "]";
  const std::string last = R"([{"id":100,"name":"m","overall_state":"OK"},{"id":101,"name":"last","overall_state":"Warn"}])";
  const Server server({{"GET /api/v1/monitor", {{200, page, ""}, {200, last, ""}}}});
  const Got got = ask(server, state_question({{"monitor_tags", list_node({"service:shop", "env:prod"})}}));
  REQUIRE(got.answer);
  CHECK(got.answer->state->level == Level::warning);
  CHECK(got.answer->state->conditions.size() == 101);
  CHECK(got.answer->state->reason == "last (101) is Warn");
  REQUIRE(server.asked().size() == 2);
  CHECK(server.asked()[1] ==
        "GET /api/v1/monitor?group_states=all&with_downtimes=true&"
        "monitor_tags=service%3Ashop%2Cenv%3Aprod&page=1&page_size=100");
}

// Trap: tags that no monitor has are no data, not a pass
TEST_CASE("datadog: no monitor has the tags") {
  const Server server({{"GET /api/v1/monitor", {{200, "[]", ""}}}});
  const Got got = ask(server, state_question({{"monitor_tags", list_node({"service:shpo"})}}));
  REQUIRE(got.answer);
  CHECK(got.answer->state->level == Level::none);
  CHECK(got.answer->state->reason == "there is no such monitor");
}

TEST_CASE("datadog: pages without end are an error") {
  std::string page = "[";
  for (int id = 1; id <= 100; ++id) page += (id == 1 ? "" : ",") + std::string(R"({"id":7,"overall_state":"OK"})");
  const Server server({{"GET /api/v1/monitor", {{200, page + "]", ""}}}});
  const Got got = ask(server, state_question({{"monitor_tags", list_node({"a:b"})}}));
  CHECK(got.error.code == "RG1660");
  CHECK(server.asked().size() == 20);
}

// Trap: 403 of a monitor is the scope monitors_read, of a deployment gate deployment_gates_evaluate
TEST_CASE("datadog: the scope that is missing") {
  const Answered refused = {403, R"({"errors":["Forbidden"]})", ""};
  const Answered valid = {200, R"({"valid":true})", ""};
  const Server server(
      {{"GET /api/v1/monitor/12", {refused}}, {"POST " + kGates, {refused}}, {"GET /api/v1/validate", {valid}}});
  const Got monitors = ask(server, state_question({{"monitor", text_node("12")}}));
  CHECK(monitors.error.code == "RG1620");
  CHECK(monitors.error.message ==
        "dd: the application key (env DD_APP_KEY) may not read monitor 12: it is not valid at datadoghq.eu or lacks the scope "
        "`monitors_read` (HTTP 403)");
  CHECK(monitors.error.hint == "give env DD_APP_KEY the scope `monitors_read`, and its owner a role with that permission");
  const Got gates = ask(server, state_question(kGate));
  CHECK(gates.error.code == "RG1620");
  CHECK(gates.error.hint.find("`deployment_gates_evaluate`") != std::string::npos);
}

TEST_CASE("datadog: a metric asked as a state, and a state asked as a metric") {
  const Server server({});
  const Got query = ask(server, state_question({{"query", text_node("avg:a{*}")}}));
  CHECK(query.error.code == "RG1630");
  const Got gate = ask(server, metric_question(kGate, Shape::range, window(0, 600), core::Duration(60000)));
  CHECK(gate.error.code == "RG1630");
  CHECK(server.requests().empty());
}

// Trap: a deployment gate is started, then asked until it has decided
TEST_CASE("datadog: a deployment gate decides") {
  const Server server({{"POST " + kGates, {kStarted}},
                       {"GET " + kGates + "/e1",
                        {verdict("in_progress", R"(,"evaluation_url":"https://app.datadoghq.eu/gate/e1")"),
                         verdict("pass", R"(,"rules":[{"name":"monitors","status":"pass"}])")}}});
  const Got got = ask(server, state_question(kGate));
  REQUIRE(got.answer);
  CHECK(got.answer->state->level == Level::ok);
  CHECK(got.answer->state->word == "pass");
  CHECK(got.answer->state->conditions == std::vector<std::string>{"monitors: pass"});
  CHECK(got.answer->graph_url == "https://app.datadoghq.eu/gate/e1");
  CHECK(server.asked() == std::vector<std::string>{"POST " + kGates, "GET " + kGates + "/e1", "GET " + kGates + "/e1"});
  const std::string started = server.requests().front();
  CHECK(
      started.substr(started.find("\r\n\r\n") + 4) ==
      R"({"data":{"attributes":{"env":"prod","service":"shop","version":"1.43.0"},"type":"deployment_gates_evaluation_request"}})");
}

TEST_CASE("datadog: a deployment gate that fails says which rule") {
  const Got got = ask_gate({verdict("fail", R"(,"rules":[{"name":"latency","status":"pass"},)"
                                            R"({"name":"errors","status":"fail","reason":"2 monitors alert"},)"
                                            R"({"name":"trial","status":"fail","dry_run":true}])")});
  REQUIRE(got.answer);
  CHECK(got.answer->state->level == Level::error);
  CHECK(got.answer->state->reason == "errors: fail (2 monitors alert)");
  CHECK(got.answer->state->conditions.back() == "trial: fail, dry run: not counted");
}

// Trap: a deployment gate that does not decide in time, or cannot be asked, is an error and not a pass
TEST_CASE("datadog: deployment gates fail closed") {
  const auto start = std::chrono::steady_clock::now();
  const Got late =
      ask_gate({verdict("in_progress", R"(,"evaluation_url":"https://app.datadoghq.eu/gate/e1")")}, core::Duration(1500));
  CHECK(late.error.code == "RG1650");
  CHECK(late.error.context == std::vector<std::string>{"evaluation e1", "https://app.datadoghq.eu/gate/e1"});
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  CHECK(ask_gate({verdict("maybe")}).error.code == "RG1651");
  CHECK(ask_gate({{500, "{}", ""}}).error.code == "RG1150");
  CHECK(ask_gate({{200, "{", ""}}).error.code == "RG1610");
  CHECK(ask_gate({{200, R"({"data":{"attributes":{}}})", ""}}).error.code == "RG1611");
}

// Trap: a deployment gate that runs dry passes whatever its rules say: no opinion
TEST_CASE("datadog: a dry run is no pass") {
  const Got got = ask_gate({verdict("pass", R"(,"dry_run":true,"rules":[{"name":"errors","status":"fail"}])")});
  REQUIRE(got.answer);
  CHECK(got.answer->state->level == Level::none);
  CHECK(got.answer->state->reason == "the gate runs dry, and passes whatever its rules say");
}

TEST_CASE("datadog: an evaluation is started once, even when the server stumbles") {
  const Server server({{"POST " + kGates, {{503, "{}", ""}}}});
  const Got got = ask(server, state_question(kGate));
  CHECK(got.error.code == "RG1150");
  CHECK(server.asked().size() == 1);
}

TEST_CASE("datadog: the words of the server are made safe") {
  const Server server({{"GET /api/v1/monitor/12",
                        {{200, R"({"id":12,"name":"a\u001b[31m app-key-of-the-test","overall_state":"Alert"})", ""}}}});
  const Got got = ask(server, state_question({{"monitor", text_node("12")}}));
  REQUIRE(got.answer);
  CHECK(got.answer->state->reason == "a\\x1b[31m *** (12) is Alert");
}

TEST_CASE("datadog: an SLO split into its groups") {
  const std::string body =
      R"({"data":{"thresholds":{"7d":{"target":99}},"overall":{"sli_value":99.5,"preview":true},)"
      R"("groups":[{"group":"zone:a","sli_value":98},{"name":"zone:b","sli_value":null},{"group":"zone:c","sli_value":100}]}})";
  const Server server({{"GET /api/v1/slo/s1/history", {{200, body, ""}}}});
  core::Question question = metric_question({{"slo", text_node("s1")}, {"measure", text_node("burn")}}, Shape::instant,
                                            window(1000, 4600), core::Duration(60000));
  question.each = "group";
  const Got got = ask(server, question);
  REQUIRE(got.answer);
  REQUIRE(got.answer->series.size() == 2);
  CHECK(got.answer->series[0].labels == core::Labels{{"group", "zone:a"}});
  CHECK(got.answer->series[0].values == std::vector<double>{2.0});
  CHECK(got.answer->series[1].values == std::vector<double>{0.0});
  CHECK(got.answer->notes ==
        std::vector<std::string>{"Datadog notes: a replay of the monitor's history is under way: the value will change"});
  CHECK(server.asked() == std::vector<std::string>{"GET /api/v1/slo/s1/history?from_ts=1000&to_ts=4600"});
}

TEST_CASE("datadog: health") {
  const Answered good = {200, "{}", ""};
  const Answered refused = {403, R"({"errors":["Forbidden"]})", ""};
  const std::string validate = "GET /api/v1/validate";
  const std::string scalar = "POST /api/v2/query/scalar";
  const Got all = check_health(
      Server({{validate, {good}}, {scalar, {good}}, {"GET /api/v1/monitor", {good}}, {"GET /api/v1/slo", {good}}}));
  REQUIRE(all.health);
  CHECK(all.health->system == "Datadog (datadoghq.eu)");
  CHECK(all.health->notes.empty());
  const Got some = check_health(Server(
      {{validate, {good}}, {scalar, {{400, "{}", ""}}}, {"GET /api/v1/monitor", {good}}, {"GET /api/v1/slo", {refused}}}));
  REQUIRE(some.health);
  CHECK(some.health->notes ==
        std::vector<std::string>{"the application key lacks the scope `slos_read`, which metrics with an `slo` need"});
  const Server without_slos(
      {{validate, {good}}, {scalar, {good}}, {"GET /api/v1/monitor", {good}}, {"GET /api/v1/slo", {refused}}});
  const Got needed = check_health(without_slos, {state_question({{"slo", text_node("s1")}})});
  CHECK(needed.error.code == "RG1620");
  CHECK(needed.error.message == "dd: the application key (env DD_APP_KEY) lacks the scope `slos_read`, needed by m (HTTP 403)");
  const Got none = check_health(
      Server({{validate, {good}}, {scalar, {refused}}, {"GET /api/v1/monitor", {refused}}, {"GET /api/v1/slo", {refused}}}));
  CHECK(none.error.code == "RG1620");
  CHECK(none.error.message.find("the application key (env DD_APP_KEY) may not read anything") != std::string::npos);
  const Got wrong = check_health(Server({{validate, {refused}}}));
  CHECK(wrong.error.code == "RG1620");
  CHECK(wrong.error.message == "dd: the API key (env DD_API_KEY) is not valid at datadoghq.eu (HTTP 403)");
}

}  // namespace gate::sources::datadog
