// Health of a gate's sources: whether each can be asked, found out by its cheapest question. Measures and judges nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/error.h"
#include "http/client.h"
#include "plan/plan.h"
#include "sources/source.h"

namespace gate::measure {

struct SourceHealth {
  std::string id;
  std::string type;
  sources::Health found;
  std::optional<core::Error> error;          ///< the first thing that is wrong; absent when the source can be asked
  std::optional<bool> reachable;             ///< absent: not found out, or files, which are not reached
  std::optional<core::Duration> clock_skew;  ///< of the server against ours, positive when it is ahead
};

/// Asks all sources of `gate`, or those that `only` names, at once. `plan` tells which questions their credentials must be good
/// for. In the order of the file. A source that cannot be asked is an entry with an error.
std::vector<SourceHealth> check_health(const config::Gate& gate, const plan::Plan& plan, http::Client& client,
                                       const std::vector<std::string>& only);

}  // namespace gate::measure
