#include "scripted_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace gate::sources::jira {
namespace {

std::size_t content_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t at = head.find("content-length:");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 15, nullptr, 10);
}

/// Everything up to the end of the body; "" when the peer says nothing.
std::string read_request(int connection, std::size_t& head_size) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const std::size_t end = text.find("\r\n\r\n");
    head_size = end == std::string::npos ? 0 : end + 4;
    if (head_size != 0 && text.size() >= head_size + content_length(text.substr(0, head_size))) return text;
    const ssize_t count = recv(connection, buffer.data(), buffer.size(), 0);
    if (count <= 0) return "";
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

ScriptedServer::ScriptedServer(const std::vector<Scripted>& script) {
  for (const Scripted& one : script) script_[one.path] = one;
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no loopback server");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::vector<std::string> ScriptedServer::requests() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

std::string ScriptedServer::last_body() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_body_;
}

void ScriptedServer::serve() {
  while (true) {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    answer(connection);
    close(connection);
  }
}

void ScriptedServer::answer(int connection) {
  std::size_t head_size = 0;
  const std::string request = read_request(connection, head_size);
  const std::size_t method_end = request.find(' ');
  const std::size_t path_end = request.find(' ', method_end + 1);
  if (path_end == std::string::npos) return;
  const auto found = script_.find(request.substr(method_end + 1, path_end - method_end - 1));
  const Scripted scripted = found == script_.end() ? Scripted{"", 404, "{}", ""} : found->second;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(request.substr(0, path_end));
    if (request.size() > head_size) last_body_ = request.substr(head_size);
  }
  const std::string reason = scripted.login_reason.empty() ? "" : "X-Seraph-LoginReason: " + scripted.login_reason + "\r\n";
  const std::string text = "HTTP/1.1 " + std::to_string(scripted.status) + " As Scripted\r\nConnection: close\r\n" + reason +
                           "Content-Length: " + std::to_string(scripted.body.size()) + "\r\n\r\n" + scripted.body;
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace gate::sources::jira
