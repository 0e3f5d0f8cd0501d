// What GitHub's answers about deployments say. No I/O.
// https://docs.github.com/en/rest/deployments
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "http/client.h"
#include "sources/json_at.h"

namespace gate::sources::github_deployments {

/// One of /repos/O/R/deployments.
struct Listed {
  std::string id;
  std::string sha;
  core::Time created{};
};

/// How a deployment ended, by its statuses.
struct Ended {
  bool has_status = false;
  std::optional<core::Time> succeeded;  ///< when it first did, whatever became of it
  std::optional<core::Time> failed;     ///< when it last did, where it never succeeded
};

/// Throw the faults of `root` for what is missing or of another type.
std::vector<Listed> decode_deployments(const JsonAt& root);
/// A deployment that succeeded turns `inactive` when the next one takes its place, so that any `success` counts.
void take_statuses(const JsonAt& root, Ended& ended);
/// The time of the commit in an answer of /commits/SHA.
core::Time decode_commit(const JsonAt& root);

/// How long GitHub asks to wait, where HTTP 403 means that it was asked too often: `Retry-After`, or nothing remaining until
/// `X-RateLimit-Reset`. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
std::optional<core::Duration> limited_for(const http::Response& response, core::Time now);

}  // namespace gate::sources::github_deployments
