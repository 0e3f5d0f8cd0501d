// Process: one program, started without a shell, in a process group of its own, and never left behind. Not for what it says.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gate::sources::command {

/// What to start. `environment` is all that the program gets: "NAME=value".
struct Start {
  std::vector<std::string> arguments;  ///< the first is the program: a path from `directory`, or a name to look for in PATH
  std::vector<std::string> environment;
  std::string directory;
  std::size_t most_output = 0;  ///< bytes of its standard output
};

class Process {
 public:
  /// Starts it; its standard input is empty.
  explicit Process(const Start& start);
  /// Ends the whole group.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Why it could not be started: a number of errno; 0 when it was.
  [[nodiscard]] int start_error() const { return start_error_; }
  /// Takes what it has written so far, and looks whether it has ended. Never waits. True when there is nothing to wait for any
  /// more: it ended, or wrote too much.
  bool step();
  /// Asks the group to end (SIGTERM), or ends it (SIGKILL).
  void signal_group(int number) const;

  [[nodiscard]] bool has_ended() const { return ended_; }
  [[nodiscard]] bool wrote_too_much() const { return too_much_; }
  /// Its exit code, 128 + the signal that ended it, as shells have it.
  [[nodiscard]] int exit_code() const { return exit_code_; }
  [[nodiscard]] const std::string& output() const { return output_; }
  /// The end of what it wrote to its standard error.
  [[nodiscard]] const std::string& error_output() const { return error_output_; }

 private:
  bool drain(int descriptor, std::string& into, std::size_t most, bool keeps_end);

  pid_t pid_ = -1;
  int start_error_ = 0;
  int output_pipe_ = -1;
  int error_pipe_ = -1;
  std::size_t most_output_ = 0;
  bool ended_ = false;
  bool too_much_ = false;
  int exit_code_ = 0;
  std::string output_;
  std::string error_output_;
};

}  // namespace gate::sources::command
