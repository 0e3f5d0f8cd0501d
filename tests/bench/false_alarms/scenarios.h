// The kinds of data that a gate meets, drawn at random with a known change: what the program measures, and what a simpler rule
// would look at.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "random.h"

namespace gate::bench {

/// One side as a rule without windows, batches or slices sees it: points, and for proportions and counts the sums.
struct Plain {
  std::vector<double> points;
  double events = 0.0;
  double total = 0.0;
  std::vector<std::size_t> minutes;  ///< how many points there are by the end of each; empty where that is not known
};

/// One drawn release. The candidate's level is that of the baseline times 1 + change.
struct Draw {
  core::Measurement measurement;
  Plain baseline;
  Plain candidate;
};

/// Why wrong claims of ours pass the limit, and how far at most.
struct KnownExcess {
  double most = 1.0;
  std::string why;
};

/// Of bursts that hang together. The rows of 200,000 a minute show it.
inline constexpr auto kHiddenMemory =
    "what fails by chance hides part of how bursts hang together, and the fit finds most of it, not all; where chance is "
    "nothing, "
    "with 200,000 a minute, the limit is kept";

/// What ours is held to.
struct Limits {
  double wrong = 0.0575;  ///< the largest share of wrong claims
  std::optional<KnownExcess> known = std::nullopt;
  double power_lag = 0.10;   ///< how much less ours may see than the best rule that keeps the limit; 1 where it is not compared
  double least_power = 0.0;  ///< the smallest share of runs in which ours must see +25 %
};

struct Scenario {
  std::string name;
  config::Metric metric;
  std::function<Draw(const config::Metric& metric, Random& random, double change)> draw;
  Limits limits = {};
};

/// Every scenario, in the order of the table. Windows of 30 minutes; points every 15 s; log-normal noise with a spread of 25 %
/// unless the name says otherwise.
std::vector<Scenario> scenarios();

}  // namespace gate::bench
