// Whether and when a question is asked again: pure decisions over what happened and the clock. Not for waiting itself.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/time.h"

namespace gate::http {

/// How an attempt ended, as far as asking again is concerned.
enum class Failure {
  none,      ///< an HTTP answer came, of any status
  connect,   ///< nothing was sent: always safe to ask again
  transfer,  ///< something may have been sent: safe only for an idempotent request
  permanent  ///< asking again cannot help
};

using Headers = std::map<std::string, std::string>;

/// The moment before which the server does not want to be asked again, from Retry-After (seconds or an HTTP date, RFC 9110
/// section 10.2.3; the date is taken relative to the answer's Date, since the server's clock may be wrong) or, at status 429,
/// X-RateLimit-Reset or RateLimit-Reset (seconds from now; Unix seconds when above 1e9; Unix milliseconds when above 1e12; Unix
/// microseconds, as Dynatrace had them, when above 1e14).
/// nullopt when it does not say, or says it in a way that cannot be read. A moment in the past is `now`.
std::optional<core::Time> asked_wait(int status, const Headers& headers, core::Time now);

/// What the server's clock said when it answered: its Date header; nullopt when there is none that can be read.
std::optional<core::Time> answered_at(const Headers& headers);

/// Exponential backoff with full jitter: `random` (in [0, 1)) times 200 ms doubled with each attempt, at most 5 s. `attempt`
/// counts from 1.
core::Duration backoff(int attempt, double random);

struct RetryInput {
  Failure failure = Failure::none;
  int status = 0;  ///< when failure is none
  bool idempotent = true;
  int attempt = 1;  ///< the one that just ended
  int retries = 3;
  std::optional<core::Time> asked;  ///< from asked_wait
  core::Time now;
  core::Time deadline;
  double random = 0.0;  ///< in [0, 1)
};

enum class RetryAction { stop, wait, rate_limited };

struct RetryDecision {
  RetryAction action = RetryAction::stop;
  core::Time until;  ///< for wait and rate_limited
};

/// `stop`: what happened is the result. `wait`: ask again at `until`. `rate_limited`: the server asks for a wait that the
/// deadline does not allow, however many attempts are left. Retried are connection errors, timeouts and broken answers, and the
/// statuses 408, 425, 429 and 5xx but 501 and 505; a request that is not idempotent only when nothing was sent or the server
/// says that it did nothing (408, 425, 429). What the server asks for is the least: a backoff is added to it, as far as the
/// deadline allows, so that not everybody comes back at once. A backoff of our own that passes the deadline is `stop`.
RetryDecision decide_retry(const RetryInput& input);

}  // namespace gate::http
