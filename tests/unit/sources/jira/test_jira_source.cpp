// JiraSource against answers on tape: what `sources --check` finds out, and the question about now.
#include <catch2/catch.hpp>
#include <filesystem>

#include "http/exchange.h"
#include "sources/jira/client.h"

using namespace gate;
using namespace gate::sources::jira;

namespace {

struct Scripted {
  const char* path;
  int status;
  const char* body;
  const char* login_reason = "";
  const char* sent = "";  ///< the body of a POST; GET when there is none
};

/// A folder that is gone when the test is over.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("jira-health-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  Folder() { std::filesystem::remove_all(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

http::Endpoint endpoint() {
  http::Endpoint out;
  out.name = "jira";
  out.url = "http://127.0.0.1:1";
  out.bearer = core::Secret("t0ken-t0ken", "env JIRA_PAT");
  out.credential_reference = "env JIRA_PAT";
  return out;
}

void put(http::Tape& tape, const Scripted& scripted) {
  http::Request request;
  request.endpoint = std::make_shared<const http::Endpoint>(endpoint());
  request.path = scripted.path;
  request.body = scripted.sent;
  request.method = request.body.empty() ? "GET" : "POST";
  http::Response response;
  response.status = scripted.status;
  response.body = scripted.body;
  if (*scripted.login_reason != '\0') response.headers["x-seraph-loginreason"] = scripted.login_reason;
  const std::string url = "http://127.0.0.1:1" + std::string(scripted.path);
  response.log = {request.method, url, scripted.status, 1, 1.0};
  const http::Redactor redactor;
  REQUIRE(tape.put(http::encode_question(request, url, request.body), http::encode_answer({response, std::nullopt}, redactor))
              .ok());
}

http::Task<void> check(sources::Source& source, std::string& out) {
  try {
    auto checking = source.health();
    const sources::Health health = co_await checking;
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
std::string outcome(const std::vector<Scripted>& script, const core::Question* question = nullptr) {
  const Folder folder;
  {
    auto recording = http::Tape::open(folder.path.string(), http::TapeMode::record);
    REQUIRE(recording.ok());
    for (const Scripted& one : script) put(recording.value(), one);
  }
  auto tape = http::Tape::open(folder.path.string(), http::TapeMode::replay);
  REQUIRE(tape.ok());
  http::Options options;
  options.tape = &tape.value();
  http::Client client(options);
  JiraSource source(endpoint(), {Deployment::data_center, JqlTimes::epoch, "", {}, {}}, &client);
  std::string text;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(question == nullptr ? check(source, text) : ask(source, *question, text));
  client.run(std::move(tasks));
  return text;
}

constexpr const char* kMyself = "/rest/api/2/myself";
constexpr const char* kPermissions = "/rest/api/2/mypermissions?permissions=BROWSE_PROJECTS";
constexpr const char* kInfo = "/rest/api/2/serverInfo";
const Scripted kJane{kMyself, 200, R"({"displayName":"Jane","timeZone":"Asia/Kolkata"})"};
const Scripted kAllowed{kPermissions, 200, R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":true}}})"};

}  // namespace

TEST_CASE("health has a sentence for each way to fail") {
  struct Row {
    std::vector<Scripted> script;
    const char* expected;
  };
  const Row rows[] = {
      {{kJane, kAllowed, {kInfo, 200, R"({"version":"9.12.4","deploymentType":"Server"})"}},
       "Jira Data Center 9.12.4, as Jane, times in the zone Asia/Kolkata"},
      {{{kMyself, 401, "{}"}}, "RG1101 jira: the server does not accept the credential (HTTP 401)"},
      {{{kMyself, 200, "{}", "AUTHENTICATED_FAILED"}},
       "RG1702 jira: Jira answers, but not for the user whose credential was sent"},
      {{{kMyself, 200, "<html><title>Log in</title></html>"}},
       "RG1202 jira: the server answered with a web page instead of data"},
      {{{kMyself, 503, ""}}, "RG1150 jira: the server failed (HTTP 503)"},
      {{kJane, {kPermissions, 200, R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":false}}})"}},
       "RG1714 jira: this user may browse no project"},
      {{kJane, kAllowed, {kInfo, 200, R"({"version":"1001.0.0","deploymentType":"Cloud"})"}},
       "RG1715 jira: this is Jira Cloud 1001.0.0"},
  };
  for (const Row& row : rows) CHECK(outcome(row.script) == row.expected);
}

TEST_CASE("how many issues match is known for now alone") {
  core::Question question;
  question.shape = core::Shape::latest;
  for (const auto& [key, value] : {std::pair("measure", "matching"), std::pair("jql", "priority = Blocker")}) {
    core::Setting setting;
    setting.key = key;
    setting.node.value = std::string(value);
    question.query.add(std::move(setting));
  }
  question.released_at = core::parse_time("2026-03-17T12:00:00Z").value();
  const auto search = [](const char* issues) {
    return Scripted{"/rest/api/2/search", 200, issues, "",
                    R"({"fields":["created"],"jql":"(priority = Blocker) ORDER BY key ASC","maxResults":1000,"startAt":0})"};
  };
  CHECK(outcome({search(R"({"total":2,"issues":[{"id":"1"},{"id":"2"}]})"), kJane}, &question) == "2026-03-17T12:00:00Z 2");
  CHECK(outcome({search(R"({"total":0,"issues":[]})"), kJane}, &question) == "2026-03-17T12:00:00Z 0");
  CHECK(outcome({search(R"({"total":0,"issues":[]})"), {kMyself, 401, "{}"}}, &question) ==
        "RG1702 jira: Jira answers, but not for the user whose credential was sent");
  question.before = question.released_at;
  CHECK(outcome({}, &question) == "RG1709 jira: Jira cannot say how many issues matched before the release");
}
