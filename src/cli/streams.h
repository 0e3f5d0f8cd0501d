// The world of one run of the program: its streams, terminal and clock, so that tests can give their own.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "config/variables.h"
#include "core/time.h"
#include "report/layout.h"
#include "report/terminal.h"

namespace gate::cli {

struct World {
  std::ostream& out;
  std::ostream& err;
  config::Surroundings surroundings;
  std::function<core::Time()> now;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int columns = 100;
};

/// Gives a process that was started without stdin, stdout or stderr something in their place, so that no file or socket is
/// opened under their number and gets what was meant for them. What is written there still fails, as it should.
void occupy_standard_streams();

/// The process's own: stdout, stderr, environment, file system, system clock.
World real_world();

/// NO_COLOR and --no-color win over CLICOLOR_FORCE, which wins over what the stream is.
report::Colour colour_for(bool no_color, bool is_terminal, const World& world);

/// What the locale says the terminal can show: of LC_ALL, LC_CTYPE and LANG the first that is set decides, as in setlocale(3);
/// none at all says nothing about the terminal.
report::Charset charset_of(const World& world);

/// The value of an environment variable, "" when it is not set.
std::string environment(const World& world, const std::string& name);

/// `file` from the root of the checkout, as the pipeline that runs us names it: GITHUB_WORKSPACE, CI_PROJECT_DIR (GitLab),
/// BUILD_SOURCESDIRECTORY (Azure Pipelines) or WORKSPACE (Jenkins). "" when none is set, or when the file lies elsewhere.
std::string path_in_checkout(const World& world, const std::string& file);

}  // namespace gate::cli
