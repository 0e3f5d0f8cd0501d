#include "sources/jira/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "http/url.h"
#include "sources/http_settings.h"
#include "sources/jira/jql.h"

namespace gate::sources::jira {
namespace {

bool has_credential(const http::Endpoint& endpoint) {
  return !endpoint.bearer.empty() || !endpoint.user.empty() || !endpoint.headers.empty();
}

void add_note(std::vector<std::string>& notes, std::string note) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
}

}  // namespace

JiraSource::JiraSource(http::Endpoint endpoint, Options options, http::Client* client)
    : endpoint_(std::make_shared<const http::Endpoint>(std::move(endpoint))), options_(std::move(options)), client_(client) {}

std::string JiraSource::api(std::string_view path) const {
  return fmt::format("/rest/api/{}{}", options_.deployment == Deployment::cloud ? 3 : 2, path);
}

/// The body of an answer that is 2xx and JSON by the look of it. `jql` is shown when the request is refused.
http::Task<std::string> JiraSource::send(Asking& asking, std::string method, std::string path, std::string body,
                                         std::string jql) {
  http::Request request;
  request.endpoint = endpoint_;
  request.method = std::move(method);
  request.path = std::move(path);
  request.body = std::move(body);
  http::Task<http::Response> sending = client_->send(request);
  http::Response response = co_await sending;
  asking.answer.requests.push_back(response.log);
  if (response.status < 200 || response.status >= 300) {
    throw core::SourceError(refusal_error(request, response, client_->redactor(), jql, options_.deployment));
  }
  if (http::is_html(response)) {
    throw core::SourceError({"RG1202",
                             fmt::format("{}: the server answered with a web page instead of data", endpoint_->name),
                             "a login page: check `url`, and whether a proxy or single sign-on stands between",
                             {response.log.method + " " + response.log.url},
                             {}});
  }
  const std::string reason = failed_login(response);
  if (!reason.empty() && has_credential(*endpoint_)) {
    throw core::SourceError(anonymous_error(*endpoint_, "X-Seraph-LoginReason: " + reason));
  }
  co_return std::move(response.body);
}

http::Task<std::string> JiraSource::get(Asking& asking, std::string path) {
  http::Task<std::string> sending = send(asking, "GET", std::move(path), "", "");
  std::string body = co_await sending;
  co_return body;
}

http::Task<std::vector<Issue>> JiraSource::next_page(Asking& asking, Search& search, WithHistory history) {
  http::Task<std::string> sending = send(asking, "POST", search.path(), search.body(), search.jql());
  const std::string body = co_await sending;
  IssuePage page = value_of(decode_issues(body), search.path());
  std::vector<Issue> issues;
  if (auto error = search.take(std::move(page), issues)) {
    error->message = endpoint_->name + ": " + error->message;
    error->context.push_back("JQL: " + shown(*client_, search.jql()));
    throw core::SourceError(std::move(*error));
  }
  if (history == WithHistory::yes && options_.deployment == Deployment::cloud) {
    http::Task<void> adding = add_histories(asking, issues);
    co_await adding;
  }
  co_return issues;
}

/// The changes of status of a page of issues, which Cloud hands out apart; an issue without any is not in the answer.
http::Task<void> JiraSource::add_histories(Asking& asking, std::vector<Issue>& issues) {
  const std::string path = api("/changelog/bulkfetch");
  for (std::size_t begin = 0; begin < issues.size(); begin += kMostChangelogs) {
    const std::size_t end = std::min(issues.size(), begin + kMostChangelogs);
    std::vector<std::string> ids;
    for (std::size_t i = begin; i < end; ++i) ids.push_back(issues[i].id);
    std::map<std::string, std::vector<Change>> all;
    std::set<std::string> tokens;
    std::string token;
    do {
      http::Task<std::string> sending = send(asking, "POST", path, changelog_body(ids, token), "");
      const std::string body = co_await sending;
      ChangelogPage page = value_of(decode_changelogs(body), path);
      for (auto& [id, changes] : page.changes) {
        std::vector<Change>& known = all[id];
        known.insert(known.end(), changes.begin(), changes.end());
      }
      token = page.next_token;
      if (!token.empty() && !tokens.insert(token).second) {
        core::Error error = repeated_token("the changelogs", tokens.size() + 1);
        error.message = endpoint_->name + ": " + error.message;
        throw core::SourceError(std::move(error));
      }
    } while (!token.empty());
    for (std::size_t i = begin; i < end; ++i) {
      issues[i].changes = std::move(all[issues[i].id]);
      std::stable_sort(issues[i].changes.begin(), issues[i].changes.end(),
                       [](const Change& a, const Change& b) { return a.at < b.at; });
    }
  }
}

/// Jira answers a credential that has expired with 200 and what everybody may see, which is mostly nothing.
http::Task<void> JiraSource::check_identity(Asking& asking) {
  if (!has_credential(*endpoint_)) {
    add_note(asking.answer.notes, "asked without a credential: only issues that everybody may see are counted");
    co_return;
  }
  http::Task<http::Response> sending = send_once(api("/myself"), http::Reuse::within_run);
  const http::Response response = co_await sending;
  asking.answer.requests.push_back(response.log);
  const std::string reason = failed_login(response);
  if (response.status == 401 || response.status == 403 || !reason.empty()) {
    throw core::SourceError(anonymous_error(
        *endpoint_, fmt::format("GET {} (HTTP {}){}", response.log.url, response.status, reason.empty() ? "" : " " + reason)));
  }
  if (response.status != 200) {
    http::Request request;
    request.endpoint = endpoint_;
    request.path = api("/myself");
    throw core::SourceError(http::status_error(request, response, client_->redactor()));
  }
  value_of(decode_myself(response.body), api("/myself"));
}

http::Task<http::Response> JiraSource::send_once(std::string path, http::Reuse reuse) const {
  http::Request request;
  request.endpoint = endpoint_;
  request.path = std::move(path);
  request.reuse = reuse;
  http::Task<http::Response> sending = client_->send(request);
  http::Response response = co_await sending;
  co_return response;
}

http::Task<std::vector<Field>> JiraSource::fields(Asking& asking) {
  http::Task<std::string> getting = get(asking, api("/field"));
  const std::string body = co_await getting;
  co_return value_of(decode_fields(body), api("/field"));
}

http::Task<DateField> JiraSource::window_field(Asking& asking) {
  const std::string name = asking.query.window_field;
  if (const auto known = system_date_field(name)) co_return *known;
  http::Task<std::vector<Field>> getting = fields(asking);
  const std::vector<Field> all = co_await getting;
  const Field field = value_of(find_field(all, name), api("/field"));
  if (field.type != "date" && field.type != "datetime") {
    throw core::SourceError(
        {"RG1712",
         fmt::format("{}: the field `{}` holds no dates", endpoint_->name, core::printable(name)),
         "`window_field` must be a date: created, resolved, updated, or a date field of yours",
         {fmt::format("Jira says its type is {}", field.type.empty() ? "unknown" : core::printable(field.type))},
         {}});
  }
  co_return date_field(field);
}

http::Task<Workflow> JiraSource::workflow(Asking& asking) {
  http::Task<std::string> getting = get(asking, api("/status"));
  const std::string body = co_await getting;
  const std::vector<KnownStatus> statuses = value_of(decode_statuses(body), api("/status"));
  co_return value_of(make_workflow(statuses, options_.in_progress, options_.done), api("/status"));
}

http::Task<core::Answer> JiraSource::ask(const Question& question) {
  Asking asking{question, read_query(question.query), {}, {}, 0};
  asking.answer.graph_url = graph_url(question, asking.query);
  if (endpoint_->insecure) asking.answer.notes.emplace_back("TLS certificates were not verified (`insecure = true`)");
  http::Task<void> collecting = collect(asking);
  co_await collecting;
  http::Task<void> checking = check_identity(asking);
  co_await checking;
  finish(asking);
  co_return std::move(asking.answer);
}

http::Task<std::string> JiraSource::version() {
  // Nothing hangs on it: one attempt, so that a server that is down is not asked twice as often.
  auto once = std::make_shared<http::Endpoint>(*endpoint_);
  once->retries = 0;
  http::Request request;
  request.endpoint = std::move(once);
  request.path = api("/serverInfo");
  http::Task<http::Response> sending = client_->send(request);
  const http::Response response = co_await sending;
  if (response.status != 200) co_return std::string();
  const auto info = decode_server_info(response.body);
  if (!info.ok() || info->version.empty()) co_return std::string();
  co_return fmt::format("Jira {} {}", info->deployment == "Cloud" ? "Cloud" : "Data Center", shown(*client_, info->version));
}

}  // namespace gate::sources::jira
