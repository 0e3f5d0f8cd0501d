#include "loopback.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace gate::http {
namespace {

std::size_t length_of(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

/// The next request of a connection, "" at its end. `rest` keeps what was read beyond it.
std::string read_request(int peer, std::string& rest) {
  std::size_t whole = std::string::npos;
  while (true) {
    const std::size_t end = rest.find("\r\n\r\n");
    if (end != std::string::npos) whole = end + 4 + length_of(rest.substr(0, end));
    if (rest.size() >= whole) break;
    char bytes[65536];
    const ssize_t count = ::recv(peer, bytes, sizeof bytes, 0);
    if (count <= 0) return "";
    rest.append(bytes, static_cast<std::size_t>(count));
  }
  const std::string request = rest.substr(0, whole);
  rest.erase(0, whole);
  return request;
}

}  // namespace

Loopback::Loopback(Answer answer) : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (socket_ < 0 || ::bind(socket_, generic, size) != 0 || ::listen(socket_, 512) != 0) throw std::runtime_error("listen");
  ::getsockname(socket_, generic, &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

Loopback::~Loopback() {
  closing_ = true;
  ::shutdown(socket_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int peer : peers_) ::shutdown(peer, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
  for (const int peer : peers_) ::close(peer);
  ::close(socket_);
}

std::vector<std::string> Loopback::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void Loopback::pause(int milliseconds) const {
  for (int waited = 0; waited < milliseconds && !closing_; waited += 5) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Loopback::accept_all() {
  while (!closing_) {
    const int peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) continue;
    const int on = 1;
    ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    peers_.push_back(peer);
    workers_.emplace_back([this, peer] { serve(peer); });
  }
}

void Loopback::serve(int peer) {
  std::string rest;
  while (!closing_) {
    const std::string request = read_request(peer, rest);
    if (request.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const int now = ++under_way_;
    int most = most_;
    while (now > most && !most_.compare_exchange_weak(most, now)) {
    }
    const std::string text = answer_(request);
    --under_way_;
    if (text.empty()) {
      ::shutdown(peer, SHUT_RDWR);
      return;
    }
    ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
  }
}

std::string http_answer(const std::string& body, const std::string& status, const std::string& headers) {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace gate::http
