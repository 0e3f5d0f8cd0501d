// The program: command line in, exit code out.
#pragma once

#include <string>
#include <vector>

#include "cli/streams.h"

namespace gate::cli {

/// Runs one command. `arguments` without the program's name. Never throws: a bug becomes a message on world.err and exit
/// code 5.
int run(std::vector<std::string> arguments, World& world);

/// The text of `--help`, for the whole program ("") or one command.
std::string help_text(const std::string& command);

/// Names of commands and their long options, for completion.
struct CommandNames {
  std::string command;
  std::string description;
  std::vector<std::string> options;
};
std::vector<CommandNames> command_names();

}  // namespace gate::cli
