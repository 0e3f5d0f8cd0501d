// Runs a plan: makes the sources, asks every question at once over one client, and hands out the measurements.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/past.h"
#include "http/client.h"
#include "measure/archive.h"
#include "plan/plan.h"

namespace gate::measure {

struct SourceInfo {
  std::string id;
  std::string type;
  std::string version;                       ///< "Prometheus 2.42.0", "" when it does not say
  std::optional<core::Duration> clock_skew;  ///< the server's clock less ours, where its answers told it
};

struct Measured {
  std::vector<core::Measurement> measurements;  ///< in the order of the plan; series of one metric follow each other
  std::vector<SourceInfo> sources;
};

/// Asks all questions of `plan`. What cannot be asked is an error in its measurement; the others are not touched by it. Returns
/// when all are answered or the client's deadline is over. `past` is what the history has of the metrics that are compared with
/// it. With an `archive`, only what is not in it is asked, and kept there.
Measured run(const config::Gate& gate, const plan::Plan& plan, http::Client& client, const core::Past& past,
             Archive* archive = nullptr);

/// Asks those questions of `plan` whose answers can be cut for the looks before it, and keeps what was answered in `archive`.
void fill(Archive& archive, const config::Gate& gate, const plan::Plan& plan, http::Client& client);

/// What is known of `plan` when nothing was asked: every metric is pending that was not left out.
std::vector<core::Measurement> unasked(const plan::Plan& plan, core::Time due);

}  // namespace gate::measure
