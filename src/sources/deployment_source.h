// DeploymentSource: what sources of deployments have in common: what is measured, and what has to be found out for it. Not for
// how a vendor lists its deployments.
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/deployments.h"

namespace gate::sources {

class DeploymentSource : public ApiSource {
 public:
  using ApiSource::ApiSource;

 protected:
  /// What is asked of whose deployments.
  struct Asking {
    core::Answer& answer;
    const Question& question;
    std::string measure;
    std::string project;
    std::string environment;
  };

  [[nodiscard]] Asking asking_of(core::Answer& answer, const Question& question) const;
  /// Answers with a measure that deployment_measure() knows. Throws core::SourceError: RG1942, durations are to be counted; and
  /// what the vendor's parts throw.
  http::Task<void> fetch_deployments(Asking& asking);

  /// How the vendor names what `query` asks about, or the source where it names nothing.
  [[nodiscard]] virtual std::string project_of(const core::Settings& query) const = 0;
  /// Adds those in the window, and those before and after it that `measure` needs, in any order. Throws core::SourceError:
  /// RG1940, the environment is not there.
  virtual http::Task<void> list(Asking& asking, DeploymentMeasure measure, std::vector<Deployment>& all) = 0;
  /// Whether the commit `after` lies behind `before` in history.
  virtual http::Task<bool> is_behind(Asking& asking, std::string before, std::string after) = 0;
  virtual http::Task<core::Time> time_of_commit(Asking& asking, std::string sha) = 0;

 private:
  http::Task<void> mark_rollbacks(Asking& asking, std::vector<Deployment>& all);
  http::Task<void> add_commits(Asking& asking, std::vector<Deployment>& all);
};

}  // namespace gate::sources
