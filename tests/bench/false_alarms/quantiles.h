// Medians and quantiles: of points, of rows, and of the buckets of a histogram.
#pragma once

#include <vector>

#include "scenarios.h"

namespace gate::bench {

void add_quantiles(std::vector<Scenario>& out);

}  // namespace gate::bench
