// Children: runs programs and collects what they write, without ever blocking. Not for what they write: that is outcome.h's.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "serve/outcome.h"

namespace gate::serve {

struct Command {
  std::string program;                 ///< a path; not searched for
  std::vector<std::string> arguments;  ///< with the program's name first
  std::string hidden_variable;         ///< of our environment, which the child does not get; "" for none
};

/// Holds the handler of SIGCHLD: one object a process. Every child is a process group of its own, so that a terminal's Ctrl-C
/// reaches only us and a child can be ended with all that it started.
class Children {
 public:
  using Done = std::function<void(const Finished&)>;

  explicit Children(boost::asio::io_context& context);
  ~Children();
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  /// Starts `command` and calls `done` once, later, when it has ended. After `limit`, or more than `max_bytes` on standard
  /// output (or 64 KiB on standard error, of which the rest is dropped), it is killed. False when no process could be started.
  bool start(const Command& command, std::chrono::milliseconds limit, std::size_t max_bytes, Done done);

  /// Kills all that run; their `done` is called as for those that took too long.
  void kill_all();

  /// Stops waiting for SIGCHLD, so that the context can run out of work; nothing may run.
  void close();

 private:
  class Child;

  void wait_for_signal();
  void reap();

  boost::asio::io_context& context_;
  boost::asio::signal_set signals_;
  std::map<pid_t, std::shared_ptr<Child>> running_;
};

}  // namespace gate::serve
