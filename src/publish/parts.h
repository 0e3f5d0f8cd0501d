// Parts: what can be published where, by the names that --publish and --to take. No requests.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace gate::publish {

enum class Part {
  github_comment,
  github_check,
  github_status,
  github_summary,
  gitlab_note,
  gitlab_status,
  slack,
  teams,
  webhook
};

struct Target {
  std::string_view name;  ///< as --publish names it
  std::string_view what;  ///< a few words
  std::vector<Part> parts;
};

/// In the order of the documentation.
std::span<const Target> targets();
/// "github-comment".
std::string_view name(Part part);

/// "github,slack", or several such texts: each part once, in the order of targets(). RG0008 for a name that is none, with the
/// nearest one.
core::Result<std::vector<Part>> parse_targets(const std::vector<std::string>& texts);

}  // namespace gate::publish
