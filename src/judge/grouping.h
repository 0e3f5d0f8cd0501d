// Over how many groups (parts of the window, users) the observations of a side are spread: from few of them nobody learns how
// they hang together. Private to judge.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/measurement.h"

namespace gate::judge {

/// A side whose observations lie in fewer groups than their dependence can be learnt from.
struct FewGroups {
  std::string why;    ///< a sentence; "" when there are enough
  std::string brief;  ///< the same in a few words
};

/// Groups of different size are worth (Σ size)² / Σ size² equal ones (Kish, Survey Sampling, 1965), as the batches of a mean
/// are (stats/mean.h), and 3 are needed. Nothing is asked of metrics that are told to count their observations as independent,
/// that are asked for the whole window at once, or whose method has a rule of its own.
FewGroups few_groups(const config::Metric& metric, const core::Measurement& measurement);

}  // namespace gate::judge
