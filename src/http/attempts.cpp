// One question until its answer: attempts, waits and redirects.
#include <set>

#include "core/text.h"
#include "http/redirect.h"
#include "http/retry.h"
#include "http/state.h"
#include "http/transfer.h"

namespace gate::http {
namespace {

constexpr int kTooManyRequests = 429;

}  // namespace

/// With the facts of the request, and without secrets: words of the server may be anywhere in it.
core::Error Client::State::failed(core::Error error, const Asked& asked) const {
  add_request_facts(error, asked);
  redactor.redact_in_place(error.message);
  redactor.redact_in_place(error.hint);
  for (std::string& line : error.context) redactor.redact_in_place(line);
  return error;
}

/// All attempts of one question.
Task<Outcome> Client::State::ask(const Job& job) {
  const Endpoint& endpoint = *job.request.endpoint;
  Origin& origin = origins[job.url.origin()];
  const auto begun = Loop::Clock::now();
  Asked asked{endpoint, job.url, job.request.method, shown_url(job), 0, {}};
  while (true) {
    Place place(loop, origin.turnstile, endpoint.concurrency);
    Wake wake = co_await place;
    if (wake == Wake::done && origin.not_before > system_now()) {
      if (origin.not_before >= deadline) {
        asked.limit = origin.limit;
        co_return failed(rate_limited_error(asked, kTooManyRequests, origin.not_before, deadline), asked);
      }
      Task<Wake> waiting = wait_for_origin(origin);
      wake = co_await waiting;
    }
    if (wake != Wake::done) co_return failed(stop_error(name_of(endpoint), wake, options.deadline), asked);
    ++asked.attempts;
    Task<Attempt> attempting = attempt(job, asked);
    Attempt result = co_await attempting;
    place.release();
    const auto elapsed = Loop::Clock::now() - begun;
    asked.elapsed = std::chrono::floor<core::Duration>(elapsed);

    const core::Time now = system_now();
    const RetryDecision decision = decide(job, result, asked.attempts, origin);
    if (decision.action == RetryAction::rate_limited) {
      asked.limit = origin.limit;
      co_return failed(rate_limited_error(asked, result.outcome->status, decision.until, deadline), asked);
    }
    if (decision.action == RetryAction::stop) {
      if (!result.outcome.ok()) co_return failed(result.outcome.error(), asked);
      Response response = std::move(result.outcome).value();
      response.log = {job.request.method, asked.shown_url, response.status, asked.attempts,
                      std::chrono::duration<double, std::milli>(elapsed).count()};
      co_return Outcome(std::move(response));
    }
    SleepUntil nap(loop, Loop::Clock::now() + (decision.until - now));
    wake = co_await nap;
    if (wake != Wake::done) co_return failed(stop_error(name_of(endpoint), wake, options.deadline), asked);
  }
}

RetryDecision Client::State::decide(const Job& job, const Attempt& result, int attempts, Origin& origin) {
  RetryInput input;
  input.failure = result.failure;
  input.status = result.outcome.ok() ? result.outcome->status : 0;
  input.idempotent = job.request.idempotent;
  input.attempt = attempts;
  input.retries = job.request.endpoint->retries;
  input.now = system_now();
  input.deadline = deadline;
  input.random = next_random();
  if (result.outcome.ok()) input.asked = asked_wait(input.status, result.outcome->headers, input.now);
  // A rate limit is about us, so everybody waits; that one question is too much for the server (503) is not.
  if (input.asked && input.status == kTooManyRequests) {
    origin.not_before = std::max(origin.not_before, *input.asked);
    const auto name = result.outcome->headers.find("x-ratelimit-name");
    if (name != result.outcome->headers.end())
      origin.limit = core::shorten(core::printable(redactor.redact(name->second)), 100);
  }
  return decide_retry(input);
}

/// Holds the place at the origin until the server wants to be asked again, and a little longer, so that not all come at once.
Task<Wake> Client::State::wait_for_origin(Origin& origin) {
  Wake wake = Wake::done;
  for (core::Time now = system_now(); wake == Wake::done && origin.not_before > now && origin.not_before < deadline;
       now = system_now()) {
    SleepUntil nap(loop, Loop::Clock::now() + (origin.not_before - now) + backoff(1, next_random()));
    wake = co_await nap;
  }
  co_return wake;
}

/// A server that echoes what it was told may do so in a header's name.
Headers Client::State::redacted(const Headers& headers) const {
  Headers out;
  for (const auto& [name, value] : headers) out[redactor.redact(name)] = redactor.redact(value);
  return out;
}

/// One attempt: an exchange, and those that redirects within the origin lead to.
Task<Attempt> Client::State::attempt(const Job& job, Asked asked) {
  const Endpoint& endpoint = *job.request.endpoint;
  Hop hop{job.request.method, job.url, BodyFate::keep};
  std::set<std::string> visited;
  while (true) {
    visited.insert(visit_key(hop));
    const bool keeps_body = hop.body == BodyFate::keep;
    Wire wire{endpoint,
              hop.url,
              hop.method,
              keeps_body ? job.body : "",
              keeps_body ? job.content_type : "",
              job.request.headers,
              options.addresses};
    Transfer transfer(std::move(wire));
    const core::Time asked_at = system_now();
    Exchanged exchanged(loop, transfer);
    const Wake wake = co_await exchanged;
    if (wake != Wake::done) {
      core::Error error = stop_error(name_of(endpoint), wake, options.deadline);
      co_return Attempt(std::move(error), Failure::permanent);
    }
    Arrival& arrival = transfer.arrival();
    if (arrival.code != CURLE_OK) {
      TransportError problem = transport_error(asked, arrival, redactor);
      co_return Attempt(std::move(problem.error), problem.failure);
    }
    note_skew(origins[job.url.origin()], arrival.headers, asked_at);
    if (!is_redirect(arrival.status)) {
      Response response;
      response.status = arrival.status;
      response.body = std::move(arrival.body);
      response.headers = harmless_headers(std::move(arrival.headers));
      // Here and not where it is shown: what is judged is then what a replay will judge.
      redactor.redact_in_place(response.body);
      response.body.reserve(response.body.size() + kBodyPadding);
      response.headers = redacted(response.headers);
      co_return Attempt(std::move(response), Failure::none);
    }
    core::Result<Hop> next =
        follow(name_of(endpoint), hop, arrival.status, arrival.headers["location"], job.request.idempotent, visited);
    if (!next.ok()) co_return Attempt(next.error(), Failure::permanent);
    hop = std::move(next).value();
  }
}

/// Date is cut to whole seconds and was set some time between question and answer: only what lies outside that span is skew.
void Client::State::note_skew(Origin& origin, const Headers& headers, core::Time asked_at) {
  const auto found = headers.find("date");
  if (found == headers.end()) return;
  const time_t seconds = curl_getdate(found->second.c_str(), nullptr);
  if (seconds == -1) return;
  const core::Time date{std::chrono::seconds(seconds)};
  core::Duration skew{0};
  if (date > system_now()) skew = date - system_now();
  if (date + std::chrono::seconds(1) < asked_at) skew = date + std::chrono::seconds(1) - asked_at;
  // An answer from a cache carries the Date of its origin: it says nothing of a clock.
  if (headers.contains("age")) return;
  if (!origin.skew || std::chrono::abs(skew) > std::chrono::abs(*origin.skew)) origin.skew = skew;
}

}  // namespace gate::http
