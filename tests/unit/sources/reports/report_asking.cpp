#include "report_asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "http/client.h"

namespace gate::sources::reports {
namespace {

std::string text_of(const core::Answer& answer) {
  std::string out;
  for (const core::Series& series : answer.series) {
    out += out.empty() ? "" : " ";
    for (const auto& [label, value] : series.labels) out += value + "=";
    for (std::size_t i = 0; i < series.values.size(); ++i) out += fmt::format("{}{:.10g}", i == 0 ? "" : ",", series.values[i]);
  }
  if (answer.series.empty()) out = "none: " + answer.absence;
  for (const std::string& note : answer.notes) out += " (" + note + ")";
  return out;
}

http::Task<void> put_answer(Source& source, const core::Question& question, std::string& out, std::optional<core::Time>& at) {
  try {
    http::Task<core::Answer> asking = source.ask(question);
    const core::Answer answer = co_await asking;
    out = text_of(answer);
    if (!answer.series.empty() && !answer.series.front().times.empty()) at = answer.series.front().times.front();
  } catch (const core::SourceError& failure) {
    out = fmt::format("{} {} / {}", failure.error().code, failure.error().message, failure.error().hint);
  }
}

}  // namespace

Asked& Asked::file(const std::string& name, std::string_view text) {
  (void)folder_.write(name, text);
  const bool has_path = std::any_of(source_.begin(), source_.end(), [](const auto& key) { return key.first == "path"; });
  if (!has_path) source_.emplace_back("path", file::text_node(name));
  return *this;
}

core::Question Asked::question(const std::string& name, Members query) const {
  core::Question out;
  out.metric = "m";
  out.part = "value";
  out.shape = core::Shape::latest;
  query.emplace_back("measure", file::text_node(name));
  for (const auto& [key, node] : source_) {
    const bool own = std::any_of(query.begin(), query.end(), [&](const auto& one) { return one.first == key; });
    if (!own) query.emplace_back(key, node);
  }
  out.query = file::settings(std::move(query));
  return out;
}

std::string Asked::measure(const std::string& name, Members query) {
  return ask(question(name, std::move(query)));
}

std::string Asked::ask(core::Question question, http::Tape* tape) {
  http::Options options;
  options.tape = tape;
  http::Client client(std::move(options));
  const SourceType* type = find_type(type_);
  REQUIRE(type != nullptr);
  const core::Settings settings = file::settings(source_);
  const SourceContext context{&client, tape, folder_.path(), {}};
  const std::unique_ptr<Source> source = type->make("ci", settings, context);
  const core::Question* const asked = &question;
  source->prepare({&asked, 1});
  std::string out;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(put_answer(*source, question, out, at));
  client.run(std::move(tasks));
  for (std::size_t found; (found = out.find(folder_.path() + "/")) != std::string::npos;)
    out.erase(found, folder_.path().size() + 1);
  for (std::size_t found; (found = out.find(folder_.path())) != std::string::npos;)
    out.replace(found, folder_.path().size(), "FOLDER");
  return out;
}

std::vector<std::string> mistakes(const std::string& type, Members query) {
  const SourceType* found = find_type(type);
  REQUIRE(found != nullptr);
  return file::texts(found->check_query(file::settings(std::move(query)), core::Settings()));
}

}  // namespace gate::sources::reports
