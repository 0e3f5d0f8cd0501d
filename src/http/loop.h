// Loop: the one thread that drives curl, timers and queues, and resumes coroutines. Knows no request and no error code.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <coroutine>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "http/task.h"
#include "http/transfer.h"

namespace gate::http {

/// Why a wait ended: what was waited for came, or everything ends.
enum class Wake { done, deadline, interrupted };

/// A coroutine that waits; lives in the awaiter, in the coroutine's frame.
struct Waiter {
  std::coroutine_handle<> handle;
  Wake wake = Wake::done;
};

/// A first-come-first-served queue in front of one origin.
struct Turnstile {
  struct Entry {
    Waiter* waiter;
    int limit;
  };
  int in_use = 0;
  std::deque<Entry> queue;
};

/// Not thread-safe but for interrupt(). Coroutines are resumed only from run(), never from a curl callback.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Loop(Clock::time_point deadline);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs `tasks` to their end. `tick` is called after each turn. A task that can never end is a bug: std::logic_error.
  void run(std::vector<Task<void>>& tasks, const std::function<void()>& tick);
  /// Async-signal-safe: every wait ends with Wake::interrupted, now and from now on.
  void interrupt() noexcept;
  /// The reason for which all waits end, once there is one.
  [[nodiscard]] std::optional<Wake> stopped();
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }

  /// Resumes `waiter` on the next turn.
  void resume_soon(Waiter& waiter) { ready_.push_back(waiter.handle); }
  void start(Transfer& transfer, Waiter& waiter);
  void abandon(Transfer& transfer) noexcept;
  void wake_at(Clock::time_point when, Waiter& waiter) { timers_.emplace(when, &waiter); }
  void enqueue(Turnstile& turnstile, int limit, Waiter& waiter);
  void leave(Turnstile& turnstile);

 private:
  struct Active {
    Transfer* transfer;
    Waiter* waiter;
  };

  CURLM* multi();
  void turn();
  void drain_ready();
  void collect_transfers();
  void end_stalled(Clock::time_point now);
  void fire_timers(Clock::time_point now);
  void stop_all(Wake reason);
  void complete(std::map<CURL*, Active>::iterator active, CURLcode code);
  void wait_for_events();
  void admit(Turnstile& turnstile);

  Clock::time_point deadline_;
  int wake_pipe_[2] = {-1, -1};
  std::atomic<bool> interrupted_{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "interrupt() is called from signal handlers");
  std::optional<Wake> stopped_;
  CURLM* multi_ = nullptr;
  std::map<CURL*, Active> active_;
  std::multimap<Clock::time_point, Waiter*> timers_;
  std::vector<Turnstile*> turnstiles_;
  std::deque<std::coroutine_handle<>> ready_;
  Clock::time_point last_stall_check_{};
};

// The things a coroutine of this module can wait for. Each is named before it is awaited (see docs on g++ 12), and yields a
// Wake.

/// Ends on the loop's next turn: keeps long chains of immediate answers from growing the stack.
class [[nodiscard]] NextTurn {
 public:
  explicit NextTurn(Loop& loop) : loop_(loop) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.handle = handle;
    loop_.resume_soon(waiter_);
  }
  void await_resume() const noexcept {}

 private:
  Loop& loop_;
  Waiter waiter_;
};

class [[nodiscard]] SleepUntil {
 public:
  SleepUntil(Loop& loop, Loop::Clock::time_point when) : loop_(loop), when_(when) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.handle = handle;
    loop_.wake_at(when_, waiter_);
  }
  [[nodiscard]] Wake await_resume() const noexcept { return waiter_.wake; }

 private:
  Loop& loop_;
  Loop::Clock::time_point when_;
  Waiter waiter_;
};

/// Puts `transfer` on the wire and waits for its end. Given up when it is destroyed early.
class [[nodiscard]] Exchanged {
 public:
  Exchanged(Loop& loop, Transfer& transfer) : loop_(loop), transfer_(transfer) {}
  Exchanged(const Exchanged&) = delete;
  Exchanged& operator=(const Exchanged&) = delete;
  ~Exchanged() { loop_.abandon(transfer_); }
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.handle = handle;
    loop_.start(transfer_, waiter_);
  }
  [[nodiscard]] Wake await_resume() const noexcept { return waiter_.wake; }

 private:
  Loop& loop_;
  Transfer& transfer_;
  Waiter waiter_;
};

/// One of `limit` places at a turnstile; freed by `release` or when it is destroyed.
class [[nodiscard]] Place {
 public:
  Place(Loop& loop, Turnstile& turnstile, int limit) : loop_(loop), turnstile_(turnstile), limit_(limit) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { release(); }
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.handle = handle;
    loop_.enqueue(turnstile_, limit_, waiter_);
  }
  [[nodiscard]] Wake await_resume() noexcept {
    held_ = waiter_.wake == Wake::done;
    return waiter_.wake;
  }
  void release() {
    if (std::exchange(held_, false)) loop_.leave(turnstile_);
  }

 private:
  Loop& loop_;
  Turnstile& turnstile_;
  int limit_;
  bool held_ = false;
  Waiter waiter_;
};

}  // namespace gate::http
