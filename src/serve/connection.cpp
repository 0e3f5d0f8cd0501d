#include "serve/connection.h"

#include <fmt/format.h>

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <filesystem>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "serve/credential.h"

namespace gate::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxLingerBytes = 256UL << 10U;
constexpr std::chrono::milliseconds kLinger{1000};

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

/// The file that is there; the last one where none is, so that the run says what is missing.
std::string existing(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored)) return file;
  }
  return files.back();
}

Refusal no_such_gate(const std::vector<std::string>& files) {
  std::string names;
  for (const std::string& file : files)
    names += (names.empty() ? "" : " and ") + std::filesystem::path(file).filename().string();
  return {422, "there is no such gate: looked for " + names, ""};
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Owner& owner) : stream_(std::move(socket)), owner_(owner) {
  error_code failed;
  const auto peer = stream_.socket().remote_endpoint(failed);
  peer_ = failed ? "-" : peer.address().to_string();
  parser_.header_limit(owner_.options().limits.header_bytes);
  parser_.body_limit(owner_.options().limits.body_bytes);
}

Connection::~Connection() {
  owner_.closed(*this);
}

void Connection::begin() {
  // One deadline for the whole request, which no trickle of bytes moves.
  stream_.expires_after(owner_.options().limits.request);
  read_header();
}

void Connection::drop() {
  reading_ = false;
  stream_.close();
}

bool Connection::is_allowed() const {
  return is_authorized(view(parser_.get()[http::field::authorization]), owner_.options().token);
}

/// What needs no body is answered before one is read.
void Connection::read_header() {
  http::async_read_header(stream_, buffer_, parser_, [self = shared_from_this()](error_code failed, std::size_t) {
    if (failed) {
      self->read_failed(failed);
      return;
    }
    const auto& request = self->parser_.get();
    const Route route = route_of(view(request.method_string()), view(request.target()));
    if (std::holds_alternative<Health>(route)) {
      self->answer(answer_healthy());
    } else if (!self->is_allowed()) {
      self->answer(answer_unauthorized());
    } else if (const auto* refusal = std::get_if<Refusal>(&route)) {
      self->answer(answer_for(*refusal));
    } else {
      self->read_body(std::get<Hook>(route));
    }
  });
}

void Connection::read_body(Hook hook) {
  http::async_read(stream_, buffer_, parser_, [self = shared_from_this(), hook](error_code failed, std::size_t) {
    if (failed) {
      self->read_failed(failed);
    } else {
      self->take(hook);
    }
  });
}

void Connection::read_failed(const error_code& failed) {
  if (failed == http::error::body_limit) {
    answer(answer_for(Refusal{413, fmt::format("a body has at most {} bytes", owner_.options().limits.body_bytes), ""}));
  } else if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
    answer(answer_for(Refusal{431, fmt::format("headers have at most {} bytes", owner_.options().limits.header_bytes), ""}));
  } else if (failed == beast::error::timeout) {
    // The stream is closed already. Silence is no request, and none of the log's business.
    Answer late;
    late.status = 408;
    late.words = "no whole request in time";
    if (buffer_.size() > 0 || parser_.got_some()) log_answer(late);
  } else if (failed.category() == http::make_error_code(http::error::bad_method).category() &&
             failed != http::error::end_of_stream && failed != http::error::partial_message) {
    answer(answer_for(Refusal{400, "this is not HTTP/1.1 as it should be", ""}));
  }
}

void Connection::take(Hook hook) {
  reading_ = false;
  const auto& request = parser_.get();
  const auto ask =
      read_ask(hook, view(request.method_string()), view(request.target()), request.body(), owner_.options().policy);
  if (const auto* refusal = std::get_if<Refusal>(&ask)) {
    answer(answer_for(*refusal));
    return;
  }
  evaluate(std::get<Ask>(ask));
}

void Connection::evaluate(const Ask& ask) {
  if (!ask.canary.empty()) facts_ += " canary=" + ask.canary;
  const std::string file = existing(ask.gates);
  facts_ += " gate=" + core::printable(std::filesystem::path(file).stem().string());
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    answer(answer_for(no_such_gate(ask.gates)));
    return;
  }
  stream_.expires_never();
  const bool taken = owner_.evaluations().ask(
      file, ask.arguments, [self = shared_from_this(), hook = ask.hook](const Outcome& outcome, bool shared) {
        self->facts_ += fmt::format(" verdict={}{}", name(outcome.verdict), shared ? " shared" : "");
        self->answer(answer_for(hook, outcome));
      });
  if (!taken) answer(answer_busy());
}

void Connection::answer(Answer answer) {
  reading_ = false;
  response_.version(11);
  response_.result(answer.status);
  // 425 has no name in Beast's table; the reason is for people alone.
  if (answer.status == 425) response_.reason("Too Early");
  response_.keep_alive(false);
  response_.set(http::field::content_type, answer.content_type);
  response_.set(http::field::cache_control, "no-store");
  if (!answer.allow.empty()) response_.set(http::field::allow, answer.allow);
  if (answer.retry_after_s > 0) response_.set(http::field::retry_after, std::to_string(answer.retry_after_s));
  if (answer.challenges) response_.set(http::field::www_authenticate, "Bearer realm=\"release-gate\"");
  log_answer(answer);
  const bool with_body = parser_.get().method() != http::verb::head;
  response_.content_length(answer.body.size());
  if (with_body) response_.body() = std::move(answer.body);
  write(with_body);
}

void Connection::write(bool with_body) {
  stream_.expires_after(owner_.options().limits.write);
  const auto done = [self = shared_from_this()](error_code failed, std::size_t) {
    if (!failed) self->linger();
  };
  if (with_body) {
    http::async_write(stream_, response_, done);
    return;
  }
  const auto serializer = std::make_shared<http::response_serializer<http::string_body>>(response_);
  serializer->split(true);
  http::async_write_header(stream_, *serializer,
                           [serializer, done](error_code failed, std::size_t count) { done(failed, count); });
}

/// Closing while the client still sends would reset the connection and take the answer from it (RFC 9112 section 9.6).
void Connection::linger() {
  error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  buffer_.clear();
  if (lingered_ == 0) stream_.expires_after(kLinger);
  stream_.async_read_some(buffer_.prepare(4096), [self = shared_from_this()](error_code failed, std::size_t count) {
    self->lingered_ += count;
    if (!failed && count > 0 && self->lingered_ < kMaxLingerBytes) self->linger();
  });
}

void Connection::log_answer(const Answer& answer) {
  const auto& request = parser_.get();
  const std::string_view target = view(request.target());
  const std::string path = core::printable(core::shorten(target.substr(0, target.find('?')), 100));
  const std::string method = core::printable(core::shorten(view(request.method_string()), 20));
  const std::chrono::duration<double> taken = Clock::now() - started_;
  const std::string words = core::printable(answer.words);
  owner_.log(fmt::format("{} {} {} {} {:.3f}s{}{}{}", peer_, method.empty() ? "-" : method, path.empty() ? "-" : path,
                         answer.status, taken.count(), facts_, words.empty() ? "" : " ", words));
}

}  // namespace gate::serve
