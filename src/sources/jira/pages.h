// Pages: one search of issues, page after page, with everything that ends or breaks such a chain. Sends nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/error.h"
#include "sources/jira/decode.h"
#include "sources/jira/refusal.h"

namespace gate::sources::jira {

/// More issues than this are no window of a release: the JQL is wrong.
inline constexpr std::size_t kMostIssues = 200000;

enum class WithHistory { no, yes };

/// One search under way: makes the body of the next request and takes the answer to it.
class Search {
 public:
  /// `fields` are ids. With history, Data Center sends the changelogs along; Cloud has an address of its own for them.
  Search(Deployment deployment, std::string jql, std::vector<std::string> fields, WithHistory history);

  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] const std::string& jql() const { return jql_; }
  [[nodiscard]] std::string path() const;
  [[nodiscard]] std::string body() const;

  /// The issues of `page` that did not come before; moves on to the next page, or finishes. RG1705: a token that was there
  /// already; RG1706: the total of Data Center shrank, or fewer issues came than it says; RG1707: more than kMostIssues.
  std::optional<core::Error> take(IssuePage page, std::vector<Issue>& out);

 private:
  std::optional<core::Error> move_on(const IssuePage& page);
  std::optional<core::Error> move_by_token(const IssuePage& page);
  std::optional<core::Error> move_by_start(const IssuePage& page);

  Deployment deployment_;
  std::string jql_;
  std::vector<std::string> fields_;
  WithHistory history_;
  bool finished_ = false;
  std::string token_;
  std::set<std::string> tokens_;
  std::int64_t start_ = 0;
  std::optional<std::int64_t> total_;
  std::unordered_set<std::string> seen_;
  std::size_t pages_ = 0;
};

/// The body of a request for the changes of status of `ids`, at most kMostChangelogs of them.
inline constexpr std::size_t kMostChangelogs = 1000;
std::string changelog_body(const std::vector<std::string>& ids, const std::string& token);

/// RG1705, for the chain of pages that `what` names.
core::Error repeated_token(const std::string& what, std::size_t pages);

}  // namespace gate::sources::jira
