#include "serve/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <list>
#include <memory>
#include <utility>

#include "core/text.h"
#include "http/redactor.h"
#include "serve/children.h"
#include "serve/connection.h"

namespace gate::serve {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kLastWords{500};

/// Children must not hold our sockets open; there is one thread, so none is started between the call and this.
void keep_from_children(int descriptor) {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

core::Error unusable_address(const std::string& text, const std::string& why) {
  return {"RG0030",
          fmt::format("--listen {}: {}", core::printable(text), why),
          "give a numeric address and a port: 127.0.0.1:9720, 0.0.0.0:9720 or [::]:9720",
          {},
          {}};
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string ip = endpoint.address().to_string();
  return fmt::format("{}:{}", endpoint.address().is_v6() ? "[" + ip + "]" : ip, endpoint.port());
}

class Server : public Owner {
 public:
  Server(const Options& options, std::ostream& log)
      : options_(options),
        log_(log),
        acceptor_(context_),
        pause_(context_),
        grace_(context_),
        signals_(context_, SIGTERM, SIGINT),
        children_(context_),
        evaluations_(children_, options.program, options.token_variable, options.evaluations) {
    redactor_.add(options.token);
  }

  core::Result<Ended> run() {
    if (auto failed = listen()) return std::move(*failed);
    log(fmt::format("listening on http://{}", text_of(acceptor_.local_endpoint())));
    wait_for_signal();
    accept();
    work();
    over_ = true;
    return ended_;
  }

  [[nodiscard]] const Options& options() const override { return options_; }
  Evaluations& evaluations() override { return evaluations_; }

  void log(const std::string& line) override {
    log_ << core::without_commands(redactor_.redact(fmt::format("{} {}\n", core::format_time(options_.now()), line)));
    log_.flush();
  }

  void closed(Connection& connection) override {
    if (over_) return;
    connections_.remove(&connection);
    if (stopping() && connections_.empty()) finish();
  }

 private:
  /// What throws costs its own connection, which is closed without an answer, and no other.
  void work() {
    for (;;) {
      try {
        context_.run();
        return;
      } catch (const std::exception& error) {
        log(fmt::format("error[RG9000]: internal error: {}", core::printable(error.what())));
      }
    }
  }

  [[nodiscard]] bool stopping() const { return ended_.signal != 0; }

  std::optional<core::Error> listen() {
    error_code failed;
    const auto ip = asio::ip::make_address(options_.address.ip, failed);
    const tcp::endpoint endpoint(ip, options_.address.port);
    if (!failed) acceptor_.open(endpoint.protocol(), failed);
    if (!failed) keep_from_children(acceptor_.native_handle());
    if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (!failed) return std::nullopt;
    return unusable_address(text_of(endpoint), failed.message());
  }

  void accept() {
    acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
      if (stopping() || failed == asio::error::operation_aborted) return;
      if (failed) {
        // Out of descriptors, or the like: the next try would fail at once, too.
        pause_.expires_after(std::chrono::milliseconds(100));
        pause_.async_wait([this](error_code cancelled) {
          if (!cancelled) accept();
        });
        return;
      }
      keep_from_children(socket.native_handle());
      take(std::move(socket));
      accept();
    });
  }

  void take(tcp::socket socket) {
    if (connections_.size() >= options_.limits.connections) {
      const auto oldest =
          std::find_if(connections_.begin(), connections_.end(), [](const Connection* one) { return one->is_reading(); });
      if (oldest == connections_.end()) return;
      (*oldest)->drop();
    }
    const auto connection = std::make_shared<Connection>(std::move(socket), *this);
    connections_.push_back(connection.get());
    connection->begin();
  }

  void wait_for_signal() {
    signals_.async_wait([this](error_code failed, int number) {
      if (failed) return;
      if (stopping()) {
        abandon();
        return;
      }
      wait_for_signal();
      stop(number);
    });
  }

  /// Takes no more; what has no whole request yet is closed.
  void stop(int number) {
    ended_.signal = number;
    ended_.all_answered = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    log(fmt::format("stopping: {} connection{} open", connections_.size(), connections_.size() == 1 ? " is" : "s are"));
    for (Connection* one : connections_) {
      if (one->is_reading()) one->drop();
    }
    grace_.expires_after(options_.limits.grace);
    grace_.async_wait([this](error_code cancelled) {
      if (!cancelled) abandon();
    });
    if (connections_.empty()) finish();
  }

  /// Ends what still runs: those who wait are told that it was not finished, if they listen.
  void abandon() {
    ended_.all_answered = false;
    children_.kill_all();
    grace_.expires_after(kLastWords);
    grace_.async_wait([this](error_code cancelled) {
      if (!cancelled) context_.stop();
    });
  }

  /// Takes away all that keeps the context at work.
  void finish() {
    grace_.cancel();
    error_code ignored;
    signals_.cancel(ignored);
    children_.close();
  }

  const Options& options_;
  std::ostream& log_;
  http::Redactor redactor_;
  std::list<Connection*> connections_;
  Ended ended_;
  bool over_ = false;  ///< connections that the context still holds end with it, and with nothing to tell
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::steady_timer grace_;
  asio::signal_set signals_;
  Children children_;
  Evaluations evaluations_;
};

}  // namespace

core::Result<Address> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return unusable_address(text, "there is no port");
  std::string ip = text.substr(0, colon);
  const bool brackets = ip.size() > 2 && ip.front() == '[' && ip.back() == ']';
  if (brackets) ip = ip.substr(1, ip.size() - 2);
  error_code failed;
  const auto parsed = asio::ip::make_address(ip, failed);
  if (failed || parsed.is_v6() != brackets) return unusable_address(text, "this is no numeric address");
  Address address{ip, 0};
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (problem != std::errc() || rest != end) return unusable_address(text, "the port is a number up to 65535");
  return address;
}

bool is_loopback(const Address& address) {
  error_code failed;
  const auto ip = asio::ip::make_address(address.ip, failed);
  if (failed) return false;
  if (ip.is_v6() && ip.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, ip.to_v6()).is_loopback();
  return ip.is_loopback();
}

core::Result<Ended> serve(const Options& options, std::ostream& log) {
  Server server(options, log);
  return server.run();
}

}  // namespace gate::serve
