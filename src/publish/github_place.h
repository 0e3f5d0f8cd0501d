// Github place: which repository, commit and pull request a run of GitHub Actions (or whoever sets its variables) publishes to.
// https://docs.github.com/actions/reference/workflows-and-actions/variables
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "http/client.h"
#include "publish/surroundings.h"

namespace gate::publish {

/// What is known without a token.
struct GithubRun {
  std::string sha;  ///< the commit that the verdict is of: of a pull request its head, never the merge commit; "" when unknown
  std::optional<std::int64_t> pull_request;
  std::string expected_head;  ///< the pull request must be at this commit; "" when that is not to be checked
  std::string read_only;      ///< "a fork's" or "Dependabot's": whose token may write nothing; "" for any other
  std::string report_url;
};

struct GithubPlace {
  std::shared_ptr<const http::Endpoint> api;      ///< REST
  std::shared_ptr<const http::Endpoint> graphql;  ///< its URL is the whole address
  std::string repository;                         ///< "owner/name"
  GithubRun run;
};

/// From the payload of the event (GITHUB_EVENT_PATH), and the variables where that says nothing.
GithubRun github_run(const Surroundings& surroundings, const Options& options);
/// RG3001: token, repository or commit are not known.
core::Result<GithubPlace> github_place(const Surroundings& surroundings, const Options& options);

/// `file`, as it was given to the program, from the root of the repository (GITHUB_WORKSPACE); "" when it lies elsewhere.
std::string path_in_repository(const Surroundings& surroundings, const std::string& file);

}  // namespace gate::publish
