// Mean and variance of one side, safe at both ends of the range of double. Not for comparing sides.
#pragma once

#include <cstddef>
#include <span>

namespace gate::stats {

/// Of n values. The deviation is the sample's (divisor n − 1), exactly 0 when all values are equal, infinite for n < 2.
struct Summary {
  std::size_t count = 0;
  double mean = 0.0;
  double deviation = 0.0;
  double least = 0.0;
  double greatest = 0.0;
};

/// True when every value is finite; true of an empty span.
bool all_finite(std::span<const double> values);

/// Mean, standard deviation and range. `values` finite, of any length; an empty span gives a count of 0. Values up to the
/// largest double neither overflow nor lose a constant: squares are taken after scaling by a power of two.
Summary summarize(std::span<const double> values);

}  // namespace gate::stats
