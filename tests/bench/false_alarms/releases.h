// One value a release: rules that compare a release with those before it, and that look for the release at which a metric
// moved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios.h"

namespace gate::bench {

/// A release against the mean of the last N, as design previous-releases judges it.
void add_releases(std::vector<Scenario>& out);

struct TrialOptions {
  std::size_t runs = 5000;
  std::uint64_t seed = 1;
  std::string only;  ///< rows whose name holds it
};

/// Prints what has no place in the table of scenarios: claims against an anchor, the median and MAD that one might think of,
/// change points. Returns the rows that pass their limit, one line each.
std::vector<std::string> print_release_trials(const TrialOptions& options);

}  // namespace gate::bench
