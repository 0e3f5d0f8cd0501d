// What every comparison must keep to, whatever the data: nothing is NaN, limits stand in order around the point, claims and
// p-values do not contradict each other.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "near.h"
#include "stats/harm.h"

namespace gate::stats {

inline constexpr Contrast kIncrease{Direction::increase, MarginKind::absolute, 0.0};

/// All that may be asked of any data.
inline const std::vector<Contrast> kContrasts{kIncrease,
                                              {Direction::decrease, MarginKind::absolute, 0.0},
                                              {Direction::increase, MarginKind::absolute, 1e-3},
                                              {Direction::decrease, MarginKind::absolute, 1e-3},
                                              {Direction::increase, MarginKind::relative, 0.1},
                                              {Direction::decrease, MarginKind::relative, 0.1},
                                              {Direction::increase, MarginKind::relative, -0.05},
                                              {Direction::decrease, MarginKind::relative, -0.05}};

inline void check_sane(const Harm& harm) {
  for (const double value : {harm.point, harm.interval.lower, harm.interval.upper, harm.p_value, harm.p_safe,
                             harm.standard_error, harm.margin_absolute, harm.detectable})
    CHECK_FALSE(std::isnan(value));
  CHECK(harm.interval.lower <= harm.point);
  CHECK(harm.point <= harm.interval.upper);
  CHECK(harm.p_value >= 0.0);
  CHECK(harm.p_value <= 1.0);
  CHECK(harm.p_safe >= 0.0);
  CHECK(harm.p_safe <= 1.0);
  if (harm.interval.lower > 0.0) CHECK(harm.p_value <= 0.05 + 1e-9);
  CHECK(harm.detectable >= -0.05);
}

template <typename Comparison>
void check_sane(const Comparison& comparison) {
  for (const Contrast& contrast : kContrasts) {
    const auto harm = comparison.harm(contrast, 0.95);
    if (harm) check_sane(*harm);
    if (const auto needs = comparison.needs_factor(contrast, 0.95)) CHECK(*needs >= 0.0);
  }
  const Change change = comparison.change();
  CHECK_FALSE(std::isnan(change.absolute));
  for (const auto& interval : {change.interval, change.relative_interval}) {
    if (interval) CHECK(interval->lower <= interval->upper);
  }
  if (change.relative_interval) {
    CHECK(change.relative_interval->lower <= *change.relative + 1e-12);
    CHECK(*change.relative <= change.relative_interval->upper + 1e-12);
  }
}

template <typename Comparison>
std::string claim(const Comparison& comparison, const Contrast& contrast = kIncrease) {
  const auto harm = comparison.harm(contrast, 0.95);
  return harm->interval.lower > 0.0 ? "harm" : harm->interval.upper <= 0.0 ? "safe" : "unproven";
}

}  // namespace gate::stats
