#include "cli/appearance.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace gate::cli {

report::Colour colour_for(bool no_color, bool is_terminal, const World& world) {
  if (no_color || !environment(world, "NO_COLOR").empty()) return report::Colour::off;
  const std::string forced = environment(world, "CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return report::Colour::on;
  return is_terminal && environment(world, "TERM") != "dumb" ? report::Colour::on : report::Colour::off;
}

/// The first of them that is set decides, as in setlocale(3); none at all says nothing about the terminal.
report::Charset charset_of(const World& world) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = environment(world, name);
    if (locale.empty()) continue;
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool utf8 = locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    return utf8 ? report::Charset::unicode : report::Charset::ascii;
  }
  return report::Charset::unicode;
}

}  // namespace gate::cli
