#include "measure/place.h"

#include <fmt/format.h>

namespace gate::measure {
namespace {

std::string describe_place(const plan::Ask& ask) {
  const auto& window = ask.question.window;
  const std::string part = ask.part == "value" ? "" : fmt::format(" ({})", ask.part);
  if (!window) return fmt::format("{}, {}{}", ask.source, plan::name(ask.side), part);
  return fmt::format("{}, {}{}, {} to {}", ask.source, plan::name(ask.side), part, core::format_time(window->start),
                     core::format_time(window->end));
}

}  // namespace

core::Error with_place(core::Error error, const plan::Ask& ask) {
  error.context.insert(error.context.begin(), describe_place(ask));
  return error;
}

}  // namespace gate::measure
