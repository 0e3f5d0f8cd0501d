// Monitor: what Datadog's monitors say, as one state. Sends nothing.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"

namespace gate::sources::datadog {

struct MonitorGroup {
  std::string name;    ///< "host:a,env:prod"
  std::string status;  ///< "OK", "Alert", "Warn", "No Data", "Ignored", "Skipped", "Unknown"
  bool muted = false;
};

struct Monitor {
  std::string id;
  std::string name;
  std::string status;  ///< of all groups together, as a group's
  bool muted = false;  ///< as a whole
  std::vector<MonitorGroup> groups;
};

/// GET /api/v1/monitor/{id}?group_states=all&with_downtimes=true. RG1610: not JSON, or cut off; RG1611: JSON of another form.
/// https://docs.datadoghq.com/api/latest/monitors/#get-a-monitors-details
core::Result<Monitor> decode_monitor(const std::string& body);
/// GET /api/v1/monitor with the same parameters: a page of them.
core::Result<std::vector<Monitor>> decode_monitors(const std::string& body);

/// What a muted alert counts as.
enum class Muted {
  fail,   ///< what it says, with "muted" in the reason: silence is no health
  ignore  ///< nothing: left out, and no data when nothing else is there
};

/// The worst of `monitors`: Alert (error), Warn (warning), no opinion (none: No Data and the like, or no monitor at all), OK. A
/// monitor without data outweighs one that is OK: what cannot be seen is not healthy. Names are the server's words: they are to
/// be redacted.
core::State state_of(const std::vector<Monitor>& monitors, Muted muted);

}  // namespace gate::sources::datadog
