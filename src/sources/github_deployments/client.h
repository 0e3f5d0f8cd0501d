// GithubDeployments: the deployments of a repository's environment, and what is measured of them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sources/deployment_source.h"
#include "sources/github_deployments/decode.h"

namespace gate::sources::github_deployments {

class GithubDeployments : public DeploymentSource {
 public:
  GithubDeployments(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1972: statuses that are gone; RG1940: an environment that is not there; RG1040: asked too often.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;
  [[nodiscard]] std::string project_of(const core::Settings& query) const override;
  http::Task<void> list(Asking& asking, DeploymentMeasure measure, std::vector<Deployment>& all) override;
  http::Task<bool> is_behind(Asking& asking, std::string before, std::string after) override;
  http::Task<core::Time> time_of_commit(Asking& asking, std::string sha) override;

 private:
  [[nodiscard]] http::Request request(std::string path, Parameters parameters = {}) const;
  [[nodiscard]] http::Request first_page(const Asking& asking) const;
  /// The answer, once GitHub no longer asks to wait; asked for once in a run.
  http::Task<http::Response> ask_patiently(core::Answer& answer, http::Request asked);
  http::Task<JsonAnswer> get(core::Answer& answer, std::string path, Parameters parameters = {});
  /// Every page, until `wants_more` has read enough.
  http::Task<void> read_pages(core::Answer& answer, http::Request page, std::function<bool(const JsonAt& root)> wants_more);
  http::Task<std::vector<Listed>> created(Asking& asking);
  http::Task<Ended> ending_of(Asking& asking, std::string id);
  http::Task<void> require_environment(Asking& asking);

  core::Duration lookback_;
  std::map<std::string, http::Response> kept_;  ///< answers by their addresses; the client would keep the refusals, too
};

}  // namespace gate::sources::github_deployments
