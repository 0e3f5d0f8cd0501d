#include "publish/gitlab.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "publish/ask.h"
#include "publish/github_check.h"

namespace gate::publish {
namespace {

constexpr std::int64_t kMostPages = 200;

Hints hints() {
  return {
      "the token needs the scope `api` and at least the role Reporter in the project of the merge request (Developer for "
      "statuses)",
      "are project and merge request right, and may the token see them? GitLab says 404 where it may not",
      "its words say what it does not take"};
}

http::Request request_of(const GitlabPlace& place, std::string method, std::string path) {
  http::Request request;
  request.endpoint = place.api;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

std::string note_body(const std::string& text) {
  Json out;
  out["body"] = text;
  return body_text(out);
}

/// One page of notes: those of `author` go into `listing`.
http::Task<std::optional<std::int64_t>> list_page(http::Client& client, http::Request request, std::int64_t author,
                                                  const std::string& base, Listing& listing) {
  http::Request copy = request;
  http::Task<http::Response> asking = ask(client, std::move(copy));
  const http::Response response = co_await asking;
  if (response.status != 200) {
    core::Error error = refused(client, request, response, hints());
    throw core::SourceError(std::move(error));
  }
  const Json notes = Json::parse(response.body, nullptr, false);
  if (!notes.is_array()) {
    core::Error error = unexpected(client, request, "is no list of notes");
    throw core::SourceError(std::move(error));
  }
  for (const Json& note : notes) {
    const std::int64_t id = number_of(note, "id");
    const bool ours = id > 0 && !flag_of(note, "system") && number_of(note.value("author", Json()), "id") == author;
    if (ours) listing.own.push_back({id, text_of(note, "body"), base.empty() ? "" : fmt::format("{}#note_{}", base, id)});
  }
  co_return next_page(response);
}

}  // namespace

std::optional<std::int64_t> next_page(const http::Response& response) {
  if (const auto link = response.headers.find("link"); link != response.headers.end()) {
    const std::string& text = link->second;
    const std::size_t next = text.find("rel=\"next\"");
    if (next == std::string::npos) return std::nullopt;
    const std::size_t start = text.rfind('<', next);
    const std::size_t end = start == std::string::npos ? start : text.find('>', start);
    if (end == std::string::npos) return std::nullopt;
    const std::string url = text.substr(start + 1, end - start - 1);
    for (const char* mark : {"?page=", "&page="}) {
      const std::size_t at = url.find(mark);
      if (at == std::string::npos) continue;
      const std::string rest = url.substr(at + 6);
      return positive_number(rest.substr(0, rest.find('&')));
    }
  }
  const auto header = response.headers.find("x-next-page");
  return header == response.headers.end() ? std::nullopt : positive_number(header->second);
}

std::string GitlabNotes::path(const std::string& rest) const {
  return fmt::format("/projects/{}/merge_requests/{}{}", place_.merge_request_project, *place_.merge_request, rest);
}

http::Task<Listing> GitlabNotes::list() {
  http::Task<Json> asking_user = ask_json(client_, request_of(place_, "GET", "/user"), hints());
  const Json user = co_await asking_user;
  http::Task<Json> asking_request = ask_json(client_, request_of(place_, "GET", path("")), hints());
  const Json merge_request = co_await asking_request;
  Listing listing;
  listing.head = text_of(merge_request, "sha");
  const std::string base = text_of(merge_request, "web_url");
  const std::int64_t author = number_of(user, "id");
  std::optional<std::int64_t> page = 1;
  while (page && author > 0) {
    http::Request request = request_of(place_, "GET", path("/notes"));
    request.parameters = {{"per_page", "100"}, {"order_by", "created_at"}, {"sort", "asc"}, {"page", std::to_string(*page)}};
    http::Task<std::optional<std::int64_t>> listed = list_page(client_, request, author, base, listing);
    const std::optional<std::int64_t> next = co_await listed;
    if (next && (*next <= *page || *next > kMostPages)) {
      core::Error error = unexpected(client_, request, "names a next page that is none");
      throw core::SourceError(std::move(error));
    }
    page = next;
  }
  if (author > 0) co_return listing;
  core::Error error = unexpected(client_, request_of(place_, "GET", "/user"), "names no user");
  throw core::SourceError(std::move(error));
}

http::Task<Comment> GitlabNotes::create(std::string body) {
  http::Request request = request_of(place_, "POST", path("/notes"));
  request.idempotent = false;
  request.body = note_body(body);
  http::Request copy = request;
  http::Task<Json> asking = ask_json(client_, std::move(copy), hints());
  const Json answer = co_await asking;
  Comment comment{number_of(answer, "id"), std::move(body), ""};
  if (comment.id <= 0) {
    core::Error error = unexpected(client_, request, "is no note");
    throw core::SourceError(std::move(error));
  }
  co_return comment;
}

http::Task<bool> GitlabNotes::update(std::int64_t id, std::string body) {
  http::Request request = request_of(place_, "PUT", path(fmt::format("/notes/{}", id)));
  request.body = note_body(body);
  http::Request copy = request;
  http::Task<http::Response> asking = ask(client_, std::move(copy));
  const http::Response response = co_await asking;
  if (response.status == 404) co_return false;
  if (response.status == 200) co_return true;
  core::Error error = refused(client_, request, response, hints());
  throw core::SourceError(std::move(error));
}

http::Task<void> GitlabNotes::remove(std::int64_t id) {
  http::Request request = request_of(place_, "DELETE", path(fmt::format("/notes/{}", id)));
  http::Request copy = request;
  http::Task<http::Response> asking = ask(client_, std::move(copy));
  const http::Response response = co_await asking;
  if (response.status == 404 || (response.status >= 200 && response.status < 300)) co_return;
  core::Error error = refused(client_, request, response, hints());
  throw core::SourceError(std::move(error));
}

http::Task<void> post_gitlab_status(http::Client& client, const GitlabPlace& place, const core::Report& report) {
  Json body;
  const bool well = report.verdict == core::Verdict::pass || report.verdict == core::Verdict::warn || report.exit_code == 0;
  body["state"] = well ? "success" : "failed";
  body["name"] = check_name(report);
  body["description"] = core::shorten(status_description(report), kMostStatusDescription);
  if (!place.report_url.empty()) body["target_url"] = place.report_url;
  // Without it GitLab may choose another pipeline of the commit.
  if (!place.pipeline.empty()) body["pipeline_id"] = positive_number(place.pipeline).value_or(0);
  http::Request request = request_of(place, "POST", fmt::format("/projects/{}/statuses/{}", place.project, place.sha));
  request.body = body_text(body);
  http::Request copy = request;
  http::Task<http::Response> asking = ask(client, std::move(copy));
  const http::Response response = co_await asking;
  // The status is set to what it is already.
  if (response.status == 400 && response.body.find("Cannot transition status") != std::string::npos) co_return;
  if (response.status >= 200 && response.status < 300) co_return;
  core::Error error = refused(client, request, response, hints());
  throw core::SourceError(std::move(error));
}

}  // namespace gate::publish
