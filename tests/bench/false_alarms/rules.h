// What the gate and the rules it is measured against say of one drawn release.
#pragma once

#include <cstddef>

#include "scenarios.h"

namespace gate::bench {

/// Claims counted over runs. Rules that do not apply to the kind of data stay at 0 `asked`.
struct Tally {
  std::size_t asked = 0;
  std::size_t harm = 0;  ///< harm above the margin claimed
  std::size_t safe = 0;  ///< no more than the margin claimed
};

struct Tallies {
  Tally ours;         ///< margin 0
  Tally at_margin;    ///< ours with a margin of the true change
  Tally ours_ranked;  ///< method = "rank", margin 0
  Tally ranked_at_margin;
  Tally welch;
  Tally newcombe;
  Tally mann_whitney;
  Tally means;  ///< ratio of means, or of proportions, above 1.1

  void add(const Tallies& other);
};

/// Asks every rule about `draw`, whose true relative change is `change` (0: no question at a margin).
void ask_rules(Tallies& tallies, const Scenario& scenario, const Draw& draw, double change);

}  // namespace gate::bench
