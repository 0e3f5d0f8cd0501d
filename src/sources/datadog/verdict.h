// Verdict: what a deployment gate of Datadog decided. Sends nothing.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"

namespace gate::sources::datadog {

struct GateRule {
  std::string name;
  std::string status;
  std::string reason;
  bool dry_run = false;
};

/// An answer of GET /api/v2/deployments/gates/evaluation/{id}.
struct Evaluation {
  std::string url;     ///< in Datadog's own interface
  std::string status;  ///< "in_progress", "pass", "fail"
  bool dry_run = false;
  std::vector<GateRule> rules;

  [[nodiscard]] bool is_running() const { return status == "in_progress"; }
};

/// RG1610: not JSON, or cut off; RG1611: JSON of another form.
/// https://docs.datadoghq.com/api/latest/deployment-gates/
core::Result<Evaluation> decode_evaluation(const std::string& body);
/// The id in the answer to the request that starts one. Errors as decode_evaluation.
core::Result<std::string> decode_evaluation_id(const std::string& body);

/// pass is ok, fail is an error. A dry run has no opinion: Datadog lets it pass whatever its rules say. RG1651: a status that
/// is none of these, which is never a pass. Names and reasons are the server's words: they are to be redacted.
core::Result<core::State> state_of(const Evaluation& evaluation);

}  // namespace gate::sources::datadog
