// SonarQubeSource against a scripted server: what `sources --check` finds out.
#include <catch2/catch.hpp>

#include "../jira/scripted_server.h"
#include "sources/sonarqube/client.h"

using namespace gate;
using namespace gate::sources::sonarqube;
using sources::jira::Scripted;
using sources::jira::ScriptedServer;

namespace {

http::Task<void> check(sources::Source& source, std::string& out) {
  try {
    sources::Health health;
    auto checking = source.health(health);
    co_await checking;
    out = health.system;
    for (const std::string& note : health.notes) out += ", " + note;
  } catch (const core::SourceError& failure) {
    out = failure.error().code + " " + failure.error().message + " | " + failure.error().hint;
  }
}

core::Setting setting(const char* key, const char* value) {
  core::Setting out;
  out.key = key;
  out.node.value = std::string(value);
  return out;
}

constexpr const char* kValidate = "/api/authentication/validate";
constexpr const char* kShow = "/api/components/show?component=checkout";
constexpr const char* kStatus = "/api/system/status";

const Scripted kValid{kValidate, 200, R"({"valid":true})", ""};
const Scripted kVersion{kStatus, 200, R"({"version":"10.4.1"})", ""};

struct Checked {
  std::string outcome;
  std::vector<std::string> requests;
};

/// `questions` are of these projects; the source's own is "checkout".
Checked checked(const std::vector<Scripted>& script, const std::vector<const char*>& projects = {},
                const char* token = "squ_t0ken-t0ken") {
  ScriptedServer server(script);
  http::Endpoint endpoint;
  endpoint.name = "sonar";
  endpoint.url = server.url();
  endpoint.bearer = core::Secret(token, "env SONAR_TOKEN");
  endpoint.credential_reference = "env SONAR_TOKEN";
  endpoint.retries = 0;
  core::Settings settings;
  settings.add(setting("project", "checkout"));
  http::Client client(http::Options{});
  SonarQubeSource source(endpoint, settings, {&client, nullptr, "", nullptr});
  std::vector<core::Question> questions(projects.size());
  std::vector<const core::Question*> pointers;
  for (std::size_t i = 0; i < projects.size(); ++i) {
    questions[i].shape = core::Shape::state;
    questions[i].query.add(setting("project", projects[i]));
    pointers.push_back(&questions[i]);
  }
  source.prepare(pointers);
  Checked out;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(check(source, out.outcome));
  client.run(std::move(tasks));
  out.requests = server.requests();
  return out;
}

}  // namespace

TEST_CASE("each way to fail has a sentence of its own") {
  struct Row {
    const char* name;
    std::vector<Scripted> script;
    const char* outcome;
  };
  for (const Row& row :
       {Row{"right", {kValid, {kShow, 200, R"({"component":{"key":"checkout"}})", ""}, kVersion}, "SonarQube 10.4.1"},
        Row{"an invalid token",
            {{kValidate, 200, R"({"valid":false})", ""}},
            "RG1805 sonar: the token is not valid | renew env SONAR_TOKEN"},
        Row{"another system",
            {{kValidate, 200, "{}", ""}},
            "RG1801 sonar: the answer is not what SonarQube's api/authentication/validate gives | check `url`: it is the "
            "server's address "
            "with its context path, without /api"},
        Row{"no Browse", {kValid, {kShow, 403, R"({"errors":[{"msg":"Insufficient privileges"}]})", ""}}, "RG1103 "},
        Row{"no project",
            {kValid, {kShow, 404, R"({"errors":[{"msg":"Component key 'checkout' not found"}]})", ""}},
            "RG1803 sonar: checkout is not there, or the token may not see it (HTTP 404) | "}}) {
    INFO(row.name);
    CHECK_THAT(checked(row.script).outcome, Catch::Matchers::StartsWith(row.outcome));
  }
}

TEST_CASE("every project that is asked about must be seen") {
  const Checked found =
      checked({kValid, {kShow, 200, R"({"component":{}})", ""}, {"/api/components/show?component=shipping", 403, "{}", ""}},
              {"checkout", "shipping"});
  CHECK_THAT(found.outcome, Catch::Matchers::StartsWith("RG1103"));
  CHECK_THAT(found.outcome, Catch::Matchers::EndsWith("needs the permission \"Browse\" on shipping"));
  CHECK(found.requests == std::vector<std::string>{std::string("GET ") + kValidate, std::string("GET ") + kShow,
                                                   "GET /api/components/show?component=shipping"});
}

TEST_CASE("a server that lets everybody in calls no token valid") {
  const Checked found = checked({kValid, {kShow, 200, R"({"component":{}})", ""}, kVersion}, {}, "");
  CHECK(found.outcome == "SonarQube 10.4.1, no token is given: only what everybody may see can be asked for");
}
