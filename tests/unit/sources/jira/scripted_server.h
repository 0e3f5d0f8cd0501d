// ScriptedServer: answers on 127.0.0.1 by path, one connection a request. For tests of sources; not for HTTP itself.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gate::sources::jira {

struct Scripted {
  std::string path;  ///< with its query
  int status = 200;
  std::string body;
  std::string login_reason;  ///< X-Seraph-LoginReason
};

class ScriptedServer {
 public:
  explicit ScriptedServer(const std::vector<Scripted>& script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// "GET /path", in the order they came.
  [[nodiscard]] std::vector<std::string> requests();
  /// The body of the last request that had one.
  [[nodiscard]] std::string last_body();

 private:
  void serve();
  void answer(int connection);

  std::map<std::string, Scripted> script_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::string last_body_;
  std::thread thread_;
};

}  // namespace gate::sources::jira
