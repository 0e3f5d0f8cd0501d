#include "publish/github.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "core/text.h"
#include "http/url.h"
#include "publish/ask.h"
#include "publish/github_check.h"

namespace gate::publish {
namespace {

/// A pull request takes 2,500 comments.
constexpr std::size_t kMostPages = 50;
constexpr const char* kQuery = R"(query($owner:String!,$name:String!,$number:Int!,$after:String){
  viewer{login}
  repository(owner:$owner,name:$name){
    pullRequest(number:$number){
      headRefOid
      comments(first:100,after:$after){
        nodes{url body isMinimized viewerDidAuthor author{__typename login}}
        pageInfo{hasNextPage endCursor}
      }
    }
  }
})";

http::Request request_of(const GithubPlace& place, std::string method, std::string path) {
  http::Request request;
  request.endpoint = place.api;
  request.method = std::move(method);
  request.path = fmt::format("/repos/{}{}", place.repository, path);
  request.headers = {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};
  return request;
}

Hints hints_for(std::string_view permission) {
  return {fmt::format("the job needs `permissions: {}: write`; a token of a pull request from a fork never writes", permission),
          "is GITHUB_REPOSITORY right, and may the token see it? GitHub says 404 where it may not",
          "its words say what it does not take"};
}

/// "https://github.com/o/r/pull/1#issuecomment-123": GraphQL's own numbers end at 2^31, and these do not.
std::int64_t id_in(const std::string& url) {
  constexpr std::string_view kMark = "#issuecomment-";
  const std::size_t at = url.rfind(kMark);
  return at == std::string::npos ? 0 : positive_number(url.substr(at + kMark.size())).value_or(0);
}

/// The viewer of a workflow is "github-actions[bot]", and what it wrote is by the bot "github-actions".
bool is_own(const Json& node, const std::string& viewer) {
  if (flag_of(node, "viewerDidAuthor")) return true;
  const Json author = node.value("author", Json());
  const std::string login = text_of(author, "login");
  return !login.empty() && (text_of(author, "__typename") == "Bot" ? login + "[bot]" : login) == viewer;
}

/// GraphQL refuses at status 200.
core::Error graphql_error(const http::Client& client, const http::Request& request, const Json& errors) {
  const Json first = errors.is_array() && !errors.empty() ? errors.front() : Json();
  const std::string type = text_of(first, "type");
  const std::string said = core::shorten(core::printable(client.redactor().redact(text_of(first, "message"))), 200);
  const Hints hints = hints_for("pull-requests");
  core::Error error = unexpected(client, request, "is an error");
  if (type == "FORBIDDEN" || type == "INSUFFICIENT_SCOPES") {
    error = {"RG1103", "github: the server refuses permission (GraphQL)", hints.forbidden, {}, {}};
  } else if (type == "NOT_FOUND") {
    error = {"RG1104", "github: there is no such pull request (GraphQL)", hints.not_found, {}, {}};
  } else if (type == "RATE_LIMITED") {
    error = {"RG1129", "github: the server is rate-limiting us (GraphQL)", "publish less often", {}, {}};
  }
  if (!said.empty()) error.context.push_back("it said: " + said);
  return error;
}

/// One page: what is ours goes into `listing`; the cursor of the next one, "" after the last.
http::Task<std::string> list_page(http::Client& client, const GithubPlace& place, std::string after, Listing& listing) {
  const std::size_t slash = place.repository.find('/');
  Json variables;
  variables["owner"] = place.repository.substr(0, slash);
  variables["name"] = place.repository.substr(slash + 1);
  variables["number"] = *place.run.pull_request;
  variables["after"] = after.empty() ? Json(nullptr) : Json(after);
  Json question;
  question["query"] = kQuery;
  question["variables"] = std::move(variables);
  http::Request request;
  request.endpoint = place.graphql;
  request.method = "POST";
  request.body = body_text(question);
  http::Request copy = request;
  http::Task<Json> asking = ask_json(client, std::move(copy), hints_for("pull-requests"));
  const Json answer = co_await asking;
  if (answer.is_object() && answer.contains("errors")) {
    core::Error error = graphql_error(client, request, answer.at("errors"));
    throw core::SourceError(std::move(error));
  }
  const Json::json_pointer found("/data/repository/pullRequest");
  const Json* pull = answer.contains(found) && answer.at(found).is_object() ? &answer.at(found) : nullptr;
  const Json comments = pull == nullptr ? Json() : pull->value("comments", Json());
  const Json nodes = comments.is_object() ? comments.value("nodes", Json()) : Json();
  const Json page = comments.is_object() ? comments.value("pageInfo", Json()) : Json();
  if (!nodes.is_array() || !page.is_object()) {
    core::Error error = unexpected(client, request, "holds no comments of a pull request");
    throw core::SourceError(std::move(error));
  }
  listing.head = text_of(*pull, "headRefOid");
  const std::string viewer = text_of(answer.at("data").value("viewer", Json()), "login");
  for (const Json& node : nodes) {
    if (!node.is_object() || flag_of(node, "isMinimized") || !is_own(node, viewer)) continue;
    const std::string url = text_of(node, "url");
    if (const std::int64_t id = id_in(url); id > 0) listing.own.push_back({id, text_of(node, "body"), url});
  }
  co_return flag_of(page, "hasNextPage") ? text_of(page, "endCursor") : "";
}

Json with_body(std::string body) {
  Json out;
  out["body"] = std::move(body);
  return out;
}

/// Status 2xx, or throws what is wrong; false for 404 and 410.
http::Task<bool> change(http::Client& client, http::Request request) {
  http::Request copy = request;
  http::Task<http::Response> asking = ask(client, std::move(copy));
  const http::Response response = co_await asking;
  if (response.status == 404 || response.status == 410) co_return false;
  if (response.status < 200 || response.status >= 300) {
    core::Error error = refused(client, request, response, hints_for("pull-requests"));
    throw core::SourceError(std::move(error));
  }
  co_return true;
}

/// The check run that the same report has made already; "" without one.
http::Task<std::string> find_check(http::Client& client, const GithubPlace& place, const core::Report& report) {
  http::Request request = request_of(place, "GET", fmt::format("/commits/{}/check-runs", place.run.sha));
  request.parameters = {{"check_name", check_name(report)}, {"filter", "latest"}, {"per_page", "100"}};
  http::Task<Json> asking = ask_json(client, std::move(request), hints_for("checks"));
  const Json answer = co_await asking;
  const Json runs = answer.is_object() ? answer.value("check_runs", Json()) : Json();
  const std::string key = report_key(report);
  if (runs.is_array()) {
    for (const Json& run : runs) {
      if (text_of(run, "external_id") == key) co_return text_of(run, "html_url");
    }
  }
  co_return "";
}

struct NewCheck {
  std::int64_t id = 0;
  std::string url;
};

/// Made once, though the first answer may be lost; `id` 0 when it was there.
http::Task<NewCheck> create_check(http::Client& client, const GithubPlace& place, const core::Report& report,
                                  std::string body) {
  constexpr int kMostTries = 3;
  std::optional<core::Error> lost;
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    http::Task<std::string> finding = find_check(client, place, report);
    NewCheck made;
    made.url = co_await finding;
    if (!made.url.empty()) co_return made;
    http::Request request = request_of(place, "POST", "/check-runs");
    request.idempotent = false;
    request.body = body;
    try {
      http::Task<Json> asking = ask_json(client, std::move(request), hints_for("checks"));
      const Json answer = co_await asking;
      made.id = number_of(answer, "id");
      made.url = text_of(answer, "html_url");
      co_return made;
    } catch (const core::SourceError& problem) {
      if (!is_ambiguous(problem.error())) throw;
      lost = problem.error();
    }
  }
  throw core::SourceError(*lost);
}

}  // namespace

http::Task<Listing> GithubComments::list() {
  Listing listing;
  std::set<std::string> seen;
  std::string after;
  do {
    http::Task<std::string> asking = list_page(client_, place_, after, listing);
    after = co_await asking;
    if (!seen.insert(after).second || seen.size() > kMostPages) {
      core::Error error{"RG3003", "github: the pages of comments have no end", "is the address that of the API?", {}, {}};
      throw core::SourceError(std::move(error));
    }
  } while (!after.empty());
  co_return listing;
}

http::Task<Comment> GithubComments::create(std::string body) {
  http::Request request = request_of(place_, "POST", fmt::format("/issues/{}/comments", *place_.run.pull_request));
  request.idempotent = false;
  request.body = body_text(with_body(body));
  http::Request copy = request;
  http::Task<Json> asking = ask_json(client_, std::move(copy), hints_for("pull-requests"));
  const Json answer = co_await asking;
  Comment comment{number_of(answer, "id"), std::move(body), text_of(answer, "html_url")};
  if (comment.id <= 0) {
    core::Error error = unexpected(client_, request, "is no comment");
    throw core::SourceError(std::move(error));
  }
  co_return comment;
}

http::Task<bool> GithubComments::update(std::int64_t id, std::string body) {
  http::Request request = request_of(place_, "PATCH", fmt::format("/issues/comments/{}", id));
  request.body = body_text(with_body(std::move(body)));
  http::Task<bool> changing = change(client_, std::move(request));
  co_return co_await changing;
}

http::Task<void> GithubComments::remove(std::int64_t id) {
  http::Task<bool> changing = change(client_, request_of(place_, "DELETE", fmt::format("/issues/comments/{}", id)));
  co_await changing;
}

http::Task<Posted> post_check(http::Client& client, const GithubPlace& place, const core::Report& report,
                              std::string gate_path) {
  const CheckPieces pieces = check_pieces(report, gate_path, place.run.sha, place.run.report_url);
  http::Task<NewCheck> creating = create_check(client, place, report, pieces.create);
  const NewCheck check = co_await creating;
  if (check.id > 0) {
    for (const std::string& more : pieces.updates) {
      // Annotations are added to those that are there: the same ones twice would be shown twice.
      http::Request request = request_of(place, "PATCH", fmt::format("/check-runs/{}", check.id));
      request.idempotent = false;
      request.body = more;
      http::Task<Json> asking = ask_json(client, std::move(request), hints_for("checks"));
      co_await asking;
    }
  }
  Posted posted{check.id > 0 ? "check run made" : "check run is there already", check.url};
  co_return posted;
}

http::Task<Posted> post_status(http::Client& client, const GithubPlace& place, const core::Report& report) {
  http::Request request = request_of(place, "POST", "/statuses/" + place.run.sha);
  request.body = status_body(report, place.run.report_url);
  http::Task<Json> asking = ask_json(client, std::move(request), hints_for("statuses"));
  co_await asking;
  Posted posted{"commit status set", ""};
  co_return posted;
}

}  // namespace gate::publish
