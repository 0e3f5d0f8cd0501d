#include "sources/jira/refusal.h"

#include <fmt/format.h>

#include "core/text.h"
#include "http/job.h"
#include "sources/jira/decode.h"

namespace gate::sources::jira {
namespace {

constexpr std::size_t kShownBytes = 300;

std::string credential_of(const http::Endpoint& endpoint) {
  return endpoint.credential_reference.empty() ? "`token`" : endpoint.credential_reference;
}

core::Error jql_error(const http::Request& request, const http::Response& response, const http::Redactor& redactor,
                      const std::vector<std::string>& words, const std::string& jql) {
  const auto show = [&](const std::string& text) { return core::shorten(core::printable(redactor.redact(text)), kShownBytes); };
  core::Error error{"RG1701",
                    fmt::format("{}: Jira refuses the JQL: {}", http::name_of(*request.endpoint), show(words.front())),
                    "mend `jql` in the gate file; try it in Jira's own search for issues",
                    {},
                    {}};
  if (words.front().find("nbounded") != std::string::npos)
    error.hint = "add a condition such as `project = SHOP`: Jira Cloud answers no question about all issues";
  for (std::size_t i = 1; i < words.size(); ++i) error.context.push_back("it said: " + show(words[i]));
  error.context.push_back("JQL: " + core::printable(redactor.redact(jql)));
  error.context.push_back(fmt::format("{} {} (HTTP {})", response.log.method, response.log.url, response.status));
  return error;
}

}  // namespace

std::string failed_login(const http::Response& response) {
  const auto found = response.headers.find("x-seraph-loginreason");
  if (found == response.headers.end()) return "";
  for (const char* reason : {"AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED"}) {
    if (found->second.find(reason) != std::string::npos) return reason;
  }
  return "";
}

core::Error anonymous_error(const http::Endpoint& endpoint, const std::string& reason) {
  return {"RG1702",
          fmt::format("{}: Jira answers, but not for the user whose credential was sent", http::name_of(endpoint)),
          fmt::format("is {} expired or revoked, and does it belong to `email`? An answer for nobody holds no issues, or only "
                      "those that everybody may see: it is no count",
                      credential_of(endpoint)),
          {reason},
          {}};
}

core::Error refusal_error(const http::Request& request, const http::Response& response, const http::Redactor& redactor,
                          const std::string& jql, Deployment deployment) {
  const std::vector<std::string> words = decode_messages(response.body);
  if (response.status == 400 && !words.empty() && !jql.empty()) return jql_error(request, response, redactor, words, jql);
  core::Error error = http::status_error(request, response, redactor);
  const bool is_search = request.path.find("/search") != std::string::npos;
  if (response.status == 410 && is_search) {
    error.code = "RG1703";
    error.message = fmt::format("{}: this search is gone from Jira Cloud (HTTP 410)", http::name_of(*request.endpoint));
    error.hint = "the source says `deployment = \"data-center\"`, and this is Jira Cloud: write `deployment = \"cloud\"`";
  } else if (response.status == 404 && is_search) {
    error.hint = deployment == Deployment::cloud
                     ? "if this is Jira Data Center, say `deployment = \"data-center\"`; else check `url`"
                     : "if this is Jira Cloud, say `deployment = \"cloud\"`; else check `url`, with its path (/jira)";
  } else if (response.status == 403 && failed_login(response) == "AUTHENTICATION_DENIED") {
    error.hint = "too many failed logins: Jira wants a CAPTCHA, so log in once in a browser as this user";
  } else if (response.status == 403) {
    error.hint += ": Browse projects, and for OAuth the scopes read:jira-work and read:jira-user";
  } else if (response.status == 404) {
    error.hint =
        "Jira says the same for what is not there and for what this user may not see: check the name and Browse projects";
  }
  return error;
}

}  // namespace gate::sources::jira
