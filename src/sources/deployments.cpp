#include "sources/deployments.h"

#include <algorithm>
#include <array>

namespace gate::sources {
namespace {

constexpr std::array<ApiMeasure, 6> kMeasures = {{
    {"deployments", "count", "", "deployments that succeeded"},
    {"lead_time", "samples", "s", "from the commit to the end of its deployment"},
    {"rollbacks", "samples", "", "1 for a deployment of an older commit than the one before, else 0"},
    {"change_failures", "samples", "", "1 for a deployment that the next one rolled back, else 0"},
    {"time_to_restore", "samples", "s", "from a deployment that was rolled back to the end of the rollback"},
    {"failed_deployments", "samples", "", "1 for a deployment that did not succeed, else 0"},
}};

constexpr std::string_view kExample =
    R"(measure     = "deployments"               # lead_time, rollbacks, change_failures, time_to_restore, failed_deployments
environment = "production"
better      = "higher"
warn        = { decrease_over = "50%" }
)";

double seconds_between(core::Time from, core::Time to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void say_deployments(core::SourceTypeSpec& spec) {
  spec.text_part_key = "measure";
  spec.data = core::SourceTypeSpec::Data::rows;
  spec.default_ingest_delay = std::chrono::minutes(1);
  spec.example = kExample;
}

std::span<const ApiMeasure> deployment_measures() {
  return kMeasures;
}

DeploymentMeasure deployment_measure(std::string_view name) {
  return static_cast<DeploymentMeasure>(find_measure(kMeasures, name) - kMeasures.data());
}

bool needs_rollbacks(DeploymentMeasure measure) {
  return measure == DeploymentMeasure::rollbacks || measure == DeploymentMeasure::change_failures ||
         measure == DeploymentMeasure::time_to_restore;
}

bool needs_failures(DeploymentMeasure measure) {
  return measure == DeploymentMeasure::failed_deployments;
}

bool is_duration(DeploymentMeasure measure) {
  return measure == DeploymentMeasure::lead_time || measure == DeploymentMeasure::time_to_restore;
}

void sort_deployments(std::vector<Deployment>& all) {
  std::stable_sort(all.begin(), all.end(), [](const Deployment& a, const Deployment& b) { return a.finished < b.finished; });
}

std::vector<Row> deployment_rows(DeploymentMeasure measure, const std::vector<Deployment>& all) {
  std::vector<Row> rows;
  const Deployment* before = nullptr;
  for (const Deployment& one : all) {
    if (measure == DeploymentMeasure::failed_deployments) {
      rows.push_back({one.finished, one.succeeded ? 0.0 : 1.0});
      continue;
    }
    if (!one.succeeded) continue;
    switch (measure) {
      case DeploymentMeasure::deployments:
        rows.push_back({one.finished, 1.0});
        break;
      case DeploymentMeasure::lead_time:
        if (one.committed) rows.push_back({one.finished, seconds_between(*one.committed, one.finished)});
        break;
      case DeploymentMeasure::rollbacks:
        rows.push_back({one.finished, one.is_rollback ? 1.0 : 0.0});
        break;
      case DeploymentMeasure::change_failures:
        if (one.is_rollback && before != nullptr) rows.back().value = 1.0;
        rows.push_back({one.finished, 0.0});
        break;
      case DeploymentMeasure::time_to_restore:
        if (one.is_rollback && before != nullptr)
          rows.push_back({one.finished, seconds_between(before->finished, one.finished)});
        break;
      case DeploymentMeasure::failed_deployments:
        break;
    }
    before = &one;
  }
  return rows;
}

}  // namespace gate::sources
