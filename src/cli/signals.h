// SIGINT and SIGTERM: the first ends the asking, so that what is known can still be reported; the second ends the program.
#pragma once

#include <signal.h>

#include "http/client.h"

namespace gate::cli {

/// Catches the signals for its lifetime, which should be that of a whole command. Also takes SIGPIPE away for good: a reader
/// that left is an error of the write, not the end of the program.
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

/// The first signal that came, 0 when none did.
int received_signal();

/// Lets a signal interrupt `client` for its lifetime; one that came before interrupts it at once.
class Interruptible {
 public:
  explicit Interruptible(http::Client& client);
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;
};

}  // namespace gate::cli
