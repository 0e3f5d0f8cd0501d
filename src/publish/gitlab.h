// Gitlab: the note on a merge request and commit statuses over GitLab's API. What the text says is comment's.
#pragma once

#include <optional>
#include <string>

#include "core/report.h"
#include "http/client.h"
#include "publish/gitlab_place.h"
#include "publish/sticky.h"

namespace gate::publish {

/// The notes of one merge request. Needs a token with the scope `api` of somebody who may comment there.
/// https://docs.gitlab.com/api/notes/#merge-requests
class GitlabNotes : public CommentStore {
 public:
  /// `place.merge_request` is there; both outlive this.
  GitlabNotes(http::Client& client, const GitlabPlace& place) : client_(client), place_(place) {}

  http::Task<Listing> list() override;
  http::Task<Comment> create(std::string body) override;
  http::Task<bool> update(std::int64_t id, std::string body) override;
  http::Task<void> remove(std::int64_t id) override;

 private:
  [[nodiscard]] std::string path(const std::string& rest) const;

  http::Client& client_;
  const GitlabPlace& place_;
};

/// A commit status "release-gate: NAME" on the commit: success or failed. Throws core::SourceError.
/// https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
http::Task<void> post_gitlab_status(http::Client& client, const GitlabPlace& place, const core::Report& report);

/// The number of the next page: from the Link header (RFC 8288, rel="next"), else from X-Next-Page; nullopt after the last.
/// https://docs.gitlab.com/api/rest/#pagination
std::optional<std::int64_t> next_page(const http::Response& response);

}  // namespace gate::publish
