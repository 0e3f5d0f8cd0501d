#include <catch2/catch.hpp>

#include "http/retry.h"

using gate::core::Duration;
using gate::core::Time;
using gate::http::asked_wait;
using gate::http::backoff;
using gate::http::decide_retry;
using gate::http::Failure;
using gate::http::Headers;
using gate::http::RetryAction;
using gate::http::RetryInput;

namespace {

// 2026-01-05T12:00:00Z, a Monday.
const Time kNow{std::chrono::seconds(1767614400)};

}  // namespace

TEST_CASE("what a server asks for is read from its headers") {
  struct Case {
    int status;
    Headers headers;
    std::optional<std::int64_t> milliseconds;  // from now
  };
  const Case cases[] = {
      // Retry-After: RFC 9110 section 10.2.3.
      {429, {{"retry-after", "3"}}, 3000},
      {503, {{"retry-after", "120"}}, 120000},
      {429, {{"retry-after", "0"}}, 0},
      {429, {{"retry-after", "1.5"}}, 1500},
      {429, {{"retry-after", "Mon, 05 Jan 2026 12:00:30 GMT"}}, 30000},
      {503, {{"retry-after", "Mon, 05 Jan 2026 11:59:30 GMT"}}, 0},
      // By the server's own clock, an hour ahead.
      {429, {{"retry-after", "Mon, 05 Jan 2026 13:00:05 GMT"}, {"date", "Mon, 05 Jan 2026 13:00:00 GMT"}}, 5000},
      // Unreadable, and so not said.
      {429, {{"retry-after", "soon"}}, std::nullopt},
      {429, {{"retry-after", "-1"}}, std::nullopt},
      {429, {{"retry-after", ""}}, std::nullopt},
      {429, {{"retry-after", "inf"}}, std::nullopt},
      {429, {{"retry-after", "1e400"}}, std::nullopt},
      {429, {}, std::nullopt},
      // Absurd, and so bounded: three years.
      {429, {{"retry-after", "1e300"}}, 100000000000},
      // Rate limits: seconds, Unix seconds, Unix milliseconds.
      {429, {{"x-ratelimit-reset", "7"}}, 7000},
      {429, {{"ratelimit-reset", "7"}}, 7000},
      {429, {{"x-ratelimit-reset", "1767614460"}}, 60000},
      {429, {{"x-ratelimit-reset", "1767614460500"}}, 60500},
      {429, {{"x-ratelimit-reset", "1767614399"}}, 0},
      {429, {{"x-ratelimit-reset", "1767614460500000"}}, 60500},
      {429, {{"x-ratelimit-reset", "1e18"}}, std::nullopt},
      {429, {{"retry-after", "2"}, {"x-ratelimit-reset", "9"}}, 2000},
      {429, {{"retry-after", "soon"}, {"x-ratelimit-reset", "9"}}, 9000},
      // Only a 429 means the rate, and only what may heal may ask for a wait.
      {503, {{"x-ratelimit-reset", "7"}}, std::nullopt},
      {200, {{"retry-after", "3"}}, std::nullopt},
      {404, {{"retry-after", "3"}}, std::nullopt},
  };
  for (const Case& c : cases) {
    INFO(c.status << " " << (c.headers.empty() ? "" : c.headers.rbegin()->first + ": " + c.headers.rbegin()->second));
    const auto until = asked_wait(c.status, c.headers, kNow);
    REQUIRE(until.has_value() == c.milliseconds.has_value());
    if (until) CHECK((*until - kNow).count() == *c.milliseconds);
  }
}

TEST_CASE("backoff doubles from 200 ms to 5 s, times the jitter") {
  struct Case {
    int attempt;
    double random;
    int milliseconds;
  };
  const Case cases[] = {{1, 0.0, 0},   {1, 0.5, 100},  {1, 0.999, 199}, {2, 0.5, 200},     {3, 0.5, 400},
                        {4, 0.5, 800}, {5, 0.5, 1600}, {6, 0.5, 2500},  {60, 0.999, 4995}, {1000, 0.0, 0}};
  for (const Case& c : cases) {
    INFO(c.attempt << " " << c.random);
    CHECK(backoff(c.attempt, c.random).count() == c.milliseconds);
  }
}

TEST_CASE("who is asked again") {
  struct Case {
    const char* name;
    Failure failure;
    int status;
    bool idempotent;
    int attempt;
    RetryAction action;
  };
  const Case cases[] = {
      {"an answer", Failure::none, 200, true, 1, RetryAction::stop},
      {"bad request", Failure::none, 400, true, 1, RetryAction::stop},
      {"unauthorized", Failure::none, 401, true, 1, RetryAction::stop},
      {"not found", Failure::none, 404, true, 1, RetryAction::stop},
      {"request timeout", Failure::none, 408, true, 1, RetryAction::wait},
      {"too early", Failure::none, 425, true, 1, RetryAction::wait},
      {"too many", Failure::none, 429, true, 1, RetryAction::wait},
      {"internal", Failure::none, 500, true, 1, RetryAction::wait},
      {"not implemented", Failure::none, 501, true, 1, RetryAction::stop},
      {"bad gateway", Failure::none, 502, true, 1, RetryAction::wait},
      {"unavailable", Failure::none, 503, true, 1, RetryAction::wait},
      {"gateway timeout", Failure::none, 504, true, 1, RetryAction::wait},
      {"HTTP version", Failure::none, 505, true, 1, RetryAction::stop},
      {"last retry", Failure::none, 503, true, 3, RetryAction::wait},
      {"no retry left", Failure::none, 503, true, 4, RetryAction::stop},
      {"no connection", Failure::connect, 0, true, 1, RetryAction::wait},
      {"no connection, not idempotent", Failure::connect, 0, false, 1, RetryAction::wait},
      {"broken transfer", Failure::transfer, 0, true, 1, RetryAction::wait},
      {"broken transfer, not idempotent", Failure::transfer, 0, false, 1, RetryAction::stop},
      {"unavailable, not idempotent", Failure::none, 503, false, 1, RetryAction::stop},
      {"too many, not idempotent", Failure::none, 429, false, 1, RetryAction::wait},
      {"permanent", Failure::permanent, 0, true, 1, RetryAction::stop},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    RetryInput input;
    input.failure = c.failure;
    input.status = c.status;
    input.idempotent = c.idempotent;
    input.attempt = c.attempt;
    input.now = kNow;
    input.deadline = kNow + std::chrono::minutes(1);
    input.random = 0.5;
    CHECK(decide_retry(input).action == c.action);
  }
}

TEST_CASE("when it is asked again, with the deadline in mind") {
  struct Case {
    const char* name;
    int status;
    std::optional<int> asked;  // ms from now
    int deadline;              // ms from now
    int attempt;
    RetryAction action;
    int until;  // ms from now
  };
  const Case cases[] = {
      {"our own backoff", 503, std::nullopt, 60000, 1, RetryAction::wait, 100},
      {"our own backoff passes the deadline", 503, std::nullopt, 100, 1, RetryAction::stop, 100},
      {"what was asked, and jitter", 429, 3000, 60000, 1, RetryAction::wait, 3100},
      {"more jitter with each attempt", 429, 3000, 60000, 3, RetryAction::wait, 3400},
      {"jitter never passes the deadline", 429, 3000, 3050, 1, RetryAction::wait, 3000},
      {"what was asked passes the deadline", 429, 3000, 3000, 1, RetryAction::rate_limited, 3000},
      {"also on the last attempt", 429, 3000, 2000, 4, RetryAction::rate_limited, 3000},
      {"also for 503", 503, 3600000, 60000, 1, RetryAction::rate_limited, 3600000},
      {"no retry left", 429, 3000, 60000, 4, RetryAction::stop, 0},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    RetryInput input;
    input.status = c.status;
    input.attempt = c.attempt;
    if (c.asked) input.asked = kNow + Duration(*c.asked);
    input.now = kNow;
    input.deadline = kNow + Duration(c.deadline);
    input.random = 0.5;
    const auto decision = decide_retry(input);
    CHECK(decision.action == c.action);
    if (c.action != RetryAction::stop) CHECK((decision.until - kNow).count() == c.until);
  }
}

TEST_CASE("the server's clock is what its Date says") {
  CHECK(gate::http::answered_at({{"date", "Tue, 17 Mar 2026 12:40:00 GMT"}}) ==
        gate::core::parse_time("2026-03-17T12:40:00Z").value());
  CHECK_FALSE(gate::http::answered_at({{"date", "soon"}}).has_value());
  CHECK_FALSE(gate::http::answered_at({}).has_value());
}
