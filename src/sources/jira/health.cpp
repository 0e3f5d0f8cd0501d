// JiraSource: what `release-gate sources --check` wants to know.
#include <fmt/format.h>

#include "http/url.h"
#include "sources/http_settings.h"
#include "sources/jira/client.h"
#include "sources/jira/jql.h"

namespace gate::sources::jira {

void JiraSource::prepare(std::span<const Question* const> questions) {
  for (const Question* question : questions) {
    const Query query = read_query(question->query);
    if (!query.project.empty()) projects_.insert(query.project);
    for (std::string& project : projects_in(query.jql)) projects_.insert(std::move(project));
  }
}

/// A credential that has expired is nobody's: /myself refuses it, and what everybody may see is answered all the same. One that
/// is wrong is refused everywhere.
http::Task<Myself> JiraSource::identify(Asking& asking) {
  http::Task<http::Response> sending = send_once(api("/myself"), http::Reuse::within_run);
  const http::Response response = co_await sending;
  if (response.status == 401) {
    asking.answer.requests.push_back(response.log);
    http::Task<http::Response> trying = send_once(api("/serverInfo"), http::Reuse::within_run);
    const http::Response open = co_await trying;
    const bool has_token = !endpoint_->bearer.empty() || !endpoint_->password.empty();
    if (open.status == 200 && has_token) {
      throw core::SourceError(anonymous_error(
          *endpoint_, fmt::format("GET {} (HTTP 401), while GET {} is answered", response.log.url, open.log.url)));
    }
    asking.answer.requests.clear();
  }
  http::Task<std::string> getting = get(asking, api("/myself"));
  const std::string body = co_await getting;
  co_return value_of(decode_myself(body), api("/myself"));
}

/// `project` is a key, or "" for any.
http::Task<void> JiraSource::require_browsing(Asking& asking, std::string project, const Myself& myself) {
  std::string path = api("/mypermissions?permissions=BROWSE_PROJECTS");
  if (!project.empty()) path += "&projectKey=" + http::percent_encode(project);
  bool browses = true;
  try {
    http::Task<std::string> allowing = get(asking, path);
    const std::string allowed = co_await allowing;
    browses = value_of(decode_permission(allowed, "BROWSE_PROJECTS"), path).value_or(true);
  } catch (const core::SourceError&) {
    // Jira hides a project that may not be browsed: it is not found, as one that does not exist.
    const int status = asking.answer.requests.empty() ? 0 : asking.answer.requests.back().status;
    if (project.empty() || status != 404) throw;
    browses = false;
  }
  if (browses) co_return;
  const std::string what =
      project.empty() ? "may browse no project" : fmt::format("may not browse the project {}, or there is none", project);
  throw core::SourceError({"RG1714",
                           fmt::format("{}: this user {}", endpoint_->name, what),
                           "give the user the permission Browse projects in the projects that are asked about",
                           {"it is " + shown(*client_, myself.name)},
                           {}});
}

http::Task<void> JiraSource::health(Health& found) {
  const Question nothing{};
  Asking asking{nothing, {}, {}, {}, 0};
  const KeepRequests keeping(asking.answer, found);
  http::Task<Myself> identifying = identify(asking);
  const Myself myself = co_await identifying;
  found.authenticated = true;
  found.identity = "as " + shown(*client_, myself.name);
  if (!myself.time_zone.empty()) found.notes.push_back("times in the zone " + shown(*client_, myself.time_zone));
  std::vector<std::string> projects(projects_.begin(), projects_.end());
  if (projects.empty()) projects.emplace_back();
  found.permitted = false;
  for (const std::string& project : projects) {
    http::Task<void> requiring = require_browsing(asking, project, myself);
    co_await requiring;
  }
  found.permitted = true;
  http::Task<std::string> informing = get(asking, api("/serverInfo"));
  const std::string information = co_await informing;
  const ServerInfo info = value_of(decode_server_info(information), api("/serverInfo"));
  const bool is_cloud = info.deployment == "Cloud";
  found.system = fmt::format("Jira {} {}", is_cloud ? "Cloud" : "Data Center", shown(*client_, info.version));
  if (is_cloud != (options_.deployment == Deployment::cloud)) {
    throw core::SourceError({"RG1715",
                             fmt::format("{}: this is {}", endpoint_->name, found.system),
                             fmt::format("write `deployment = \"{}\"`", is_cloud ? "cloud" : "data-center"),
                             {},
                             {}});
  }
}

}  // namespace gate::sources::jira
