#include "config/planned.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gate::config {

std::string planned_hint(std::string_view word) {
  constexpr std::array<std::string_view, 1> kPlanned = {"policy"};
  if (std::find(kPlanned.begin(), kPlanned.end(), word) == kPlanned.end()) return "";
  return fmt::format("`{}` is not in this version of release-gate", word);
}

}  // namespace gate::config
