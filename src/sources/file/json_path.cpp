#include "sources/file/json_path.h"

#include <string_view>
#include <utility>

#include "core/text.h"

namespace gate::sources::file {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<std::string> json_steps(const std::string& text) {
  std::string_view rest = text;
  if (rest.starts_with('/')) {
    std::vector<std::string> steps = split(rest.substr(1), '/');
    for (std::string& step : steps) step = core::replace_all(core::replace_all(std::move(step), "~1", "/"), "~0", "~");
    return steps;
  }
  if (rest.starts_with("$.") || rest == "$") rest.remove_prefix(rest == "$" ? 1 : 2);
  if (rest.ends_with("[*]")) rest.remove_suffix(3);
  if (rest.empty()) return {};
  return split(rest, '.');
}

}  // namespace gate::sources::file
