// What the scenarios are made of: one side's points or counts around a level, and how a simpler rule sees them.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "random.h"
#include "scenarios.h"

namespace gate::bench {

/// The standard deviation of the logarithm of values that spread by 25 %.
inline const double kSpread = std::sqrt(std::log1p(0.25 * 0.25));

/// Log-normal values with the mean `level` and a spread of 25 %, from values of the standard deviation 1.
std::vector<double> log_normal(std::vector<double> noise, double level);

core::SideMeasurement side_of(const std::vector<double>& points);

/// Counts of one side: `rate` events of each unit of `per_slice`, moved from slice to slice by a latent AR(1) process.
struct Traffic {
  double per_slice = 0.0;
  double rate = 0.0;
  double spread = 0.0;  ///< of the latent process, on the logarithm
  double memory = 0.0;  ///< its autocorrelation from slice to slice
};

core::SideMeasurement count_side(const Traffic& traffic, config::Kind kind, std::size_t slices, Random& random);

/// The points, or each slice's proportion and the sums. `per_minute` points make a minute; 0 where they are no parts of one.
Plain plain_of(const core::SideMeasurement& side, std::size_t per_minute);

/// Both sides as a simpler rule sees them.
Draw drawn(core::SideMeasurement baseline, core::SideMeasurement candidate, std::size_t per_minute);

config::Metric metric_of(config::Kind kind);

}  // namespace gate::bench
