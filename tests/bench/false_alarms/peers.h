// The rules that are used elsewhere, as they look at one moment at the points of both sides. None knows of dependence.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gate::bench {

using Points = std::span<const double>;

double mean(Points values);

/// A level that is more than a tenth above the baseline's.
bool is_high(double before, double after);

/// Welch's t test at 95 %, one-sided. A side without points, or with one, claims nothing.
bool welch_claims(Points before, Points after);

/// Mann and Whitney's test at 95 %, one-sided: exact below 50 points a side, else the normal approximation.
bool mann_whitney_claims(Points before, Points after);

/// Kayenta's "High" with the defaults of its judge (stats/kayenta.h). To be asked only where mann_whitney_claims(): an interval
/// of 98 % that clears a quarter of the shift is above zero, too, and its roots take long to find.
bool kayenta_claims(Points before, Points after);

/// Thresholds as Argo Rollouts and Flagger count them: three one-minute means so far that are high.
class HighMinutes {
 public:
  /// Takes the points of one more minute; true once it has stopped the release.
  bool add(double before, Points minute);

 private:
  std::size_t high_ = 0;
};

/// From how many points on the rules that look each minute are asked.
inline constexpr std::size_t kLeastPoints = 5;

}  // namespace gate::bench
