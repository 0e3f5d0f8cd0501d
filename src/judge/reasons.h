// Why a metric cannot be judged at all: its time has not come, or it could not be asked. Private to judge.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/measurement.h"

namespace gate::judge {

/// In a sentence and in a few words, and what to do.
struct Reason {
  std::string sentence;
  std::string brief;
  std::string next;
};

/// Of a measurement that is pending.
Reason not_due(const core::Measurement& measurement, core::Time now);

/// Of one in error. Answers that came and could not be used have codes of their own: RG20xx.
Reason not_asked(const config::Metric& metric, const core::Measurement& measurement);

}  // namespace gate::judge
