#include "core/report.h"

#include <array>

namespace gate::core {

std::string_view name(Verdict verdict) {
  constexpr std::array<std::string_view, 6> kNames = {"skipped", "pass", "warn", "inconclusive", "error", "fail"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view name(Evidence evidence) {
  constexpr std::array<std::string_view, 5> kNames = {"enough", "thin", "none", "pending", "error"};
  return kNames[static_cast<std::size_t>(evidence)];
}

std::string_view name(Outcome outcome) {
  constexpr std::array<std::string_view, 4> kNames = {"holds", "violated", "unproven", "not_evaluated"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view name(WatchEnd end) {
  constexpr std::array<std::string_view, 5> kNames = {"harm", "safe", "error", "horizon", "interrupted"};
  return kNames[static_cast<std::size_t>(end)];
}

std::string_view name(Level level) {
  return level == Level::fail ? "fail" : "warn";
}

}  // namespace gate::core
