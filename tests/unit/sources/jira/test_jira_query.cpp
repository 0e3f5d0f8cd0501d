#include <catch2/catch.hpp>

#include "sources/jira/jql.h"
#include "sources/jira/query.h"

using namespace gate;
using namespace gate::sources::jira;

namespace {

core::Settings settings(std::initializer_list<std::pair<const char*, const char*>> keys) {
  core::Settings out;
  for (const auto& [key, value] : keys) {
    core::Setting setting;
    setting.key = key;
    setting.node.value = std::string(value);
    out.add(std::move(setting));
  }
  return out;
}

}  // namespace

TEST_CASE("what can be no JQL is told before anything is sent") {
  struct Row {
    const char* jql;
    const char* problem;  // "" when there is none
  };
  const Row rows[] = {
      {"project = SHOP", ""},
      {R"(summary ~ "order by" AND labels in (a, 'b)'))", ""},
      {R"(summary ~ "a \" b")", ""},
      {"\"Story Points\" > 3 AND cf[10016] is EMPTY", ""},
      {"", "the JQL is empty"},
      {"  ( ) ", "the JQL is empty"},
      {"project = SHOP ORDER BY created", "ORDER BY has no place here: the issues are counted"},
      {"project = SHOP order\n by created", "ORDER BY has no place here: the issues are counted"},
      {"(project = SHOP", "a ) is missing"},
      {"project = SHOP) OR (a = 1", "the ) closes nothing"},
      {"cf[10016 = 3", "a ] is missing"},
      {"labels = \"a", "the quote \" is never closed"},
      {"labels = 'a\\'", "the quote ' is never closed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.jql);
    CHECK(jql_problem(row.jql).value_or("") == row.problem);
  }
}

TEST_CASE("the bounds of the window are added to the whole of the JQL") {
  const core::Window window{*core::parse_time("2026-03-17T00:00:00Z"), *core::parse_time("2026-03-18T00:00:00Z")};
  CHECK(bounded_jql("a = 1 OR b = 2", "created", window, JqlTimes::epoch, UpperBound::closed) ==
        "(a = 1 OR b = 2) AND created >= 1773705540000 AND created < 1773792060000");
  CHECK(bounded_jql("a = 1", "updated", window, JqlTimes::epoch, UpperBound::open) == "(a = 1) AND updated >= 1773705540000");
  CHECK(bounded_jql("a = 1", "created", window, JqlTimes::text, UpperBound::closed) ==
        "(a = 1) AND created >= \"2026-03-16 11:59\" AND created < \"2026-03-18 14:01\"");
  CHECK(bounded_jql("a = 1", "created", std::nullopt, JqlTimes::epoch, UpperBound::closed) == "(a = 1)");
  CHECK(jql_name("resolved") == "resolved");
  CHECK(jql_name("Detected at") == "\"Detected at\"");
  CHECK(jql_name("a\"b\\") == "\"a\\\"b\\\\\"");
}

TEST_CASE("each measure has the keys that it needs and no others") {
  struct Row {
    core::Settings query;
    const char* expected;  // the first message, "" when there is none
  };
  const Row rows[] = {
      {settings({{"jql", "a = 1"}}), ""},
      {settings({}), "measure = \"issues\" needs `jql`"},
      {settings({{"jql", "a = 1"}, {"measure", "leadtime"}}), "there is no measure `leadtime`"},
      {settings({{"jql", "a = 1"}, {"measure", "lead_time"}, {"time_unit", "h"}}), ""},
      {settings({{"jql", "a = 1"}, {"measure", "lead_time"}, {"time_unit", "hours"}}), "`time_unit` must be s, min, h, d or w"},
      {settings({{"jql", "a = 1"}, {"time_unit", "h"}}), "`time_unit` has no meaning for measure = \"issues\""},
      {settings({{"jql", "a = 1"}, {"project", "A"}}), "`project` has no meaning for measure = \"issues\""},
      {settings({{"jql", "a = 1"}, {"window_field", ""}}), "`window_field` is empty"},
      {settings({{"measure", "velocity"}}), "velocity takes one of `board` and `project`"},
      {settings({{"measure", "velocity"}, {"board", "3"}, {"project", "A"}}), "velocity takes one of `board` and `project`"},
      {settings({{"measure", "velocity"}, {"project", "A"}}), ""},
      {settings({{"measure", "velocity"}, {"board", "3"}, {"jql", "a = 1"}}), ""},
      {settings({{"measure", "deployment_frequency"}}), "deployment_frequency takes one of `project` and `jql`"},
      {settings({{"measure", "deployment_frequency"}, {"project", "A"}}), ""},
      {settings({{"measure", "deployment_frequency"}, {"jql", "labels = deployment"}, {"window_field", "created"}}), ""},
      {settings({{"measure", "change_failure_rate"}, {"project", "A"}}), "measure = \"change_failure_rate\" needs `jql`"},
      {settings({{"measure", "matching"}, {"jql", "a = 1"}, {"window_field", "created"}}),
       "`window_field` has no meaning for measure = \"matching\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.expected);
    const core::Diagnostics found = check_query(row.query, {});
    CHECK((found.empty() ? "" : found.front().error.message) == row.expected);
  }
}

TEST_CASE("each measure has a kind by nature") {
  const auto kind = [](const char* measure) { return std::string(query_facts(settings({{"measure", measure}})).natural_kind); };
  for (const char* measure : {"issues", "throughput", "deployment_frequency"}) CHECK(kind(measure) == "count");
  for (const char* measure : {"lead_time", "cycle_time", "velocity", "reopen_rate", "change_failure_rate"}) {
    CHECK(kind(measure) == "samples");
  }
  CHECK(kind("matching") == "value");
  CHECK(query_facts(settings({{"measure", "matching"}})).latest);
  CHECK_FALSE(query_facts(settings({})).latest);
}

TEST_CASE("a question has its defaults") {
  const Query plain = read_query(settings({{"jql", "a = 1"}}));
  CHECK(plain.window_field == "created");
  CHECK(plain.time_unit == std::chrono::hours(24));
  CHECK(read_query(settings({{"measure", "throughput"}})).window_field == "resolved");
  CHECK(read_query(settings({{"measure", "lead_time"}, {"time_unit", "min"}})).time_unit == std::chrono::minutes(1));
  CHECK(read_query(settings({{"measure", "velocity"}})).points_fields ==
        std::vector<std::string>{"Story Points", "Story point estimate"});
  CHECK(read_query(settings({{"measure", "velocity"}, {"points_field", "Points"}})).points_field_named);
}

TEST_CASE("projects are found by their keys") {
  struct Row {
    const char* jql;
    std::vector<std::string> keys;
  };
  const Row rows[] = {
      {"project = SHOP AND issuetype = Bug", {"SHOP"}},
      {"PROJECT=SHOP", {"SHOP"}},
      {"issuetype = Bug and (project in (SHOP, \"My Shop\", A_2) or project = PAY)", {"SHOP", "A_2", "PAY"}},
      {"project = shop", {}},
      {"project = \"SHOP\"", {}},
      {"project = 10000", {}},
      {"project != SHOP", {}},
      {"project not in (SHOP)", {}},
      {"summary ~ \"project = SHOP\"", {}},
      {"subproject = SHOP", {}},
      {"project =", {}},
      {"project in (SHOP", {"SHOP"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.jql);
    CHECK(projects_in(row.jql) == row.keys);
  }
}
