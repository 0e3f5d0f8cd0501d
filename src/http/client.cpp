#include "http/client.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "http/state.h"

namespace gate::http {
namespace {

/// Bodies kept for askers that come after the answer did: enough for thousands of ordinary answers, never a big range.
constexpr std::size_t kKeptBytes = std::size_t{8} << 20;
constexpr std::chrono::milliseconds kProgressInterval{100};

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

}  // namespace

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

std::map<std::string, core::Duration> Client::clock_skews() const {
  std::map<std::string, core::Duration> skews;
  for (const auto& [pointer, endpoint] : state_->known_endpoints) {
    const core::Result<Url> url = parse_url(endpoint->url);
    if (!url.ok()) continue;
    const auto found = state_->origins.find(url->origin());
    if (found != state_->origins.end() && found->second.skew) skews[name_of(*endpoint)] = *found->second.skew;
  }
  return skews;
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
  if (auto error = other_origin_error(job, options.origins)) throw core::SourceError(std::move(*error));
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
  Task<Outcome> answering = answer_or_error(job);
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

/// Never throws, so that nobody waits for ever for an answer that broke on its way.
Task<Outcome> Client::State::answer_or_error(const Job& job) {
  const std::string who = name_of(*job.request.endpoint);
  core::Error problem;
  try {
    Task<Outcome> answering = answer(job);
    co_return co_await answering;
  } catch (const std::bad_alloc&) {
    problem = {
        "RG1025", who + ": there is not enough memory for the answer", "ask for less (fewer series, a larger step)", {}, {}};
  } catch (const std::exception& bug) {
    problem = {"RG9001", who + ": internal error while asking: " + bug.what(), "this is a bug: please report it", {}, {}};
  }
  co_return problem;
}

/// From the tape, or from the wire and onto the tape.
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
  core::Result<std::string> text = options.tape->get(encode_question(job));
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
  const core::Result<bool> kept = options.tape->put(encode_question(job), encode_answer(recorded), TapeForm::canonical);
  if (!kept.ok()) return kept.error();
  return std::move(recorded.result);
}

void Client::State::remember_credentials(const Endpoint& endpoint) {
  if (known_endpoints.contains(&endpoint)) return;
  redactor.add(endpoint.bearer);
  redactor.add(endpoint.password);
  if (!endpoint.password.empty()) {
    redactor.add(core::Secret(endpoint.user + ":" + std::string(endpoint.password.reveal()), "basic authentication"));
  }
  for (const auto& [name, value] : endpoint.headers) {
    if (!value.name().empty()) redactor.add(value);
  }
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
