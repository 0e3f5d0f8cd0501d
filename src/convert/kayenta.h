// A canary config of Kayenta as a gate file. Not for its judge: that is stats/kayenta.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace gate::convert {

struct Converted {
  std::string toml;                   ///< a gate file; what was left out stands in it as comments
  std::size_t metrics = 0;            ///< that were carried over
  std::vector<std::string> left_out;  ///< one sentence each: what a gate file does not say, or says in another way
};

/// Converts a canary config (github.com/spinnaker/kayenta, docs/canary-config.md), or an object with one under "canaryConfig",
/// as a request for an analysis has it. Metrics of Prometheus and Datadog are carried over, others are listed. At most 10 MiB.
/// RG0013: no JSON, or not a canary config.
core::Result<Converted> convert_kayenta(std::string_view json);

}  // namespace gate::convert
