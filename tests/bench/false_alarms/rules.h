// What the gate and the rules it is measured against say of one drawn release.
#pragma once

#include <array>
#include <cstddef>

#include "scenarios.h"

namespace gate::bench {

enum class Rule : std::size_t {
  ours,              ///< margin 0
  at_margin,         ///< ours with a margin of the true change
  ranked,            ///< method = "rank", margin 0
  ranked_at_margin,  ///< the same with a margin of the true change
  means,             ///< ratio of means, or of proportions, above 1.1
  welch,
  newcombe,
  mann_whitney,
  kayenta,
  minutes,      ///< three one-minute means above 1.1 × the baseline's
  each_minute,  ///< Mann–Whitney at the end of each minute
};
inline constexpr std::size_t kRules = 11;

/// Claims counted over runs. A rule that cannot be applied to the kind of data stays at 0 `asked`.
struct Tally {
  std::size_t asked = 0;
  std::size_t harm = 0;  ///< harm above the margin claimed
  std::size_t safe = 0;  ///< no more than the margin claimed
};

struct Tallies {
  std::array<Tally, kRules> rules;

  [[nodiscard]] const Tally& of(Rule rule) const { return rules[static_cast<std::size_t>(rule)]; }
  Tally& of(Rule rule) { return rules[static_cast<std::size_t>(rule)]; }
  void count(Rule rule, bool harm) {
    ++of(rule).asked;
    if (harm) ++of(rule).harm;
  }
  void add(const Tallies& other);
};

/// Asks every rule about `draw`, whose true relative change is `change` (0: no question at a margin).
void ask_rules(Tallies& tallies, const Scenario& scenario, const Draw& draw, double change);

}  // namespace gate::bench
