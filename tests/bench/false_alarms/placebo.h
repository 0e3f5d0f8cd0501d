// Scenarios of the placebo: a daily curve that every rule without one takes for the release's doing.
#pragma once

#include <vector>

#include "scenarios.h"

namespace gate::bench {

/// AR(1) 0.6 and a time of day that adds 8 %, as in the row without a rule, with some earlier days beside it; days that climb
/// unequally and have levels of their own; a ratio with bursts.
void add_placebos(std::vector<Scenario>& out);

}  // namespace gate::bench
