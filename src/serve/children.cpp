#include "serve/children.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <string_view>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): not every libc declares it

namespace gate::serve {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kMaxErrorBytes = 64UL << 10U;

struct Pipe {
  int read = -1;
  int write = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] bool ok() const { return read >= 0; }
  int take_read() { return std::exchange(read, -1); }
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_without(const std::string& hidden) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (hidden.empty() || text.substr(0, text.find('=')) != hidden) out.emplace_back(text);
  }
  return out;
}

/// The process id, -1 when none could be started.
pid_t spawn(const Command& command, const Pipe& out, const Pipe& err) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = environment_without(command.hidden_variable);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (posix_spawn_file_actions_init(&actions) != 0) return -1;
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return -1;
  }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  // What we ignore or handle is the child's to decide.
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGCHLD}) sigaddset(&defaults, number);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int problem = posix_spawn(&pid, command.program.c_str(), &actions, &attributes, pointers_to(arguments).data(),
                                  pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return problem == 0 ? pid : -1;
}

}  // namespace

/// Lives until it has exited and both pipes are at their end: what is asynchronous holds it.
class Children::Child : public std::enable_shared_from_this<Children::Child> {
 public:
  Child(asio::io_context& context, pid_t pid, int out, int err, std::size_t max_bytes, Done done)
      : pid_(pid), out_(context, out), err_(context, err), timer_(context), max_bytes_(max_bytes), done_(std::move(done)) {}

  void begin(std::chrono::milliseconds limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](error_code failed) {
      if (!failed) self->kill();
    });
    read(out_, finished_.out, out_block_);
    read(err_, finished_.err, err_block_);
  }

  void kill() { end(finished_.timed_out); }

  void exited(int status) {
    exited_ = true;
    if (WIFEXITED(status)) finished_.exit_code = WEXITSTATUS(status);
    finish();
  }

 private:
  using Block = std::array<char, 16384>;

  /// Ends it and all that it started; something that holds its pipes open is not waited for.
  void end(bool& reason) {
    reason = true;
    ::kill(-pid_, SIGKILL);
    error_code ignored;
    out_.close(ignored);
    err_.close(ignored);
  }

  void read(asio::posix::stream_descriptor& from, std::string& into, Block& block) {
    from.async_read_some(asio::buffer(block),
                         [self = shared_from_this(), &from, &into, &block](error_code failed, std::size_t count) {
                           if (failed) {
                             --self->open_pipes_;
                             self->finish();
                             return;
                           }
                           self->keep(into, std::string_view(block.data(), count));
                           if (from.is_open()) {
                             self->read(from, into, block);
                           } else {
                             --self->open_pipes_;
                             self->finish();
                           }
                         });
  }

  void keep(std::string& into, std::string_view more) {
    if (&into == &finished_.err) {
      into.append(more.substr(0, kMaxErrorBytes - into.size()));
      return;
    }
    if (into.size() + more.size() > max_bytes_) {
      end(finished_.too_large);
      return;
    }
    into.append(more);
  }

  void finish() {
    if (!exited_ || open_pipes_ > 0 || !done_) return;
    timer_.cancel();
    const Done done = std::exchange(done_, nullptr);
    done(finished_);
  }

  pid_t pid_;
  asio::posix::stream_descriptor out_;
  asio::posix::stream_descriptor err_;
  asio::steady_timer timer_;
  Block out_block_{};
  Block err_block_{};
  std::size_t max_bytes_;
  Done done_;
  Finished finished_;
  int open_pipes_ = 2;
  bool exited_ = false;
};

Children::Children(asio::io_context& context) : context_(context), signals_(context, SIGCHLD) {
  wait_for_signal();
}

Children::~Children() {
  kill_all();
}

bool Children::start(const Command& command, std::chrono::milliseconds limit, std::size_t max_bytes, Done done) {
  Pipe out;
  Pipe err;
  if (!out.ok() || !err.ok()) return false;
  const pid_t pid = spawn(command, out, err);
  if (pid < 0) return false;
  auto child = std::make_shared<Child>(context_, pid, out.take_read(), err.take_read(), max_bytes, std::move(done));
  running_.emplace(pid, child);
  child->begin(limit);
  return true;
}

void Children::kill_all() {
  for (const auto& [pid, child] : running_) child->kill();
}

void Children::close() {
  error_code ignored;
  signals_.cancel(ignored);
}

void Children::wait_for_signal() {
  signals_.async_wait([this](error_code failed, int) {
    if (failed) return;
    reap();
    wait_for_signal();
  });
}

/// One signal may stand for several children.
void Children::reap() {
  for (auto one = running_.begin(); one != running_.end();) {
    int status = 0;
    if (::waitpid(one->first, &status, WNOHANG) != one->first) {
      ++one;
      continue;
    }
    const std::shared_ptr<Child> child = one->second;
    one = running_.erase(one);
    child->exited(status);
  }
}

}  // namespace gate::serve
