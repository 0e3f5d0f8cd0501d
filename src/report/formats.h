// Formats: every rendering of a report that goes into a file, by name. A new one is a file of its own and a line in
// formats.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/report.h"

namespace gate::report {

struct Format {
  std::string_view name;  ///< as --report FORMAT=PATH names it
  std::string_view what;  ///< a few words for the help
  std::string (*render)(const core::Report& report);
};

/// In the order of the documentation. The terminal's report is not among them: it depends on the terminal.
std::span<const Format> formats();
/// nullptr when there is no such format.
const Format* find_format(std::string_view name);

}  // namespace gate::report
