#include "judge/needs.h"

#include <fmt/format.h>

#include <cmath>

namespace gate::judge {
namespace {

constexpr const char* kTooClose = "too close to the limit to be settled by waiting";

/// Whole minutes, so that the text can be written into the gate file; at least one.
core::Duration rounded_up(double seconds) {
  const double minutes = std::max(1.0, std::ceil(seconds / 60.0));
  return core::Duration(static_cast<std::int64_t>(minutes) * 60'000);
}

double seconds_of(core::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// How many times the candidate's data would do while the baseline stays as it is; nothing when no amount would.
/// The variance is shared as 1/n_c : weight/n_b.
std::optional<double> candidate_factor(double factor, double baseline_weight, const DataAtHand& data) {
  if (!(data.effective_baseline > 0.0) || !(data.effective_candidate > 0.0)) return factor;
  const double own = 1.0 / data.effective_candidate;
  const double fixed = baseline_weight / data.effective_baseline;
  const double left = (own + fixed) / factor - fixed;
  if (left <= 0.0) return std::nullopt;
  return own / left;
}

}  // namespace

Needs needs_of(std::optional<double> factor, double baseline_weight, const DataAtHand& data) {
  if (data.design == config::Design::previous_releases)
    return {std::nullopt, "releases differ by too much on their own: longer windows make them differ less"};
  if (data.placebo)
    return {std::nullopt,
            "days differ by too much on their own: longer windows make them differ less, and more days tell it better"};
  if (!factor || !std::isfinite(*factor)) return {};
  if (data.candidate.count() == 0) return {std::nullopt, fmt::format("needs about {:.3g} times as much data", *factor)};
  const bool both_grow = data.design == config::Design::side_by_side;
  const auto alone = both_grow ? factor : candidate_factor(*factor, baseline_weight, data);
  const double longest = seconds_of(kLongestWait);
  if (alone && *alone * seconds_of(data.candidate) <= longest) {
    const core::Duration length = rounded_up(*alone * seconds_of(data.candidate));
    return {seconds_of(length), fmt::format("needs about {} of this traffic (the window is {})",
                                            core::describe_duration(length), core::describe_duration(data.candidate))};
  }
  const core::Duration longer = std::max(data.baseline, data.candidate);
  if (both_grow || *factor * seconds_of(longer) > longest) return {std::nullopt, kTooClose};
  const core::Duration length = rounded_up(*factor * seconds_of(longer));
  return {seconds_of(length),
          fmt::format("widen baseline to {} and candidate with it (waiting will not do)", core::describe_duration(length))};
}

}  // namespace gate::judge
