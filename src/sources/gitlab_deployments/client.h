// GitlabDeployments: the deployments of a project's environment, and what is measured of them.
#pragma once

#include <string>
#include <vector>

#include "sources/deployment_source.h"

namespace gate::sources::gitlab_deployments {

class GitlabDeployments : public DeploymentSource {
 public:
  GitlabDeployments(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: an environment that is not there.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;
  /// "/projects/42"
  [[nodiscard]] std::string project_of(const core::Settings& query) const override;
  http::Task<void> list(Asking& asking, DeploymentMeasure measure, std::vector<Deployment>& all) override;
  http::Task<bool> is_behind(Asking& asking, std::string before, std::string after) override;
  http::Task<core::Time> time_of_commit(Asking& asking, std::string sha) override;

 private:
  /// The first page of the deployments of one status that ended since a while before the window.
  [[nodiscard]] http::Request first_page(const Asking& asking, std::string_view status) const;
  http::Task<void> add_deployments(Asking& asking, std::string status, std::vector<Deployment>& all);
  http::Task<void> require_environment(Asking& asking);
  http::Task<void> fetch_dora(Asking& asking);

  core::Duration lookback_;
};

}  // namespace gate::sources::gitlab_deployments
