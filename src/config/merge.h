// Merging of configuration trees: packs under the gate file, metric keys under a part. Tables merge key by key, all else is
// replaced.
#pragma once

#include "core/node.h"

namespace gate::config {

/// Lays `over` on `base`: tables merge key by key and keep the order of first mention; arrays and scalars are replaced. A
/// reference ({ env = … }, { file = … }) is one value and is never merged into another.
void merge_over(core::Node& base, const core::Node& over);

/// Lays the members of the table `over` on those of the table `base`; a member that both have is replaced.
void replace_members(core::Node& base, const core::Node& over);

}  // namespace gate::config
