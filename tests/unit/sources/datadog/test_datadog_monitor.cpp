// Monitors with groups and downtimes, as one state.
#include <catch2/catch.hpp>

#include "sources/datadog/monitor.h"
#include "sources/datadog/site.h"

namespace gate::sources::datadog {
namespace {

std::string text_of_state(const core::State& state) {
  const char* levels[] = {"ok", "warning", "error", "none"};
  return std::string(levels[static_cast<int>(state.level)]) + " | " + state.reason;
}

std::string judged(const std::string& rest, Muted muted) {
  const auto monitor = decode_monitor(R"({"id":7,"name":"m",)" + rest + "}");
  if (!monitor.ok()) return monitor.error().code + " " + monitor.error().message;
  return text_of_state(state_of({*monitor}, muted));
}

std::string groups(const std::string& inside) {
  return R"("state":{"groups":{)" + inside + "}}";
}

const std::string kAlert = R"("overall_state":"Alert")";
const std::string kTwoOfThree = groups(R"("host:a":{"status":"Alert"},"host:b":{"status":"OK"},"host:c":{"status":"Alert"})");
const std::string kForm = "RG1611 the answer is not one of the Datadog API: ";

}  // namespace

// Trap: the groups of a monitor are counted, and those that alert are named
TEST_CASE("datadog: groups are counted") {
  struct Case {
    std::string rest;
    std::string expected;
  };
  for (
      const Case& c : {
          Case{kAlert + "," + kTwoOfThree, "error | m (7) is Alert, 2 of 3 groups: host:a, host:c"},
          Case{kAlert + "," + groups(R"("*":{"status":"Alert"})"), "error | m (7) is Alert"},
          Case{R"("overall_state":"OK",)" + groups(R"("host:a":{"status":"OK"},"host:b":{"status":"OK"})"),
               "ok | m (7) is OK, 2 of 2 groups"},
          Case{R"("overall_state":"OK",)" + groups(R"("host:a":{"status":"OK"},"host:b":{"status":"Warn"})"),
               "warning | m (7) is Warn, 1 of 2 groups: host:b"},
          Case{R"("overall_state":"OK",)" + groups(R"("host:a":{"status":"OK"},"host:b":{"status":"No Data"})"),
               "ok | m (7) is OK, 1 of 2 groups"},
          Case{R"("overall_state":"No Data",)" + groups(R"("host:a":{"status":"No Data"})"),
               "none | m (7) is No Data, 1 of 1 groups: host:a"},
          Case{
              kAlert + "," +
                  groups(
                      R"("h:1":{"status":"Alert"},"h:2":{"status":"Alert"},"h:3":{"status":"Alert"},"h:4":{"status":"Alert"})"),
              "error | m (7) is Alert, 4 of 4 groups: h:1, h:2, h:3 and 1 more"},
          Case{R"("id":"x")", kForm + "`overall_state` is missing"},
      }) {
    CAPTURE(c.rest);
    CHECK(judged(c.rest, Muted::fail) == c.expected);
  }
}

// Trap: a muted alert is an alert; muted = "ignore" leaves it out
TEST_CASE("datadog: muted monitors") {
  const std::string whole = R"("options":{"silenced":{"*":null}})";
  const std::string downtime = R"("matching_downtimes":[{"active":true,"scope":["*"],"groups":["total"]}])";
  const std::string past = R"("matching_downtimes":[{"active":false,"scope":["*"]}])";
  const std::string of_host_a = R"("matching_downtimes":[{"active":true,"scope":["host:a"]}])";
  const std::string of_both = R"("matching_downtimes":[{"scope":["host:a"]},{"scope":["host:c"]}])";
  struct Case {
    std::string rest;
    std::string with_fail;
    std::string with_ignore;
  };
  const std::string left_out = "none | every monitor is muted and left out";
  for (const Case& c : {
           Case{kAlert + "," + whole, "error | m (7) is Alert, muted", left_out},
           Case{kAlert + "," + downtime, "error | m (7) is Alert, muted", left_out},
           Case{kAlert + "," + past, "error | m (7) is Alert", "error | m (7) is Alert"},
           Case{kAlert + "," + kTwoOfThree + "," + of_host_a, "error | m (7) is Alert, 2 of 3 groups: host:a (muted), host:c",
                "error | m (7) is Alert, 1 of 2 groups: host:c, 1 muted and left out"},
           Case{kAlert + "," + kTwoOfThree + "," + of_both,
                "error | m (7) is Alert, 2 of 3 groups: host:a (muted), host:c (muted)",
                "ok | m (7) is OK, 1 of 1 groups, 2 muted and left out"},
           Case{kAlert + "," + groups(R"("host:a":{"status":"Alert"})") + "," + of_host_a,
                "error | m (7) is Alert, 1 of 1 groups: host:a (muted)", left_out},
           Case{kAlert + R"(,"options":{"silenced":{}},"matching_downtimes":[])", "error | m (7) is Alert",
                "error | m (7) is Alert"},
       }) {
    CAPTURE(c.rest);
    CHECK(judged(c.rest, Muted::fail) == c.with_fail);
    CHECK(judged(c.rest, Muted::ignore) == c.with_ignore);
  }
}

TEST_CASE("datadog: no data outweighs what is well, and nothing outweighs an alert") {
  const auto monitor = [](const char* status) { return Monitor{"1", "m", status, false, {}}; };
  CHECK(state_of({monitor("OK"), monitor("No Data")}, Muted::fail).level == core::State::Level::none);
  CHECK(state_of({monitor("No Data"), monitor("Warn")}, Muted::fail).level == core::State::Level::warning);
  CHECK(state_of({monitor("Alert"), monitor("Warn"), monitor("OK")}, Muted::fail).level == core::State::Level::error);
  CHECK(state_of({}, Muted::fail).level == core::State::Level::none);
}

TEST_CASE("datadog: links") {
  CHECK(monitor_link("datadoghq.com", "12") == "https://app.datadoghq.com/monitors/12");
  CHECK(monitor_link("us3.datadoghq.com", "12") == "https://us3.datadoghq.com/monitors/12");
  CHECK(monitor_link("", "12").empty());
  CHECK(slo_link("ddog-gov.com", "a b") == "https://app.ddog-gov.com/slo?slo_id=a%20b");
  CHECK(monitors_link("datadoghq.eu", {"service:shop"}) ==
        "https://app.datadoghq.eu/monitors/manage?q=tag%3A%22service%3Ashop%22");
  CHECK(explorer_link("ap1.datadoghq.com", "avg:a{*}",
                      core::Window{core::Time(core::Duration(1000)), core::Time(core::Duration(2000))}) ==
        "https://ap1.datadoghq.com/metric/explorer?exp_query=avg%3Aa%7B%2A%7D&start=1000&end=2000&paused=true");
}

}  // namespace gate::sources::datadog
