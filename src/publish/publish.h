// Publish: a report to where people look: what is needed is found before anything is asked, and nothing that goes wrong here
// changes the verdict. The last step of the street.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/report.h"
#include "http/client.h"
#include "publish/chat.h"
#include "publish/github_place.h"
#include "publish/gitlab_place.h"
#include "publish/runner_files.h"
#include "publish/surroundings.h"

namespace gate::publish {

/// What `prepare` found. A target without what it needs has no place here, and an error among `problems`.
struct Prepared {
  Options options;
  Surroundings surroundings;
  std::optional<GithubPlace> github;
  std::optional<GitlabPlace> gitlab;
  std::optional<Hook> slack;
  std::optional<Hook> teams;
  std::optional<Hook> webhook;
  core::Secret webhook_secret;
  GithubRun github_run;
  std::vector<core::Error> problems;  ///< RG3001, RG3002: one a target that cannot be published to
};

/// Looks for tokens, addresses, repository, commit and request of every part. Asks nobody.
Prepared prepare(Options options, Surroundings surroundings);

struct Outcome {
  std::vector<core::Error> problems;
  std::vector<std::string> notes;  ///< what was done, a line each: "github: comment updated, https://…"
};

/// Publishes to everything that is prepared, each whatever becomes of the others, within the deadline of `client`. `more` are
/// outputs of the step beside those of the report.
Outcome publish(const Prepared& prepared, const core::Report& report, http::Client& client, const Outputs& more);

}  // namespace gate::publish
