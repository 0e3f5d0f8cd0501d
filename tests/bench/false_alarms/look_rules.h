// Rules that look at a release each minute: ours, another boundary on the same estimates, and what is done elsewhere.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "look_rows.h"

namespace gate::bench {

enum class LookRule : std::size_t {
  ours,            ///< spending by Lan and DeMets, O'Brien and Fleming's shape
  ours_safe,       ///< the same, safety at a margin of the true change, from half of the looks on
  ours_at_margin,  ///< the same, harm at a margin of the true change
  mixture,         ///< a normal-mixture confidence sequence on the same estimates
  every_look,      ///< our limits of one look, at each of them
  means,           ///< as peers.h has them, at each look
  welch,
  mann_whitney,
  kayenta,
  minutes,
};
inline constexpr std::size_t kLookRules = 10;

/// For each rule the first look, from 0, at which it claimed something.
using Claims = std::array<std::optional<std::size_t>, kLookRules>;

/// One-sided confidence, one a look.
struct LookLevels {
  std::array<double, kLooks> spending;
  std::array<double, kLooks> mixture;
};

LookLevels look_levels(config::Design design);

/// What each rule claims of `release`, drawn from `row` with the true `change`, over all looks.
Claims watch(const LookRow& row, const LookLevels& levels, const Release& release, double change);

}  // namespace gate::bench
