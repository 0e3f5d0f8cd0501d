// How much more data would settle an unproven criterion, and how to get it. Knows that waiting does not lengthen a baseline.
#pragma once

#include <optional>
#include <string>

#include "config/gate.h"
#include "core/time.h"

namespace gate::judge {

/// What the data at hand are, for the question how much more would do.
struct DataAtHand {
  config::Design design = config::Design::before_after;
  core::Duration baseline{};   ///< length of the baseline window; 0 without windows
  core::Duration candidate{};  ///< of the candidate window
  double effective_baseline = 0.0;
  double effective_candidate = 0.0;
  bool placebo = false;  ///< the error is learnt from earlier days
};

struct Needs {
  std::optional<double> seconds;  ///< length of the candidate window (of both, where the baseline must grow, too)
  /// Of the design previous-releases, and with a placebo, only the advice: no traffic of one release tells how others differ.
  std::string text;  ///< "needs about 2 h 10 min of this traffic (the window is 30 min)"
};

/// `factor`: how many times the data of both sides would do (stats/power.h). `baseline_weight`: the square of the factor on the
/// baseline in the contrast. Side by side both windows grow; before-after only the candidate does, and where that can never be
/// enough the text says how long a baseline would be.
Needs needs_of(std::optional<double> factor, double baseline_weight, const DataAtHand& data);

/// Below it another verdict than waiting is honest advice.
inline constexpr core::Duration kLongestWait = std::chrono::hours(24 * 60);

}  // namespace gate::judge
