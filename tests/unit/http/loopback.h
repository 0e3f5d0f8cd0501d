// A small HTTP server on 127.0.0.1 for tests of the client: a thread a connection, answers made by the test.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gate::http {

class Loopback {
 public:
  /// What the server says to one request, given as its head and body; byte for byte. "" closes the connection.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit Loopback(Answer answer);
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<std::string> requests() const;
  /// The most requests that were under way at one moment.
  [[nodiscard]] int most_at_once() const { return most_; }
  /// Sleeps, but not beyond the end of the server.
  void pause(int milliseconds) const;

 private:
  void accept_all();
  void serve(int peer);

  Answer answer_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> closing_{false};
  std::atomic<int> under_way_{0};
  std::atomic<int> most_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<int> peers_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

/// A whole answer.
std::string http_answer(const std::string& body, const std::string& status = "200 OK", const std::string& headers = "");

}  // namespace gate::http
