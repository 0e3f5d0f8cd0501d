// Sample-ratio mismatch: whether the units of a side-by-side comparison were divided as was declared. Not for what they did.
#pragma once

#include <optional>
#include <span>

namespace gate::stats {

struct SplitCheck {
  double share = 0.0;       ///< of the units that the candidate got
  double p_value = 1.0;     ///< two-sided, of so great a distance from what was declared
  double dispersion = 1.0;  ///< how much more the shares of slices vary than independent units would; at least 1
};

/// Pearson's χ² of the units of both sides against `expected`, the candidate's declared share in (0, 1), divided by the
/// dispersion of the slices' own shares, so that users who come in bursts do not look like a broken split (Fabijan et al.,
/// Diagnosing sample ratio mismatch, KDD 2019). Units per slice, both sides of the same slices; slices that do not match are
/// taken together without a dispersion. Nothing when there is no unit, when a number is negative or not finite, or when
/// `expected` is outside.
std::optional<SplitCheck> split_check(std::span<const double> baseline, std::span<const double> candidate, double expected);

}  // namespace gate::stats
