// How much one side of one measurement is worth on its own, and why it is not enough. Private to judge.
#pragma once

#include <string>
#include <string_view>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/report.h"

namespace gate::judge {

/// How much one side is worth on its own; why it is not enough, in a sentence and in a few words, and what to do.
struct SideEvidence {
  core::Evidence evidence = core::Evidence::enough;
  std::string why;
  std::string brief;
  std::string next;
};

/// Which side of which measurement, and when it is looked at.
struct Looked {
  const config::Metric& metric;
  const core::Measurement& measurement;
  const core::SideMeasurement& side;
  std::string_view name;
  core::Time now{};
};

/// Share of slices that may lack their events, as after a scrape that failed.
inline constexpr double kMostUnsaid = 0.05;

/// Points, rows or slices behind a side.
std::size_t sample_count(const config::Metric& metric, const core::SideMeasurement& side);

SideEvidence evidence_of(const Looked& at);

/// Thin when the candidate has fallen silent (silence.h), enough otherwise. `at` is of its side.
SideEvidence silence_of(const Looked& at);

}  // namespace gate::judge
