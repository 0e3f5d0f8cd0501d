// What GitLab's answers about deployments say. No I/O.
// https://docs.gitlab.com/api/deployments/
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sources/api_source.h"
#include "sources/deployments.h"
#include "sources/json_at.h"

namespace gate::sources::gitlab_deployments {

/// The deployments of one page, with the commit's time where the answer has it. One without a job (it was reported from
/// outside) ended when it was last updated; `without_job` counts them.
std::vector<Deployment> decode_deployments(const JsonAt& root, std::size_t& without_job);
/// The time of the commit in an answer of /repository/commits/SHA.
core::Time decode_commit(const JsonAt& root);
/// The one value in an answer of /dora/metrics with interval=all; nullopt when there is none.
std::optional<double> decode_dora(const JsonAt& root);

/// Measures that GitLab Ultimate computes itself, by their names with "dora_" in front.
std::span<const ApiMeasure> dora_measures();
/// All measures: those of deployments, and GitLab's own.
std::span<const ApiMeasure> all_measures();
/// "lead_time_for_changes" of "dora_lead_time_for_changes"; "" when it is none of GitLab's own.
std::string_view dora_metric(std::string_view measure);

}  // namespace gate::sources::gitlab_deployments
