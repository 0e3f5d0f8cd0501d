// GitlabDeployments: the deployments of a project's environment, and what is measured of them.
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/deployments.h"

namespace gate::sources::gitlab_deployments {

class GitlabDeployments : public ApiSource {
 public:
  GitlabDeployments(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: an environment that is not there.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  /// What is asked of which project.
  struct Asking {
    core::Answer& answer;
    const Question& question;
    std::string measure;
    std::string project;  ///< "/projects/42"
    std::string environment;
  };

  [[nodiscard]] Asking asking_of(core::Answer& answer, const Question& question) const;
  /// The first page of the deployments of one status that ended since a while before the window.
  [[nodiscard]] http::Request first_page(const Asking& asking, std::string_view status) const;
  http::Task<void> add_deployments(Asking& asking, std::string status, std::vector<Deployment>& all);
  http::Task<void> require_environment(Asking& asking);
  http::Task<void> mark_rollbacks(Asking& asking, std::vector<Deployment>& all);
  http::Task<void> add_commits(Asking& asking, std::vector<Deployment>& all);
  http::Task<void> fetch_dora(Asking& asking);

  core::Duration lookback_;
};

}  // namespace gate::sources::gitlab_deployments
