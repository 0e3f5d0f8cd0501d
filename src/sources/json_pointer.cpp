#include "sources/json_pointer.h"

#include <fmt/format.h>

#include <charconv>

#include "core/text.h"

namespace gate::sources {
namespace {

core::Error no_pointer(std::string_view pointer, std::string_view why) {
  return {"RG1910",
          fmt::format("\"{}\" is no JSON Pointer: {}", core::printable(pointer), why),
          "write the keys on the way, each after a slash: \"/data/0/count\"; \"\" is the whole answer",
          {},
          {}};
}

/// The number of an element: digits without leading zeros.
std::optional<std::size_t> index_of(const std::string& step) {
  if (step.empty() || (step.size() > 1 && step.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (problem != std::errc() || end != step.data() + step.size()) return std::nullopt;
  return index;
}

}  // namespace

core::Result<std::vector<std::string>> parse_pointer(std::string_view pointer) {
  std::vector<std::string> steps;
  if (pointer.empty()) return steps;
  if (pointer.front() != '/') return no_pointer(pointer, "it does not begin with a slash");
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      steps.emplace_back();
    } else if (pointer[i] != '~') {
      steps.back() += pointer[i];
    } else {
      const char escaped = i + 1 < pointer.size() ? pointer[++i] : ' ';
      if (escaped != '0' && escaped != '1') return no_pointer(pointer, "a slash in a key is written ~1, and a tilde ~0");
      steps.back() += escaped == '0' ? '~' : '/';
    }
  }
  return steps;
}

std::optional<JsonAt> find_at(const JsonAt& from, const std::vector<std::string>& steps) {
  JsonAt at = from;
  for (const std::string& step : steps) {
    if (at.is_null()) return at;
    std::optional<JsonAt> next;
    if (at.is_array()) {
      const auto index = index_of(step);
      if (!index) at.refuse(fmt::format("an object, and \"{}\" is no number of an element", core::printable(step)));
      next = at.element(*index);
    } else {
      next = at.member(step);
    }
    if (!next) return std::nullopt;
    at = *std::move(next);
  }
  return at;
}

}  // namespace gate::sources
