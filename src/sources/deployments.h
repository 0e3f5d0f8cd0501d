// Deployments: what is measured of the deployments of one environment, whoever lists them: the DORA keys. No I/O.
// https://dora.dev/guides/dora-metrics-four-keys/
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/question.h"
#include "core/samples.h"
#include "core/settings.h"
#include "core/time.h"
#include "sources/api_source.h"
#include "sources/rows.h"

namespace gate::sources {

/// What holds of every type of source that lists deployments: what its rows are, and the example of a metric.
void say_deployments(core::SourceTypeSpec& spec);

enum class DeploymentMeasure { deployments, lead_time, rollbacks, change_failures, time_to_restore, failed_deployments };

/// The measures by their names: deployments, lead_time, rollbacks, change_failures, time_to_restore, failed_deployments.
std::span<const ApiMeasure> deployment_measures();
/// Of a name that find_measure() knows.
DeploymentMeasure deployment_measure(std::string_view name);

/// One deployment that is over.
struct Deployment {
  std::string sha;
  core::Time finished{};
  bool succeeded = true;
  bool is_rollback = false;             ///< it brought an older commit than the one before it
  std::optional<core::Time> committed;  ///< of `sha`; needed for lead_time alone
};

/// What a source has to find out first.
[[nodiscard]] bool needs_rollbacks(DeploymentMeasure measure);
[[nodiscard]] bool needs_failures(DeploymentMeasure measure);
/// Whether its values are lengths of time, which cannot be counted.
[[nodiscard]] bool is_duration(DeploymentMeasure measure);

/// In the order in which they finished.
void sort_deployments(std::vector<Deployment>& all);

/// The rows of `measure` from all deployments that are known, sorted, among them those before and after the window, which tell
/// what became of those in it. Durations in seconds.
/// deployments: 1 for each that succeeded. lead_time: from the commit to the end of its deployment. rollbacks: 1 for a
/// successful one that brought an older commit, else 0. change_failures: 1 for a successful one that the next one rolled back,
/// else 0. time_to_restore: of each rollback, since the end of the deployment that it undid. failed_deployments: 1 for one that
/// did not succeed, else 0.
std::vector<Row> deployment_rows(DeploymentMeasure measure, const std::vector<Deployment>& all);

}  // namespace gate::sources
