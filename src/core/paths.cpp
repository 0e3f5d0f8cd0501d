#include "core/paths.h"

#include <filesystem>

namespace gate::core {

std::string path_from(const std::string& root, const std::string& folder, const std::string& file) {
  namespace fs = std::filesystem;
  if (root.empty()) return fs::path(file).is_absolute() ? "" : fs::path(file).lexically_normal().string();
  const fs::path absolute = (fs::path(folder) / file).lexically_normal();
  const std::string inside = absolute.lexically_relative(fs::path(root).lexically_normal()).string();
  return inside.empty() || inside == "." || inside.starts_with("..") ? "" : inside;
}

}  // namespace gate::core
