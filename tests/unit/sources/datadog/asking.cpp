#include "asking.h"

namespace gate::sources::datadog {
namespace {

Setup setup(const Server& server, Api api) {
  Setup out;
  out.endpoint.name = "dd";
  out.endpoint.url = server.url();
  out.endpoint.retries = 1;
  out.endpoint.headers.emplace_back("DD-API-KEY", core::Secret("api-key-of-the-test", "env DD_API_KEY"));
  out.endpoint.headers.emplace_back("DD-APPLICATION-KEY", core::Secret("app-key-of-the-test", "env DD_APP_KEY"));
  out.site = "datadoghq.eu";
  out.keys = {"env DD_API_KEY", "env DD_APP_KEY", out.site};
  out.api = api;
  return out;
}

http::Task<void> ask_into(Source& source, const core::Question& question, Got& got) {
  try {
    http::Task<core::Answer> asking = source.ask(question);
    got.answer = co_await asking;
  } catch (const core::SourceError& failure) {
    got.error = failure.error();
  }
}

http::Task<void> check_into(Source& source, Got& got) {
  try {
    Health found;
    http::Task<void> checking = source.health(found);
    co_await checking;
    got.health = std::move(found);
  } catch (const core::SourceError& failure) {
    got.error = failure.error();
  }
}

std::string status_line(int status) {
  return std::to_string(status) + (status < 300 ? " OK" : " Refused");
}

}  // namespace

core::Node text_node(const std::string& text) {
  return core::Node{text, {}};
}

core::Node list_node(const std::vector<std::string>& texts) {
  core::Node::Array array;
  for (const std::string& text : texts) array.push_back(text_node(text));
  return core::Node{std::move(array), {}};
}

core::Node table_node(const std::vector<std::pair<std::string, std::string>>& members) {
  core::Node::Table table;
  for (const auto& [name, text] : members) {
    core::Member member;
    member.key = name;
    member.node = text_node(text);
    table.push_back(std::move(member));
  }
  return core::Node{std::move(table), {}};
}

core::Settings keys(const KeyNodes& all) {
  core::Settings settings;
  for (const auto& [name, node] : all) {
    core::Setting setting;
    setting.key = name;
    setting.node = node;
    settings.add(std::move(setting));
  }
  return settings;
}

core::Window window(std::int64_t start, std::int64_t end) {
  return {core::Time(std::chrono::seconds(start)), core::Time(std::chrono::seconds(end))};
}

Server::Server(std::map<std::string, std::vector<Answered>> answers)
    : answers_(std::move(answers)), loopback_([this](const std::string& request) { return answer(request); }) {}

std::string Server::answer(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const std::string line = request.substr(0, request.find("\r\n"));
  const std::string route = line.substr(0, line.find_first_of(" ?", line.find(' ') + 1));
  const auto found = answers_.find(route);
  if (found == answers_.end()) return http::http_answer(R"({"errors":["Not found"]})", "404 Not Found");
  const std::size_t number = std::min(next_[route]++, found->second.size() - 1);
  const Answered& said = found->second[number];
  return http::http_answer(said.body, status_line(said.status), said.headers);
}

std::vector<std::string> Server::asked() const {
  std::vector<std::string> lines;
  for (const std::string& request : loopback_.requests()) {
    const std::string line = request.substr(0, request.find("\r\n"));
    lines.push_back(line.substr(0, line.rfind(' ')));
  }
  return lines;
}

Got ask(const Server& server, const core::Question& question, const Asking& how) {
  http::Options options;
  options.deadline = how.deadline;
  options.jitter_seed = 1;
  http::Client client(options);
  DatadogSource source(setup(server, how.api), &client);
  Got got;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(ask_into(source, question, got));
  client.run(std::move(tasks));
  return got;
}

Got check_health(const Server& server, const std::vector<core::Question>& questions) {
  http::Options options;
  options.jitter_seed = 1;
  http::Client client(options);
  DatadogSource source(setup(server, Api::v2), &client);
  std::vector<const core::Question*> known;
  for (const core::Question& question : questions) known.push_back(&question);
  source.prepare(known);
  Got got;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(check_into(source, got));
  client.run(std::move(tasks));
  return got;
}

core::Question state_question(const KeyNodes& all) {
  core::Question question;
  question.metric = "m";
  question.part = "value";
  question.query = keys(all);
  question.shape = Shape::state;
  return question;
}

core::Question metric_question(const KeyNodes& all, Shape shape, core::Window over, core::Duration step) {
  core::Question question = state_question(all);
  question.shape = shape;
  question.window = over;
  question.step = step;
  question.first = step;
  return question;
}

}  // namespace gate::sources::datadog
