// GithubDeployments: the deployments of a repository's environment, and what is measured of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/deployments.h"
#include "sources/github_deployments/decode.h"

namespace gate::sources::github_deployments {

class GithubDeployments : public ApiSource {
 public:
  GithubDeployments(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1972: statuses that are gone; RG1940: an environment that is not there; RG1040: asked too often.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  /// What is asked of which repository.
  struct Asking {
    core::Answer& answer;
    const Question& question;
    DeploymentMeasure measure;
    std::string repository;
    std::string environment;
  };

  [[nodiscard]] Asking asking_of(core::Answer& answer, const Question& question) const;
  [[nodiscard]] http::Request request(std::string path, Parameters parameters = {}) const;
  [[nodiscard]] http::Request first_page(const Asking& asking) const;
  /// The answer, once GitHub no longer asks to wait; asked for once in a run.
  http::Task<http::Response> ask_patiently(core::Answer& answer, http::Request asked);
  http::Task<JsonAnswer> get(core::Answer& answer, std::string path, Parameters parameters = {});
  http::Task<std::vector<Listed>> list(Asking& asking);
  http::Task<Ended> ending_of(Asking& asking, std::string id);
  http::Task<void> require_environment(Asking& asking);
  http::Task<void> mark_rollbacks(Asking& asking, std::vector<Deployment>& all);
  http::Task<void> add_commits(Asking& asking, std::vector<Deployment>& all);

  core::Duration lookback_;
  std::map<std::string, http::Response> kept_;  ///< answers by their addresses; the client would keep the refusals, too
};

}  // namespace gate::sources::github_deployments
