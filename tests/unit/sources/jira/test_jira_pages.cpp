#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sources/jira/pages.h"

using namespace gate;
using namespace gate::sources::jira;
using nlohmann::json;

namespace {

IssuePage page(std::initializer_list<const char*> ids, const char* token = "", std::optional<std::int64_t> total = {}) {
  IssuePage out;
  for (const char* id : ids) {
    Issue issue;
    issue.id = id;
    out.issues.push_back(std::move(issue));
  }
  out.next_token = token;
  out.total = total;
  return out;
}

/// "" or the code of the first page that is refused.
std::string walk(Search& search, std::vector<IssuePage> pages, std::vector<Issue>& out) {
  for (IssuePage& one : pages) {
    REQUIRE_FALSE(search.finished());
    if (const auto error = search.take(std::move(one), out)) return error->code;
  }
  return "";
}

}  // namespace

TEST_CASE("Cloud is asked by token") {
  Search search(Deployment::cloud, "project = A", {"created"}, WithHistory::yes);
  CHECK(search.path() == "/rest/api/3/search/jql");
  CHECK(json::parse(search.body()) == json({{"jql", "project = A"}, {"fields", {"created"}}, {"maxResults", 1000}}));
  std::vector<Issue> out;
  CHECK_FALSE(search.take(page({"1", "2"}, "x"), out));
  CHECK(json::parse(search.body())["nextPageToken"] == "x");
  CHECK_FALSE(search.take(page({"2", "3"}), out));
  CHECK(search.finished());
  CHECK(out.size() == 3);
}

TEST_CASE("a token that came before ends the chain") {
  Search search(Deployment::cloud, "project = A", {"created"}, WithHistory::no);
  std::vector<Issue> out;
  CHECK(walk(search, {page({"1"}, "x"), page({"2"}, "y"), page({"3"}, "x")}, out) == "RG1705");
}

TEST_CASE("pages without an issue do not go on for ever") {
  Search search(Deployment::cloud, "project = A", {"created"}, WithHistory::no);
  std::vector<Issue> out;
  std::string code;
  for (std::size_t i = 0; code.empty() && i < 2 * kMostIssues; ++i) {
    if (const auto error = search.take(page({}, std::to_string(i).c_str()), out)) code = error->code;
  }
  CHECK(code == "RG1707");
}

TEST_CASE("Data Center is asked by offset, in an order that stays") {
  Search search(Deployment::data_center, "project = A", {"created"}, WithHistory::yes);
  CHECK(search.path() == "/rest/api/2/search");
  const json body = json::parse(search.body());
  CHECK(body["jql"] == "project = A ORDER BY key ASC");
  CHECK(body["startAt"] == 0);
  CHECK(body["expand"] == json({"changelog"}));
  std::vector<Issue> out;
  CHECK_FALSE(search.take(page({"1", "2"}, "", 3), out));
  CHECK(json::parse(search.body())["startAt"] == 2);
  CHECK_FALSE(search.take(page({"3"}, "", 3), out));
  CHECK(search.finished());
}

TEST_CASE("what Data Center's pages tell of issues that come and go") {
  struct Row {
    std::vector<IssuePage> pages;
    const char* code;
    std::size_t issues;
  };
  const Row rows[] = {
      {{page({}, "", 0)}, "", 0},
      {{page({"1", "2"}, "", 3), page({"2", "3"}, "", 4)}, "RG1706", 3},
      {{page({"1", "2"}, "", 3), page({"2", "3"}, "", 5), page({"4", "5"}, "", 5)}, "", 5},
      {{page({"1", "2"}, "", 4), page({"4"}, "", 3)}, "RG1706", 3},
      {{page({"1", "2"}, "", 4), page({}, "", 4)}, "RG1706", 2},
      {{page({"1", "2"})}, "RG1710", 2},
  };
  for (const Row& row : rows) {
    Search search(Deployment::data_center, "project = A", {"created"}, WithHistory::no);
    std::vector<Issue> out;
    CHECK(walk(search, row.pages, out) == row.code);
    CHECK(out.size() == row.issues);
  }
}

TEST_CASE("the bulk changelog is asked for status alone") {
  CHECK(json::parse(changelog_body({"1", "2"}, "")) ==
        json({{"issueIdsOrKeys", {"1", "2"}}, {"fieldIds", {"status"}}, {"maxResults", 1000}}));
  CHECK(json::parse(changelog_body({"1"}, "t"))["nextPageToken"] == "t");
}
