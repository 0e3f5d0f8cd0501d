// JiraSource against a scripted server: what `sources --check` finds out, and the question about now.
#include <catch2/catch.hpp>

#include "scripted_server.h"
#include "sources/jira/client.h"

using namespace gate;
using namespace gate::sources::jira;

namespace {

using Requests = std::vector<std::string>;

http::Task<void> check(sources::Source& source, std::string& out) {
  try {
    sources::Health health;
    auto checking = source.health(health);
    co_await checking;
    out = health.system + ", " + health.identity;
    for (const std::string& note : health.notes) out += ", " + note;
  } catch (const core::SourceError& failure) {
    out = failure.error().code + " " + failure.error().message;
  }
}

http::Task<void> ask(sources::Source& source, const core::Question& question, std::string& out) {
  try {
    auto asking = source.ask(question);
    const core::Answer answer = co_await asking;
    for (const core::Series& series : answer.series) {
      for (std::size_t i = 0; i < series.values.size(); ++i)
        out += core::format_time(series.times[i]) + " " + std::to_string(static_cast<int>(series.values[i]));
    }
  } catch (const core::SourceError& failure) {
    out = failure.error().code + " " + failure.error().message;
  }
}

/// What comes of the source's health, or of `question` when there is one.
std::string outcome(ScriptedServer& server, const core::Question* question = nullptr) {
  http::Endpoint endpoint;
  endpoint.name = "jira";
  endpoint.url = server.url();
  endpoint.bearer = core::Secret("t0ken-t0ken", "env JIRA_PAT");
  endpoint.credential_reference = "env JIRA_PAT";
  endpoint.retries = 0;
  http::Client client(http::Options{});
  JiraSource source(endpoint, {Deployment::data_center, JqlTimes::epoch, "", {}, {}}, &client);
  std::string text;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(question == nullptr ? check(source, text) : ask(source, *question, text));
  client.run(std::move(tasks));
  return text;
}

constexpr const char* kMyself = "/rest/api/2/myself";
constexpr const char* kPermissions = "/rest/api/2/mypermissions?permissions=BROWSE_PROJECTS";
constexpr const char* kInfo = "/rest/api/2/serverInfo";
constexpr const char* kSearch = "/rest/api/2/search";

Scripted jane() {
  return {kMyself, 200, R"({"displayName":"Jane","timeZone":"Asia/Kolkata"})", ""};
}

Scripted permission(const char* have) {
  return {kPermissions, 200, std::string(R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":)") + have + "}}}", ""};
}

core::Question blockers() {
  core::Question question;
  question.shape = core::Shape::latest;
  for (const auto& [key, value] : {std::pair("measure", "matching"), std::pair("jql", "priority = Blocker")}) {
    core::Setting setting;
    setting.key = key;
    setting.node.value = std::string(value);
    question.query.add(std::move(setting));
  }
  question.released_at = core::parse_time("2026-03-17T12:00:00Z").value();
  return question;
}

}  // namespace

TEST_CASE("health has a sentence for each way to fail") {
  struct Row {
    std::vector<Scripted> script;
    const char* expected;
  };
  const Row rows[] = {
      {{jane(), permission("true"), {kInfo, 200, R"({"version":"9.12.4","deploymentType":"Server"})", ""}},
       "Jira Data Center 9.12.4, as Jane, times in the zone Asia/Kolkata"},
      {{{kMyself, 401, "{}", ""}, {kInfo, 200, R"({"version":"9.12.4","deploymentType":"Server"})", ""}},
       "RG1702 jira: Jira answers, but not for the user whose credential was sent"},
      {{{kMyself, 401, "{}", ""}}, "RG1101 jira: the server does not accept the credential (HTTP 401)"},
      {{{kMyself, 200, "{}", "AUTHENTICATED_FAILED"}},
       "RG1702 jira: Jira answers, but not for the user whose credential was sent"},
      {{{kMyself, 200, "<html><title>Log in</title></html>", ""}},
       "RG1202 jira: the server answered with a web page instead of data"},
      {{{kMyself, 503, "", ""}}, "RG1150 jira: the server failed (HTTP 503)"},
      {{jane(), permission("false")}, "RG1714 jira: this user may browse no project"},
      {{jane(), permission("true"), {kInfo, 200, R"({"version":"1001.0.0","deploymentType":"Cloud"})", ""}},
       "RG1715 jira: this is Jira Cloud 1001.0.0"},
  };
  for (const Row& row : rows) {
    ScriptedServer server(row.script);
    CHECK(outcome(server) == row.expected);
  }
}

TEST_CASE("how many issues match is known for now alone") {
  core::Question question = blockers();
  ScriptedServer two({jane(), {kSearch, 200, R"({"total":2,"issues":[{"id":"1"},{"id":"2"}]})", ""}});
  CHECK(outcome(two, &question) == "2026-03-17T12:00:00Z 2");
  CHECK(two.requests() == Requests{"POST /rest/api/2/search", "GET /rest/api/2/myself"});
  CHECK(two.last_body() ==
        R"({"fields":["created"],"jql":"(priority = Blocker) ORDER BY key ASC","maxResults":1000,"startAt":0})");
  ScriptedServer none({jane(), {kSearch, 200, R"({"total":0,"issues":[]})", ""}});
  CHECK(outcome(none, &question) == "2026-03-17T12:00:00Z 0");
  ScriptedServer nobody({{kMyself, 401, "{}", ""}, {kSearch, 200, R"({"total":0,"issues":[]})", ""}});
  CHECK(outcome(nobody, &question) == "RG1702 jira: Jira answers, but not for the user whose credential was sent");
  question.before = question.released_at;
  CHECK(outcome(none, &question) == "RG1709 jira: Jira cannot say how many issues matched before the release");
}
