#include <catch2/catch.hpp>
#include <map>

#include "publish/chat.h"
#include "publish/github_place.h"
#include "publish/gitlab_place.h"
#include "publish/parts.h"

using namespace gate::publish;
namespace core = gate::core;

namespace {

const std::string kHead(40, 'a');
const std::string kMerge(40, 'b');

using Variables = std::map<std::string, std::string>;

Surroundings with(Variables variables, const std::string& event = "") {
  if (!event.empty()) variables["GITHUB_EVENT_PATH"] = "event.json";
  return {[variables](const std::string& name) {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
          },
          [event](const std::string&) { return core::Result<std::string>(event); }, "/checkout/shop"};
}

std::string pull_event(const std::string& from) {
  return R"({"pull_request": {"number": 7, "head": {"sha": ")" + kHead + R"(", "repo": {"full_name": ")" + from +
         R"("}}, "base": {"repo": {"full_name": "o/r"}}}})";
}

}  // namespace

TEST_CASE("names of targets") {
  CHECK(parse_targets({"github"}).value() == std::vector<Part>{Part::github_comment, Part::github_check, Part::github_summary});
  CHECK(parse_targets({"slack,github-comment", "slack"}).value() == std::vector<Part>{Part::github_comment, Part::slack});
  for (const char* bad : {"", "slack,", "GitHub", "slack, teams", "everything"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(parse_targets({bad}).ok());
    CHECK(parse_targets({bad}).error().code == "RG0008");
  }
  for (const Target& one : targets()) CHECK(parse_targets({std::string(one.name)}).value() == one.parts);
}

TEST_CASE("commit and pull request of a run of GitHub Actions") {
  const Variables merge = {{"GITHUB_SHA", kMerge}, {"GITHUB_REF", "refs/pull/9/merge"}};
  struct Case {
    const char* what;
    Surroundings surroundings;
    Options options;
    std::string sha;
    std::optional<std::int64_t> number;
    std::string expected_head;
    std::string read_only;
  };
  Options named;
  named.pull_request = "3";
  named.head_sha = kMerge;
  Variables dependabot = merge;
  dependabot["GITHUB_ACTOR"] = "dependabot[bot]";
  const std::string follow_up = R"({"workflow_run": {"head_sha": ")" + kHead + R"(", "pull_requests": [)";
  const std::vector<Case> cases = {
      {"pull_request", with(merge, pull_event("o/r")), {}, kHead, 7, "", ""},
      {"of a fork", with(merge, pull_event("mallory/r")), {}, kHead, 7, "", "a fork's"},
      {"of Dependabot", with(dependabot, pull_event("o/r")), {}, kHead, 7, "", "Dependabot's"},
      {"no payload", with(merge), {}, kMerge, 9, "", ""},
      {"payload that is none", with(merge, "]"), {}, kMerge, 9, "", ""},
      {"payload of other types", with(merge, R"({"pull_request": {"number": "7", "head": 3}})"), {}, kMerge, 9, "", ""},
      {"push", with({{"GITHUB_SHA", kMerge}, {"GITHUB_REF", "refs/heads/main"}}), {}, kMerge, std::nullopt, "", ""},
      {"comment on an issue", with({{"GITHUB_SHA", kMerge}}, R"({"issue": {"number": 4}})"), {}, kMerge, std::nullopt, "", ""},
      {"comment on a request",
       with({{"GITHUB_SHA", kMerge}}, R"({"issue": {"number": 4, "pull_request": {}}})"),
       {},
       kMerge,
       4,
       "",
       ""},
      {"workflow_run of a fork", with({{"GITHUB_SHA", kMerge}}, follow_up + "]}}"), {}, kHead, std::nullopt, kHead, ""},
      {"workflow_run", with({{"GITHUB_SHA", kMerge}}, follow_up + R"({"number": 5}]}})"), {}, kHead, 5, kHead, ""},
      {"deployment_status",
       with({{"GITHUB_SHA", kMerge}},
            R"({"deployment": {"sha": ")" + kHead + R"("}, "workflow_run": {"head_sha": ")" + kMerge + R"("}})"),
       {},
       kHead,
       std::nullopt,
       "",
       ""},
      {"named", with(merge, pull_event("o/r")), named, kMerge, 3, kMerge, ""},
      {"nothing", with({{"GITHUB_SHA", "main"}}), {}, "", std::nullopt, "", ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    const GithubRun run = github_run(one.surroundings, one.options);
    CHECK(run.sha == one.sha);
    CHECK(run.pull_request == one.number);
    CHECK(run.expected_head == one.expected_head);
    CHECK(run.read_only == one.read_only);
  }
}

TEST_CASE("addresses of GitHub") {
  const Variables base = {{"GITHUB_TOKEN", " t0ken \n"}, {"GITHUB_REPOSITORY", "o/r"}, {"GITHUB_SHA", kHead}};
  const auto place = [&](const std::string& api, const std::string& graphql) {
    Variables all = base;
    all["GITHUB_API_URL"] = api;
    all["GITHUB_GRAPHQL_URL"] = graphql;
    return github_place(with(all), {}).value();
  };
  CHECK(place("", "").api->url == "https://api.github.com");
  CHECK(place("", "").graphql->url == "https://api.github.com/graphql");
  CHECK(place("https://ghe.test/api/v3/", "").graphql->url == "https://ghe.test/api/graphql");
  CHECK(place("https://a.test", "https://b.test/graphql").graphql->url == "https://b.test/graphql");
  CHECK(place("", "").api->bearer.reveal() == "t0ken");
  for (const char* bad : {"", "o", "o/", "/r", "o/r/x", "o/r?x", "../../user"}) {
    CAPTURE(bad);
    Variables all = base;
    all["GITHUB_REPOSITORY"] = bad;
    CHECK(github_place(with(all), {}).error().code == "RG3001");
  }
}

TEST_CASE("the gate file from the root of the repository") {
  const Surroundings here = with({{"GITHUB_WORKSPACE", "/checkout/shop"}});
  CHECK(path_in_repository(here, "gate.toml") == "gate.toml");
  CHECK(path_in_repository(here, "./gates/../gate.toml") == "gate.toml");
  CHECK(path_in_repository(here, "/checkout/shop/gates/a.toml") == "gates/a.toml");
  CHECK(path_in_repository(here, "../other/gate.toml").empty());
  CHECK(path_in_repository(here, "/etc/gate.toml").empty());
  CHECK(path_in_repository(with({}), "gates/a.toml") == "gates/a.toml");
  CHECK(path_in_repository(with({}), "/etc/gate.toml").empty());
}

TEST_CASE("project and commit of a GitLab pipeline") {
  const Variables base = {
      {"GITLAB_TOKEN", "t"},     {"CI_API_V4_URL", "https://gitlab.test/api/v4"}, {"CI_PROJECT_ID", "group/shop"},
      {"CI_COMMIT_SHA", kMerge}, {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", kHead},   {"CI_MERGE_REQUEST_IID", "12"}};
  const GitlabPlace place = gitlab_place(with(base), {}).value();
  CHECK(place.project == "group%2Fshop");
  CHECK(place.merge_request_project == "group%2Fshop");
  CHECK(place.merge_request == 12);
  CHECK(place.sha == kHead);
  Variables fork = base;
  fork["CI_MERGE_REQUEST_PROJECT_ID"] = "4711";
  fork["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] = "";
  CHECK(gitlab_place(with(fork), {}).value().merge_request_project == "4711");
  CHECK(gitlab_place(with(fork), {}).value().sha == kMerge);
  for (const char* needed : {"GITLAB_TOKEN", "CI_API_V4_URL", "CI_PROJECT_ID"}) {
    Variables less = base;
    less.erase(needed);
    CHECK(gitlab_place(with(less), {}).error().code == "RG3001");
  }
}

TEST_CASE("the address of a webhook is split, and what may be a secret in it is known") {
  const auto hook =
      hook_of(with({{"U", "https://hooks.test/services/T0/B0/longenoughsecret?sig=anotherlongsecret&v=1"}}), "slack", "U");
  REQUIRE(hook.ok());
  CHECK(hook->endpoint->url == "https://hooks.test:443");
  CHECK(hook->path.reveal() == "/services/T0/B0/longenoughsecret?sig=anotherlongsecret&v=1");
  REQUIRE(hook->pieces.size() == 2);
  CHECK(hook->pieces[1].reveal() == "anotherlongsecret");
  CHECK(hook_of(with({{"U", "http://127.0.0.1:9/x"}}), "slack", "U").ok());
  CHECK(hook_of(with({{"U", "http://hooks.test/x"}}), "slack", "U").error().code == "RG3002");
  CHECK(hook_of(with({{"U", "x"}}), "slack", "U").error().code == "RG3002");
  CHECK(hook_of(with({}), "slack", "U").error().code == "RG3001");
}
