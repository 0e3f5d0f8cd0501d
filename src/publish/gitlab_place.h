// Gitlab place: which project, commit and merge request a GitLab pipeline publishes to.
// https://docs.gitlab.com/ci/variables/predefined_variables/
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "http/client.h"
#include "publish/surroundings.h"

namespace gate::publish {

struct GitlabPlace {
  std::shared_ptr<const http::Endpoint> api;
  std::string project;                        ///< where the pipeline runs: of a fork's merge request the fork
  std::string merge_request_project;          ///< where the merge request is
  std::optional<std::int64_t> merge_request;  ///< its iid
  std::string sha;                            ///< of the branch, never of the merged result
  std::string pipeline;                       ///< its id, "" when unknown
  std::string expected_head;                  ///< as of GithubRun
  std::string report_url;
};

/// RG3001: token, address, project or commit are not known.
core::Result<GitlabPlace> gitlab_place(const Surroundings& surroundings, const Options& options);

}  // namespace gate::publish
