// What waits for its time, each with the day on which it is judged: lines of their own in every report for people.
#pragma once

#include <string>
#include <vector>

#include "core/report.h"

namespace gate::report {

/// A criterion of a metric whose time has not come.
struct Pending {
  const core::MetricReport* metric = nullptr;
  const core::CriterionReport* criterion = nullptr;  ///< the one that is due first
};

/// One a metric, the first that is due first; metrics that were left out are not in it.
std::vector<Pending> pending_of(const core::Report& report);

/// "checkout adoption, goal ≥ 10 % after 7 d, due 24 Mar 12:05 UTC".
std::string pending_text(const Pending& pending, core::Time now);

/// "due 24 Mar 12:05 UTC": the next whole minute.
std::string due_text(core::Time due, core::Time now);

}  // namespace gate::report
