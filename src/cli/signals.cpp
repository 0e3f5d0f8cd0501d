#include "cli/signals.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace gate::cli {
namespace {

// A signal handler can reach nothing but globals: the client to stop, and which signal it was.
std::atomic<http::Client*> running_client{nullptr};
std::atomic<int> first_signal{0};

void on_signal(int number) {
  const int kept_errno = errno;
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number)) ::_exit(128 + number);
  if (http::Client* client = running_client.load()) client->interrupt();
  errno = kept_errno;
}

}  // namespace

SignalGuard::SignalGuard() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

SignalGuard::~SignalGuard() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

int received_signal() {
  return first_signal.load();
}

Interruptible::Interruptible(http::Client& client) {
  running_client.store(&client);
  if (received_signal() != 0) client.interrupt();
}

Interruptible::~Interruptible() {
  running_client.store(nullptr);
}

}  // namespace gate::cli
