// How the tests ask Datadog: questions made from keys, one server that answers by method and path.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/question.h"
#include "core/samples.h"
#include "loopback.h"
#include "sources/datadog/client.h"

namespace gate::sources::datadog {

core::Node text_node(const std::string& text);
core::Node list_node(const std::vector<std::string>& texts);
core::Node table_node(const std::vector<std::pair<std::string, std::string>>& members);
using KeyNodes = std::vector<std::pair<std::string, core::Node>>;
/// The keys of a metric, as if they had been read from a gate file.
core::Settings keys(const KeyNodes& all);

/// [start, end) in Unix seconds.
core::Window window(std::int64_t start, std::int64_t end);

/// One answer of the server.
struct Answered {
  int status = 200;
  std::string body;
  std::string headers;
};

/// A server that answers "GET /path" (without what follows "?") with the next of its answers, the last one for ever; 404 else.
class Server {
 public:
  explicit Server(std::map<std::string, std::vector<Answered>> answers);
  [[nodiscard]] const std::string url() const { return loopback_.url(); }
  /// The first lines of all requests.
  [[nodiscard]] std::vector<std::string> asked() const;
  [[nodiscard]] std::vector<std::string> requests() const { return loopback_.requests(); }

 private:
  std::string answer(const std::string& request);

  std::map<std::string, std::vector<Answered>> answers_;
  std::map<std::string, std::size_t> next_;
  std::mutex mutex_;
  http::Loopback loopback_;
};

/// What became of a question.
struct Got {
  std::optional<core::Answer> answer;
  std::optional<Health> health;
  core::Error error;  ///< with a code when there was no answer
};

struct Asking {
  Api api = Api::v2;
  core::Duration deadline{20000};
};

Got ask(const Server& server, const core::Question& question, const Asking& how = {});
/// What `sources --check` finds out for a gate that asks `questions`.
Got check_health(const Server& server, const std::vector<core::Question>& questions = {});

/// A question for a state, now.
core::Question state_question(const KeyNodes& all);
/// A question for points or one value over `over`.
core::Question metric_question(const KeyNodes& all, Shape shape, core::Window over, core::Duration step);

}  // namespace gate::sources::datadog
