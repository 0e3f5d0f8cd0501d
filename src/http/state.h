// What a Client is made of. Split over client.cpp (sharing, the tape) and attempts.cpp (one question until its answer).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "http/client.h"
#include "http/errors.h"
#include "http/exchange.h"
#include "http/job.h"
#include "http/loop.h"

namespace gate::http {

using Outcome = core::Result<Response>;

inline core::Time system_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

/// One request under way or answered, and who asked for it.
struct Shared {
  std::optional<Outcome> outcome;
  std::vector<Waiter*> waiters;
  std::size_t askers = 0;
  bool kept = false;
};

/// What is known of one scheme, host and port.
struct Origin {
  Turnstile turnstile;
  core::Time not_before;  ///< the server limits our rate until then
  std::string limit;      ///< what it calls that limit, safe to show
  std::optional<core::Duration> skew;
};

/// How one attempt ended.
struct Attempt {
  Attempt(Outcome what, Failure how) : outcome(std::move(what)), failure(how) {}
  Outcome outcome;
  Failure failure;
};

struct Client::State {
  explicit State(Options given)
      : options(std::move(given)),
        started(Loop::Clock::now()),
        deadline(system_now() + options.deadline),
        loop(started + options.deadline),
        random(options.jitter_seed != 0 ? options.jitter_seed : std::random_device{}()) {}

  Task<Response> send(Request request);
  Task<Outcome> answer(const Job& job);
  Task<Outcome> answer_or_error(const Job& job);
  Outcome replay(const Job& job);
  Outcome record(const Job& job, Outcome outcome);
  Outcome hand_out(Shared& shared);
  void settle(const std::string& key, const Job& job, Shared& shared, Outcome outcome);
  void remember_credentials(const Endpoint& endpoint);
  void report_progress();

  Task<Outcome> ask(const Job& job);
  Task<Attempt> attempt(const Job& job, Asked asked);
  Task<Wake> wait_for_origin(Origin& origin);
  RetryDecision decide(const Job& job, const Attempt& result, int attempts, Origin& origin);
  void note_skew(Origin& origin, const Headers& headers, core::Time asked_at);
  core::Error failed(core::Error error, const Asked& asked) const;
  Headers redacted(const Headers& headers) const;

  std::string shown_url(const Job& job) const { return core::printable(redactor.redact(job.url.text())); }
  bool is_replay() const { return options.tape != nullptr && options.tape->mode() == TapeMode::replay; }
  double next_random() { return std::uniform_real_distribution<double>(0.0, 1.0)(random); }

  Options options;
  Loop::Clock::time_point started;
  core::Time deadline;
  Loop loop;
  Redactor redactor;
  std::mt19937_64 random;
  std::map<std::string, Origin> origins;
  std::map<std::string, std::shared_ptr<Shared>> shared_requests;
  std::map<const Endpoint*, std::shared_ptr<const Endpoint>> known_endpoints;
  std::size_t kept_bytes = 0;
  std::map<std::uint64_t, std::string> outstanding;
  std::uint64_t asked_count = 0;
  Loop::Clock::time_point last_progress{};
};

}  // namespace gate::http
