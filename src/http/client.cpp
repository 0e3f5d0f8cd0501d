#include "http/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "core/text.h"
#include "http/errors.h"
#include "http/exchange.h"
#include "http/job.h"
#include "http/loop.h"
#include "http/redirect.h"
#include "http/retry.h"
#include "http/transfer.h"

namespace gate::http {
namespace {

/// Bodies kept for askers that come after the answer did: enough for thousands of ordinary answers, never a big range.
constexpr std::size_t kKeptBytes = std::size_t{8} << 20;
constexpr std::chrono::milliseconds kProgressInterval{100};

core::Time system_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

using Outcome = core::Result<Response>;

/// One request under way or answered, and who asked for it.
struct Shared {
  std::optional<Outcome> outcome;
  std::vector<Waiter*> waiters;
  std::size_t askers = 0;
  bool kept = false;
};

class [[nodiscard]] Answered {
 public:
  Answered(Loop& loop, Shared& shared) : loop_(loop), shared_(shared) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.handle = handle;
    if (shared_.outcome) {
      loop_.resume_soon(waiter_);
    } else {
      shared_.waiters.push_back(&waiter_);
    }
  }
  void await_resume() const noexcept {}

 private:
  Loop& loop_;
  Shared& shared_;
  Waiter waiter_;
};

/// What is known of one scheme, host and port.
struct Origin {
  Turnstile turnstile;
  core::Time not_before;  ///< the server asked us to wait until then
  std::optional<core::Duration> skew;
};

/// How one attempt ended.
struct Attempt {
  Attempt(Outcome what, Failure how) : outcome(std::move(what)), failure(how) {}
  Outcome outcome;
  Failure failure;
};

}  // namespace

struct Client::State {
  explicit State(Options given)
      : options(std::move(given)),
        started(Loop::Clock::now()),
        deadline(system_now() + options.deadline),
        loop(started + options.deadline),
        random(options.jitter_seed != 0 ? options.jitter_seed : std::random_device{}()) {}

  Task<Response> send(Request request);
  Task<Outcome> answer(const Job& job);
  Task<Outcome> ask(const Job& job);
  Task<Attempt> attempt(const Job& job, Asked asked);
  Task<Wake> wait_for_origin(Origin& origin);
  Outcome replay(const Job& job);
  Outcome record(const Job& job, Outcome outcome);
  Outcome hand_out(Shared& shared);
  void settle(const std::string& key, const Job& job, Shared& shared, Outcome outcome);
  void note_skew(Origin& origin, const Headers& headers, core::Time asked_at);
  void remember_credentials(const Endpoint& endpoint);
  void report_progress();
  std::string shown_url(const Job& job) const { return core::printable(redactor.redact(job.url.text())); }
  std::string question(const Job& job) const {
    return encode_question(job.request, redactor.redact(job.url.text()), redactor.redact(job.body));
  }
  core::Error failed(core::Error error, const Asked& asked) const {
    add_request_facts(error, asked);
    return error;
  }
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

Client::Client(Options options) : state_(std::make_unique<State>(std::move(options))) {}
Client::~Client() = default;

Task<Response> Client::send(Request request) {
  return state_->send(std::move(request));
}

void Client::run(std::vector<Task<void>> tasks) {
  State& state = *state_;
  state.loop.run(tasks, [&state] { state.report_progress(); });
}

void Client::interrupt() noexcept {
  state_->loop.interrupt();
}

core::Duration Client::time_left() const {
  return std::max(core::Duration(0), std::chrono::floor<core::Duration>(state_->loop.deadline() - Loop::Clock::now()));
}

std::optional<core::Duration> Client::clock_skew(const Endpoint& endpoint) const {
  const core::Result<Url> url = parse_url(endpoint.url);
  if (!url.ok()) return std::nullopt;
  const auto found = state_->origins.find(url->origin());
  return found == state_->origins.end() ? std::nullopt : found->second.skew;
}

const Redactor& Client::redactor() const {
  return state_->redactor;
}

void Client::protect(const core::Secret& secret) {
  state_->redactor.add(secret);
}

Tape* Client::tape() const {
  return state_->options.tape;
}

Task<void> Client::sleep(core::Duration duration) {
  State& state = *state_;
  if (state.is_replay()) {
    NextTurn turn(state.loop);
    co_await turn;
    co_return;
  }
  SleepUntil nap(state.loop, Loop::Clock::now() + duration);
  const Wake wake = co_await nap;
  if (wake != Wake::done) throw core::SourceError(stop_error("waiting", wake, state.options.deadline));
}

Task<Response> Client::State::send(Request request) {
  if (!request.endpoint) throw std::invalid_argument("a request without an endpoint");
  remember_credentials(*request.endpoint);
  known_endpoints.emplace(request.endpoint.get(), request.endpoint);
  core::Result<Job> checked = make_job(std::move(request));
  if (!checked.ok()) throw core::SourceError(checked.error());
  const Job job = std::move(checked).value();
  std::shared_ptr<Shared> shared;
  if (job.request.idempotent) {
    std::shared_ptr<Shared>& entry = shared_requests[job.key];
    if (entry) {
      shared = entry;
      ++shared->askers;
      Answered answered(loop, *shared);
      co_await answered;
      Outcome outcome = hand_out(*shared);
      if (!outcome.ok()) throw core::SourceError(outcome.error());
      co_return std::move(outcome).value();
    }
    entry = std::make_shared<Shared>();
    shared = entry;
  } else {
    shared = std::make_shared<Shared>();
  }
  ++shared->askers;
  Task<Outcome> answering = answer(job);
  Outcome outcome = co_await answering;
  settle(job.key, job, *shared, std::move(outcome));
  Outcome mine = hand_out(*shared);
  if (!mine.ok()) throw core::SourceError(mine.error());
  co_return std::move(mine).value();
}

/// Everybody who waits is woken; the answer is kept for later askers if it may be and is small.
void Client::State::settle(const std::string& key, const Job& job, Shared& shared, Outcome outcome) {
  const std::size_t bytes = outcome.ok() ? outcome->body.size() : 0;
  shared.kept = job.request.idempotent && job.request.reuse == Reuse::within_run && kept_bytes + bytes <= kKeptBytes;
  if (shared.kept) kept_bytes += bytes;
  shared.outcome.emplace(std::move(outcome));
  for (Waiter* waiter : shared.waiters) loop.resume_soon(*waiter);
  shared.waiters.clear();
  if (!shared.kept && job.request.idempotent) shared_requests.erase(key);
}

Outcome Client::State::hand_out(Shared& shared) {
  --shared.askers;
  if (shared.askers == 0 && !shared.kept) return std::move(*shared.outcome);
  if (!shared.outcome->ok()) return shared.outcome->error();
  return copy_response(shared.outcome->value());
}

/// From the tape, or from the wire and onto the tape. Never throws.
Task<Outcome> Client::State::answer(const Job& job) {
  const std::uint64_t number = ++asked_count;
  outstanding.emplace(number, core::printable(job.request.endpoint->name + " " + job.request.path));
  if (is_replay()) {
    NextTurn turn(loop);
    co_await turn;
    outstanding.erase(number);
    co_return replay(job);
  }
  Task<Outcome> asking = ask(job);
  Outcome outcome = co_await asking;
  outstanding.erase(number);
  if (options.tape == nullptr || job.request.taping == Taping::never) co_return std::move(outcome);
  co_return record(job, std::move(outcome));
}

Outcome Client::State::replay(const Job& job) {
  core::Result<std::string> text = options.tape->get(question(job));
  core::Result<Recorded> recorded = text.ok() ? decode_answer(text.value()) : text.error();
  if (!recorded.ok()) {
    core::Error error = recorded.error();
    error.message = name_of(*job.request.endpoint) + ": " + error.message;
    error.context.push_back(job.request.method + " " + shown_url(job));
    return error;
  }
  if (recorded->skew) origins[job.url.origin()].skew = recorded->skew;
  return std::move(recorded.value().result);
}

Outcome Client::State::record(const Job& job, Outcome outcome) {
  Recorded recorded{std::move(outcome), origins[job.url.origin()].skew};
  const core::Result<bool> kept = options.tape->put(question(job), encode_answer(recorded, redactor));
  if (!kept.ok()) return kept.error();
  return std::move(recorded.result);
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
      if (origin.not_before >= deadline) co_return failed(rate_limited_error(asked, origin.not_before, deadline), asked);
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
    RetryInput input;
    input.failure = result.failure;
    input.status = result.outcome.ok() ? result.outcome->status : 0;
    input.idempotent = job.request.idempotent;
    input.attempt = asked.attempts;
    input.retries = endpoint.retries;
    if (result.outcome.ok()) input.asked = asked_wait(input.status, result.outcome->headers, now);
    input.now = now;
    input.deadline = deadline;
    input.random = next_random();
    const RetryDecision decision = decide_retry(input);
    if (input.asked) origin.not_before = std::max(origin.not_before, *input.asked);
    if (decision.action == RetryAction::rate_limited)
      co_return failed(rate_limited_error(asked, decision.until, deadline), asked);
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

/// Holds the place at the origin until the server wants to be asked again.
Task<Wake> Client::State::wait_for_origin(Origin& origin) {
  Wake wake = Wake::done;
  for (core::Time now = system_now(); wake == Wake::done && origin.not_before > now && origin.not_before < deadline;
       now = system_now()) {
    SleepUntil nap(loop, Loop::Clock::now() + (origin.not_before - now));
    wake = co_await nap;
  }
  co_return wake;
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

void Client::State::remember_credentials(const Endpoint& endpoint) {
  if (known_endpoints.contains(&endpoint)) return;
  redactor.add(endpoint.bearer);
  redactor.add(endpoint.password);
  if (!endpoint.password.empty()) {
    redactor.add(core::Secret(endpoint.user + ":" + std::string(endpoint.password.reveal()), "basic authentication"));
  }
  for (const auto& [name, value] : endpoint.headers) redactor.add(value);
}

void Client::State::report_progress() {
  if (!options.progress) return;
  const auto now = Loop::Clock::now();
  if (now - last_progress < kProgressInterval) return;
  last_progress = now;
  const std::size_t total = asked_count;
  options.progress(total - outstanding.size(), total, outstanding.empty() ? "" : redactor.redact(outstanding.begin()->second));
}

}  // namespace gate::http
