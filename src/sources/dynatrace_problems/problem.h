// Problem: one problem as Dynatrace lists it. Asks nothing.
#pragma once

#include <optional>
#include <string>

#include "core/time.h"
#include "sources/json_at.h"

namespace gate::sources::dynatrace_problems {

struct Problem {
  std::string id;
  core::Time began;
  std::optional<core::Duration> lasted;  ///< absent while it is open
};

/// One of `problems` of GET /problems: the end of an open one is -1. RG1902 when it is of another form, or ended before it
/// began. https://docs.dynatrace.com/docs/dynatrace-api/environment-api/problems-v2/problems/get-problems-list
Problem read_problem(const JsonAt& value);

}  // namespace gate::sources::dynatrace_problems
