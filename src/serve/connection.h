// Connection: one request and its answer over one connection, which is then closed. Its time and size are bounded at every
// step.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "serve/answer.h"
#include "serve/evaluations.h"
#include "serve/server.h"

namespace gate::serve {

class Connection;

/// What connections need of their server.
class Owner {
 public:
  virtual ~Owner() = default;
  [[nodiscard]] virtual const Options& options() const = 0;
  virtual Evaluations& evaluations() = 0;
  virtual void log(const std::string& line) = 0;
  virtual void closed(Connection& connection) = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// `owner` outlives it.
  Connection(boost::asio::ip::tcp::socket socket, Owner& owner);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void begin();

  /// No whole request has come yet.
  [[nodiscard]] bool is_reading() const { return reading_; }
  /// Closes without an answer.
  void drop();

 private:
  using Clock = std::chrono::steady_clock;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void read_header();
  void read_body(Hook hook);
  void take(Hook hook);
  void evaluate(const Ask& ask);
  void read_failed(const boost::system::error_code& failed);
  void answer(Answer answer);
  void write(bool with_body);
  void linger();
  void log_answer(const Answer& answer);
  [[nodiscard]] bool is_allowed() const;

  boost::beast::tcp_stream stream_;
  Owner& owner_;
  std::string peer_;
  Clock::time_point started_ = Clock::now();
  boost::beast::flat_buffer buffer_;
  Parser parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::size_t lingered_ = 0;
  bool reading_ = true;
  std::string facts_;  ///< for the line of the log: what was asked, and how it came out
};

}  // namespace gate::serve
