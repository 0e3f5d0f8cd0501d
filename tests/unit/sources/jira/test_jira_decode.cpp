#include <catch2/catch.hpp>

#include "sources/jira/decode.h"

using namespace gate;
using namespace gate::sources::jira;

TEST_CASE("the last page has a token that is absent, null or empty") {
  struct Row {
    const char* body;
    const char* token;
  };
  const Row rows[] = {
      {R"({"issues":[]})", ""},
      {R"({"issues":[],"nextPageToken":null,"isLast":true})", ""},
      {R"({"issues":[],"nextPageToken":"","isLast":false})", ""},
      {R"({"issues":[],"nextPageToken":"Ck","isLast":true})", "Ck"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const auto page = decode_issues(row.body);
    REQUIRE(page.ok());
    CHECK(page->next_token == row.token);
  }
}

TEST_CASE("what is no answer of Jira's is an error and never a shorter list") {
  struct Row {
    const char* body;
    const char* code;
  };
  const Row rows[] = {
      {"", "RG1201"},
      {R"({"issues":[{"id":"1"})", "RG1201"},
      {R"({"issues":[]}x)", "RG1201"},
      {"{\"issues\":[{\"id\":\"\xff\"}]}", "RG1201"},
      {"[]", "RG1710"},
      {R"({"issues":{}})", "RG1710"},
      {R"({"issues":[1]})", "RG1710"},
      {R"({"issues":[{"fields":{}}]})", "RG1710"},
      {R"({"issues":[{"id":"1","changelog":{"total":1}}]})", "RG1710"},
      {R"({"issues":[{"id":"1","changelog":{"total":2,"histories":[]}}]})", "RG1711"},
      {R"({"issues":[{"id":"1","changelog":{"histories":[{"items":[{"field":"status"}]}]}}]})", "RG1710"},
      {R"({"issues":[{"id":"1","changelog":{"histories":[{"created":"now","items":[{"field":"status"}]}]}}]})", "RG1710"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const auto page = decode_issues(row.body);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == row.code);
  }
}

TEST_CASE("an issue's fields are texts and numbers, its changes stand in the order of time") {
  const auto page =
      decode_issues(R"({"total":3,"issues":[{"id":"7","key":"A-1","fields":{"created":"2026-03-17T00:00:00.000+0000",
    "cf":5.5,"gone":null,"status":{"id":"5","name":"Done"}},"changelog":{"total":2,"histories":[
    {"created":"2026-03-17T03:00:00.000+0100","items":[{"field":"status","from":"3","fromString":"Doing","to":"5","toString":"Done"}]},
    {"created":"2026-03-17T01:00:00.000+0000","items":[{"field":"labels","from":null},{"field":"status","from":"1","to":"3"}]}]}}]})");
  REQUIRE(page.ok());
  CHECK(page->total == 3);
  const Issue& issue = page->issues.at(0);
  CHECK(issue.id == "7");
  CHECK(issue.texts.at("created") == "2026-03-17T00:00:00.000+0000");
  CHECK(issue.numbers.at("cf") == 5.5);
  CHECK(issue.texts.count("gone") + issue.numbers.count("gone") == 0);
  CHECK(issue.status.name == "Done");
  REQUIRE(issue.changes.size() == 2);
  CHECK(core::format_time(issue.changes[0].at) == "2026-03-17T01:00:00Z");
  CHECK(issue.changes[1].from.name == "Doing");
  CHECK(core::format_time(issue.changes[1].at) == "2026-03-17T02:00:00Z");
}

TEST_CASE("a page of a list ends as it says") {
  struct Row {
    const char* body;
    bool last;
  };
  const Row rows[] = {
      {R"({"values":[{"id":1}],"isLast":false})", false},
      {R"({"values":[{"id":1}],"isLast":true})", true},
      {R"({"values":[{"id":1}],"startAt":1,"total":2})", true},
      {R"({"values":[{"id":1}],"startAt":0,"total":2})", false},
      {R"([{"id":1}])", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const auto page = decode_sprints(row.body);
    REQUIRE(page.ok());
    CHECK(page->last == row.last);
  }
  CHECK(decode_sprints(R"({"values":[]})").error().code == "RG1710");
  CHECK(decode_sprints(R"([{"name":"S"}])").error().code == "RG1710");
  CHECK(decode_versions(R"([{"id":"1","releaseDate":"6/Jul/2010"}])").error().code == "RG1710");
}

TEST_CASE("the words of a refusal") {
  using Words = std::vector<std::string>;
  CHECK(decode_messages(R"({"errorMessages":["a","b"],"errors":{"jql":"c"}})") == Words{"a", "b", "jql: c"});
  CHECK(decode_messages(R"({"errorMessages":[],"errors":{}})").empty());
  CHECK(decode_messages("<html>").empty());
  CHECK(decode_messages(R"(["errorMessages"])").empty());
}

TEST_CASE("a permission is had, not had, or not spoken of") {
  const auto read = [](const char* body) { return decode_permission(body, "BROWSE_PROJECTS"); };
  CHECK(read(R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":true}}})").value() == std::optional(true));
  CHECK(read(R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":false}}})").value() == std::optional(false));
  CHECK(read(R"({"permissions":{}})").value() == std::nullopt);
  CHECK(read("{}").error().code == "RG1710");
}

TEST_CASE("nobody is no user") {
  CHECK(decode_myself(R"({"displayName":"Jane","timeZone":"Asia/Kolkata"})")->time_zone == "Asia/Kolkata");
  CHECK(decode_myself(R"({"name":"jane"})")->name == "jane");
  CHECK(decode_myself("{}").error().code == "RG1710");
}
