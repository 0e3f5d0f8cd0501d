// Paths as others name them.
#pragma once

#include <string>

namespace gate::core {

/// `file`, as it was given to a program that runs in `folder`, as a path from `root`; normal form, no file system is asked.
/// Without a root a relative `file` stays where it is. "" when it lies outside, or when that cannot be known.
std::string path_from(const std::string& root, const std::string& folder, const std::string& file);

}  // namespace gate::core
