#include "http/loop.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace gate::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStallCheck{250};
constexpr milliseconds kLongestPoll{500};

/// libcurl is set up by the first live request and never torn down: a resolver thread that hangs may outlive the last client.
void init_curl_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

}  // namespace

Loop::Loop(Clock::time_point deadline) : deadline_(deadline) {
  if (::pipe2(wake_pipe_, O_NONBLOCK | O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
}

Loop::~Loop() {
  if (multi_ != nullptr) curl_multi_cleanup(multi_);
  ::close(wake_pipe_[0]);
  ::close(wake_pipe_[1]);
}

CURLM* Loop::multi() {
  if (multi_ != nullptr) return multi_;
  init_curl_once();
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  return multi_;
}

void Loop::run(std::vector<Task<void>>& tasks, const std::function<void()>& tick) {
  for (Task<void>& task : tasks) task.start();
  std::size_t first_open = 0;
  while (true) {
    drain_ready();
    tick();
    while (first_open < tasks.size() && tasks[first_open].done()) ++first_open;
    if (first_open == tasks.size()) break;
    turn();
  }
  for (Task<void>& task : tasks) task.take();
}

void Loop::turn() {
  if (const auto reason = stopped()) stop_all(*reason);
  if (multi_ != nullptr) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    collect_transfers();
  }
  const auto now = Clock::now();
  fire_timers(now);
  end_stalled(now);
  if (!ready_.empty()) return;
  if (active_.empty() && timers_.empty()) throw std::logic_error("a task waits for something that will never come");
  wait_for_events();
}

void Loop::drain_ready() {
  while (!ready_.empty()) {
    const std::coroutine_handle<> handle = ready_.front();
    ready_.pop_front();
    handle.resume();
  }
}

std::optional<Wake> Loop::stopped() {
  if (stopped_) return stopped_;
  if (interrupted_.load(std::memory_order_relaxed)) {
    stopped_ = Wake::interrupted;
  } else if (Clock::now() >= deadline_) {
    stopped_ = Wake::deadline;
  }
  return stopped_;
}

void Loop::interrupt() noexcept {
  interrupted_.store(true, std::memory_order_relaxed);
  const char byte = 0;
  // A full pipe wakes the loop as well as one byte does.
  [[maybe_unused]] const ssize_t written = ::write(wake_pipe_[1], &byte, 1);
}

void Loop::start(Transfer& transfer, Waiter& waiter) {
  if (const auto reason = stopped()) {
    waiter.wake = *reason;
    resume_soon(waiter);
    return;
  }
  const CURLMcode code = curl_multi_add_handle(multi(), transfer.easy());
  if (code != CURLM_OK) throw std::runtime_error(curl_multi_strerror(code));
  active_.emplace(transfer.easy(), Active{&transfer, &waiter});
}

void Loop::abandon(Transfer& transfer) noexcept {
  const auto found = active_.find(transfer.easy());
  if (found == active_.end()) return;
  curl_multi_remove_handle(multi_, transfer.easy());
  active_.erase(found);
}

void Loop::complete(std::map<CURL*, Active>::iterator active, CURLcode code) {
  const Active ended = active->second;
  curl_multi_remove_handle(multi_, active->first);
  active_.erase(active);
  ended.transfer->finish(code);
  resume_soon(*ended.waiter);
}

void Loop::collect_transfers() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    // Removing the handle ends the life of the message: take its code first.
    const CURLcode code = message->data.result;
    const auto found = active_.find(message->easy_handle);
    if (found != active_.end()) complete(found, code);
  }
}

void Loop::end_stalled(Clock::time_point now) {
  if (now - last_stall_check_ < kStallCheck) return;
  last_stall_check_ = now;
  for (auto entry = active_.begin(); entry != active_.end();) {
    const auto current = entry++;
    if (!current->second.transfer->stalled(now)) continue;
    current->second.transfer->mark_stalled();
    complete(current, CURLE_OPERATION_TIMEDOUT);
  }
}

void Loop::fire_timers(Clock::time_point now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    resume_soon(*timers_.begin()->second);
    timers_.erase(timers_.begin());
  }
}

void Loop::stop_all(Wake reason) {
  for (const auto& [easy, active] : active_) {
    curl_multi_remove_handle(multi_, easy);
    active.waiter->wake = reason;
    resume_soon(*active.waiter);
  }
  active_.clear();
  for (const auto& [when, waiter] : timers_) {
    waiter->wake = reason;
    resume_soon(*waiter);
  }
  timers_.clear();
  for (Turnstile* turnstile : turnstiles_) {
    for (const Turnstile::Entry& entry : turnstile->queue) {
      entry.waiter->wake = reason;
      resume_soon(*entry.waiter);
    }
    turnstile->queue.clear();
  }
}

void Loop::wait_for_events() {
  const auto now = Clock::now();
  auto until = std::min(deadline_, now + kLongestPoll);
  if (!timers_.empty()) until = std::min(until, timers_.begin()->first);
  const auto wait = std::chrono::ceil<milliseconds>(until - now);
  const int timeout = static_cast<int>(std::max<std::int64_t>(wait.count(), 0));
  if (multi_ != nullptr) {
    curl_waitfd extra{wake_pipe_[0], CURL_WAIT_POLLIN, 0};
    curl_multi_poll(multi_, &extra, 1, timeout, nullptr);
  } else {
    pollfd extra{wake_pipe_[0], POLLIN, 0};
    ::poll(&extra, 1, timeout);
  }
  char bytes[64];
  while (::read(wake_pipe_[0], bytes, sizeof bytes) > 0) {
  }
}

void Loop::enqueue(Turnstile& turnstile, int limit, Waiter& waiter) {
  if (const auto reason = stopped()) {
    waiter.wake = *reason;
    resume_soon(waiter);
    return;
  }
  if (std::find(turnstiles_.begin(), turnstiles_.end(), &turnstile) == turnstiles_.end()) turnstiles_.push_back(&turnstile);
  turnstile.queue.push_back({&waiter, std::max(limit, 1)});
  admit(turnstile);
}

void Loop::leave(Turnstile& turnstile) {
  --turnstile.in_use;
  admit(turnstile);
}

void Loop::admit(Turnstile& turnstile) {
  while (!turnstile.queue.empty() && turnstile.in_use < turnstile.queue.front().limit) {
    ++turnstile.in_use;
    resume_soon(*turnstile.queue.front().waiter);
    turnstile.queue.pop_front();
  }
}

}  // namespace gate::http
