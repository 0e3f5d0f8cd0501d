#include "sources/gitlab_deployments/decode.h"

#include <array>

#include "sources/api_values.h"

namespace gate::sources::gitlab_deployments {
namespace {

constexpr std::string_view kDora = "dora_";

constexpr std::array<ApiMeasure, 4> kDoraMeasures = {{
    {"dora_deployment_frequency", "value", "", "GitLab Ultimate: successful deployments to production a day"},
    {"dora_lead_time_for_changes", "value", "s", "GitLab Ultimate: median from merge to deployment"},
    {"dora_time_to_restore_service", "value", "s", "GitLab Ultimate: median time that incidents were open"},
    {"dora_change_failure_rate", "value", "", "GitLab Ultimate: incidents for each deployment, as a fraction"},
}};

}  // namespace

std::vector<Deployment> decode_deployments(const JsonAt& root, std::size_t& without_job) {
  std::vector<Deployment> out;
  for (const JsonAt& one : root.items()) {
    Deployment deployment;
    deployment.sha = one.need("sha").text();
    deployment.succeeded = one.need("status").text() == "success";
    const auto job = one.find("deployable");
    const auto finished = job ? job->find("finished_at") : std::nullopt;
    deployment.finished = time_at(finished ? *finished : one.need("updated_at"));
    without_job += finished ? 0 : 1;
    const auto commit = job ? job->find("commit") : std::nullopt;
    // Here the time of a commit is called created_at; it is the same as committed_date of /repository/commits.
    const auto committed = commit ? commit->find("created_at") : std::nullopt;
    if (committed) deployment.committed = time_at(*committed);
    out.push_back(std::move(deployment));
  }
  return out;
}

core::Time decode_commit(const JsonAt& root) {
  return time_at(root.need("committed_date"));
}

std::optional<double> decode_dora(const JsonAt& root) {
  if (root.is_object()) {
    const auto value = root.find("value");
    return value ? std::optional(value->numeric()) : std::nullopt;
  }
  const std::vector<JsonAt> items = root.items();
  if (items.empty()) return std::nullopt;
  if (items.size() > 1) root.refuse("one value: interval=all was asked for");
  const auto value = items.front().find("value");
  return value ? std::optional(value->numeric()) : std::nullopt;
}

std::span<const ApiMeasure> dora_measures() {
  return kDoraMeasures;
}

std::span<const ApiMeasure> all_measures() {
  static const std::vector<ApiMeasure> all = [] {
    std::vector<ApiMeasure> out(deployment_measures().begin(), deployment_measures().end());
    out.insert(out.end(), kDoraMeasures.begin(), kDoraMeasures.end());
    return out;
  }();
  return all;
}

std::string_view dora_metric(std::string_view measure) {
  return find_measure(kDoraMeasures, measure) == nullptr ? std::string_view() : measure.substr(kDora.size());
}

}  // namespace gate::sources::gitlab_deployments
