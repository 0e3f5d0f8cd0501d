// Incident: one incident as PagerDuty's list and its analytics write it. Asks nothing.
#pragma once

#include <optional>
#include <string>

#include "core/time.h"
#include "core/zone.h"
#include "sources/json_at.h"

namespace gate::sources::pagerduty {

struct Incident {
  std::string id;
  core::Time created;
  std::string priority;                  ///< its name; "" for none
  std::optional<double> resolved_after;  ///< seconds; absent while it is open
  std::optional<double> acked_after;     ///< seconds; absent when nobody acknowledged, or when the list was asked
};

/// One of `incidents` of GET /incidents. RG1902 when it is of another form, or was resolved before it was created.
/// https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents
Incident read_listed(const JsonAt& value);

/// One of `data` of POST /analytics/raw/incidents, whose times have no offset: they are of `zone`. RG1902.
/// https://developer.pagerduty.com/api-reference/f44ca0a72dd5f-get-raw-data-multiple-incidents
Incident read_raw(const JsonAt& value, const core::Zone& zone);

}  // namespace gate::sources::pagerduty
