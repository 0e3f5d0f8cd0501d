#include "sources/command/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace gate::sources::command {
namespace {

constexpr std::size_t kErrorTail = 4096;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// What the child is before it becomes the program.
struct Setup {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  Setup(const std::string& directory, int output, int error) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
    if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Setup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;
};

void close_if_open(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

Process::Process(const Start& start) : most_output_(start.most_output) {
  std::array<int, 2> output{-1, -1};
  std::array<int, 2> error{-1, -1};
  if (::pipe2(output.data(), O_CLOEXEC) != 0 || ::pipe2(error.data(), O_CLOEXEC) != 0) start_error_ = errno;
  if (start_error_ == 0) {
    ::fcntl(output[0], F_SETFL, O_NONBLOCK);
    ::fcntl(error[0], F_SETFL, O_NONBLOCK);
    const Setup setup(start.directory, output[1], error[1]);
    const std::vector<char*> arguments = pointers(start.arguments);
    const std::vector<char*> environment = pointers(start.environment);
    start_error_ =
        ::posix_spawnp(&pid_, arguments.front(), &setup.actions, &setup.attributes, arguments.data(), environment.data());
  }
  close_if_open(output[1]);
  close_if_open(error[1]);
  output_pipe_ = output[0];
  error_pipe_ = error[0];
  if (start_error_ != 0) {
    pid_ = -1;
    ended_ = true;
  }
}

Process::~Process() {
  signal_group(SIGKILL);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  close_if_open(output_pipe_);
  close_if_open(error_pipe_);
}

void Process::signal_group(int number) const {
  // Whoever the program started is in its group, and may outlive it.
  if (pid_ > 0) ::kill(-pid_, number);
}

bool Process::drain(int descriptor, std::string& into, std::size_t most, bool keeps_end) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got <= 0) return true;
    into.append(buffer.data(), static_cast<std::size_t>(got));
    if (into.size() <= most) continue;
    if (!keeps_end) return false;
    into.erase(0, into.size() - most);
  }
}

bool Process::step() {
  if (ended_ || too_much_) return true;
  // Looked at before reading: what it wrote until its end is then in the pipe.
  siginfo_t info{};
  const bool is_over = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_;
  too_much_ = !drain(output_pipe_, output_, most_output_, false);
  drain(error_pipe_, error_output_, kErrorTail, true);
  if (is_over) {
    // Before its number is given back, and may become another group's.
    signal_group(SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    ended_ = true;
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return ended_ || too_much_;
}

}  // namespace gate::sources::command
