// Github: the comment on a pull request, check runs and commit statuses over GitHub's API. What the bodies say is
// github_check's and comment's.
#pragma once

#include <string>

#include "core/report.h"
#include "http/client.h"
#include "publish/github_place.h"
#include "publish/sticky.h"

namespace gate::publish {

/// The comments of one pull request. Listing is by GraphQL, since REST knows neither who we are (the token of a workflow may
/// not ask) nor, on Enterprise Server, what was minimized; writing is by REST. Needs `pull-requests: write`.
/// https://docs.github.com/rest/issues/comments, https://docs.github.com/graphql/reference/objects#issuecomment
class GithubComments : public CommentStore {
 public:
  /// `place.run.pull_request` is there; both outlive this.
  GithubComments(http::Client& client, const GithubPlace& place) : client_(client), place_(place) {}

  http::Task<Listing> list() override;
  http::Task<Comment> create(std::string body) override;
  http::Task<bool> update(std::int64_t id, std::string body) override;
  http::Task<void> remove(std::int64_t id) override;

 private:
  http::Client& client_;
  const GithubPlace& place_;
};

/// What was made, and where it is to be seen.
struct Posted {
  std::string what;  ///< "check run", "commit status", "check run (there already)"
  std::string url;
};

/// A check run on the commit, its annotations in pieces of 50; the same report makes one only once. Needs `checks: write`;
/// throws core::SourceError.
http::Task<Posted> post_check(http::Client& client, const GithubPlace& place, const core::Report& report,
                              std::string gate_path);
/// A commit status. Needs `statuses: write`; throws core::SourceError.
http::Task<Posted> post_status(http::Client& client, const GithubPlace& place, const core::Report& report);

}  // namespace gate::publish
