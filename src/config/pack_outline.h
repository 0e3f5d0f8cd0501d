// PackOutline: what a gate file has to bring along for the packs that it uses. For `init` and `packs`; judges no values.
#pragma once

#include <string>
#include <vector>

#include "config/load.h"

namespace gate::config {

struct PackOutline {
  std::vector<std::string> packs;    ///< those named and those that they use themselves, in order
  std::vector<std::string> sources;  ///< ids of the sources that their metrics ask, in the order of the metrics
  core::Diagnostics
      diagnostics;  ///< a pack that is not there, or one that a variable leads nowhere; then the rest is not whole
};

/// What the packs `names` use, with their variables' defaults and `options.settings` over them.
PackOutline outline_packs(const std::vector<std::string>& names, const LoadOptions& options);

/// The names of `options.packs` that the variables of the pack `name` can choose: "datadog", "prometheus" for "performance".
struct PackChoice {
  std::string variable;
  std::string by_default;
  std::vector<std::string> values;
};
std::vector<PackChoice> choices_of(const std::string& name, const LoadOptions& options);

}  // namespace gate::config
