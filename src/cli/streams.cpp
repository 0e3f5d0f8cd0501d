#include "cli/streams.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "core/paths.h"

namespace gate::cli {
namespace {

int terminal_columns() {
  if (const char* text = std::getenv("COLUMNS"); text != nullptr) {
    const int columns = std::atoi(text);
    if (columns >= 20 && columns <= 1000) return columns;
  }
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 100;
}

}  // namespace

void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    // The lowest free number is taken: the streams before this one are open by now. Reading only, so that writes fail.
    if (::open("/dev/null", O_RDONLY) < 0) return;
  }
}

World real_world() {
  return World{std::cout,
               std::cerr,
               config::real_surroundings(),
               [] { return std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now()); },
               isatty(STDOUT_FILENO) == 1,
               isatty(STDERR_FILENO) == 1,
               terminal_columns()};
}

report::Colour colour_for(bool no_color, bool is_terminal, const World& world) {
  if (no_color || !environment(world, "NO_COLOR").empty()) return report::Colour::off;
  const std::string forced = environment(world, "CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return report::Colour::on;
  return is_terminal && environment(world, "TERM") != "dumb" ? report::Colour::on : report::Colour::off;
}

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

std::string environment(const World& world, const std::string& name) {
  return world.surroundings.environment(name).value_or("");
}

std::string path_in_checkout(const World& world, const std::string& file) {
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored).string();
  for (const char* name : {"GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY", "WORKSPACE"}) {
    const std::string root = environment(world, name);
    if (!root.empty()) return core::path_from(root, folder, file);
  }
  return "";
}

}  // namespace gate::cli
