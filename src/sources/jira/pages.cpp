#include "sources/jira/pages.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace gate::sources::jira {
namespace {

// Cloud sends fewer when fields are asked for, Data Center at most jira.search.views.default.max (1,000); both say what they
// did.
constexpr int kPageSize = 1000;
constexpr int kPageSizeWithHistory = 100;

core::Error moving_pages(std::string what) {
  return {"RG1706",
          "the issues changed while they were read: " + std::move(what),
          "run the gate again; when it stays so, let the window end earlier (a larger `ingest_delay`)",
          {},
          {}};
}

}  // namespace

Search::Search(Deployment deployment, std::string jql, std::vector<std::string> fields, WithHistory history)
    : deployment_(deployment), jql_(std::move(jql)), fields_(std::move(fields)), history_(history) {}

std::string Search::path() const {
  return deployment_ == Deployment::cloud ? "/rest/api/3/search/jql" : "/rest/api/2/search";
}

std::string Search::body() const {
  const bool is_cloud = deployment_ == Deployment::cloud;
  nlohmann::json body;
  // Offsets need an order that does not change; tokens keep their own.
  body["jql"] = is_cloud ? jql_ : jql_ + " ORDER BY key ASC";
  body["fields"] = fields_;
  body["maxResults"] = history_ == WithHistory::yes && !is_cloud ? kPageSizeWithHistory : kPageSize;
  if (is_cloud && !token_.empty()) body["nextPageToken"] = token_;
  if (!is_cloud) body["startAt"] = start_;
  if (!is_cloud && history_ == WithHistory::yes) body["expand"] = {"changelog"};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<core::Error> Search::take(IssuePage page, std::vector<Issue>& out) {
  ++pages_;
  for (Issue& issue : page.issues) {
    if (seen_.insert(issue.id).second) out.push_back(std::move(issue));
  }
  if (seen_.size() > kMostIssues || pages_ > kMostIssues) {
    return core::Error{"RG1707",
                       fmt::format("the JQL matches more than {} issues", kMostIssues),
                       "narrow `jql`, or shorten the window",
                       {},
                       {}};
  }
  return move_on(page);
}

std::optional<core::Error> Search::move_on(const IssuePage& page) {
  return deployment_ == Deployment::cloud ? move_by_token(page) : move_by_start(page);
}

/// `isLast` is not looked at: it was seen true with a token beside it, and missing without one.
std::optional<core::Error> Search::move_by_token(const IssuePage& page) {
  finished_ = page.next_token.empty();
  if (finished_) return std::nullopt;
  if (!tokens_.insert(page.next_token).second) return repeated_token("the search", pages_);
  token_ = page.next_token;
  return std::nullopt;
}

std::optional<core::Error> Search::move_by_start(const IssuePage& page) {
  if (!page.total) {
    return core::Error{"RG1710",
                       "the answer is not one of Jira's: a page of issues has no `total`",
                       "is `deployment` right (cloud or data-center)?",
                       {},
                       {}};
  }
  const auto count = static_cast<std::int64_t>(page.issues.size());
  if (total_ && *page.total < *total_) return moving_pages(fmt::format("first {} of them, then {}", *total_, *page.total));
  total_ = page.total;
  start_ += count;
  finished_ = start_ >= *total_;
  if (!finished_ && count == 0) return moving_pages(fmt::format("{} of {} came", start_, *total_));
  if (finished_ && static_cast<std::int64_t>(seen_.size()) < *total_) {
    return moving_pages(fmt::format("{} different ones of {} came", seen_.size(), *total_));
  }
  return std::nullopt;
}

std::string changelog_body(const std::vector<std::string>& ids, const std::string& token) {
  nlohmann::json body;
  body["issueIdsOrKeys"] = ids;
  body["fieldIds"] = {"status"};
  body["maxResults"] = kMostChangelogs;
  if (!token.empty()) body["nextPageToken"] = token;
  return body.dump();
}

core::Error repeated_token(const std::string& what, std::size_t pages) {
  return {"RG1705",
          fmt::format("Jira gave the same page token twice in {}, at page {}", what, pages),
          "the pages would never end, so nothing is counted; this is a fault of Jira's: run the gate again",
          {},
          {}};
}

}  // namespace gate::sources::jira
