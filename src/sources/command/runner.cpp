#include "sources/command/runner.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/text.h"
#include "sources/command/process.h"
#include "sources/command/query.h"

namespace gate::sources::command {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr core::Duration kPoll{5};
constexpr core::Duration kGrace{500};  ///< between being asked to end and being ended
constexpr int kMostAtOnce = 4;
constexpr std::size_t kShownErrorBytes = 300;

/// What every program gets: without these, few would find anything.
constexpr std::array<const char*, 4> kTakenOver = {"PATH", "HOME", "LANG", "TMPDIR"};

std::vector<std::string> environment_of(const Limits& limits) {
  std::vector<std::string> out;
  for (const char* name : kTakenOver) {
    const char* value = std::getenv(name);
    if (value != nullptr) out.push_back(fmt::format("{}={}", name, value));
  }
  for (const auto& variable : limits.environment) {
    const std::string beginning = variable.first + "=";
    std::erase_if(out, [&](const std::string& one) { return one.starts_with(beginning); });
    out.push_back(fmt::format("{}{}", beginning, variable.second.reveal()));
  }
  return out;
}

/// The last lines, for a message.
std::string tail_of(const std::string& text) {
  std::string tail = text.size() > kShownErrorBytes ? "…" + text.substr(text.size() - kShownErrorBytes) : text;
  tail.erase(tail.find_last_not_of(" \t\r\n") + 1);
  return core::printable(core::replace_all(tail, "\n", " ⏎ "));
}

}  // namespace

Runner::Runner(std::string id, Limits limits, http::Client* client, http::Tape* tape)
    : id_(std::move(id)), limits_(std::move(limits)), client_(client), tape_(tape) {}

core::Error Runner::error(std::string code, const std::vector<std::string>& arguments, std::string_view message,
                          std::string hint, const std::string& error_output) const {
  core::Error out{std::move(code), fmt::format("{}: {}", id_, message), std::move(hint), {}, {}};
  out.context.push_back(client_->redactor().redact(shown_command(arguments)));
  const std::string said = tail_of(client_->redactor().redact(error_output));
  if (!said.empty()) out.context.push_back("it wrote to its standard error: " + said);
  return out;
}

std::string Runner::identity(const std::vector<std::string>& arguments) const {
  return json{{"run", arguments}, {"source", id_}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

core::Result<std::string> Runner::replay(const std::string& question) const {
  const auto kept = tape_->get(question);
  if (!kept) return kept.error();
  const json document = json::parse(*kept, nullptr, false);
  if (document.is_object() && document.contains("output") && document["output"].is_string())
    return document["output"].get<std::string>();
  try {
    const json& failed = document.at("error");
    return core::Error{failed.at("code").get<std::string>(),
                       failed.at("message").get<std::string>(),
                       failed.at("hint").get<std::string>(),
                       failed.at("context").get<std::vector<std::string>>(),
                       {}};
  } catch (const json::exception&) {
    return core::Error{"RG1081",
                       id_ + ": a recorded output cannot be read",
                       "the evidence was changed, or written by a newer version",
                       {},
                       {}};
  }
}

core::Result<std::string> Runner::record(const std::string& question, core::Result<std::string> outcome) const {
  json document;
  if (outcome) {
    document["output"] = *outcome;
  } else {
    const core::Error& failed = outcome.error();
    document["error"] = {
        {"code", failed.code}, {"message", failed.message}, {"hint", failed.hint}, {"context", failed.context}};
  }
  const auto kept = tape_->put(question, document.dump(-1, ' ', false, json::error_handler_t::replace));
  if (!kept) return kept.error();
  return outcome;
}

http::Task<core::Result<std::string>> Runner::run(const std::vector<std::string>& arguments) {
  while (under_way_ >= kMostAtOnce) {
    http::Task<void> waiting = client_->sleep(kPoll);
    co_await waiting;
  }
  ++under_way_;
  const auto leave = [](int* count) { --*count; };
  const std::unique_ptr<int, decltype(leave)> leaving(&under_way_, leave);
  const auto started = Clock::now();
  Process process({arguments, environment_of(limits_), limits_.directory, static_cast<std::size_t>(limits_.max_output)});
  if (process.start_error() != 0) {
    co_return error("RG1966", arguments,
                    fmt::format("the program cannot be started: {}", std::generic_category().message(process.start_error())),
                    "is it there, and executable? A path is relative to the gate file, a name is looked for in PATH");
  }
  bool asked_to_end = false;
  while (!process.step()) {
    const auto spent = std::chrono::duration_cast<core::Duration>(Clock::now() - started);
    if (spent >= limits_.timeout + kGrace) break;
    if (spent >= limits_.timeout && !asked_to_end) {
      asked_to_end = true;
      process.signal_group(SIGTERM);
    }
    http::Task<void> waiting = client_->sleep(kPoll);
    co_await waiting;
  }
  if (asked_to_end) {
    co_return error("RG1968", arguments, fmt::format("the program took longer than {}", core::format_duration(limits_.timeout)),
                    "it was ended, with everything it had started; give the source a longer `timeout`", process.error_output());
  }
  if (process.wrote_too_much()) {
    co_return error("RG1969", arguments, fmt::format("the program wrote more than {} bytes", limits_.max_output),
                    "it was ended; let it write less, or raise `max_output`", process.error_output());
  }
  if (process.exit_code() != 0) {
    co_return error("RG1967", arguments, fmt::format("the program ended with exit code {}", process.exit_code()),
                    "a number is believed only from a program that says that it did well", process.error_output());
  }
  std::string output = client_->redactor().redact(process.output());
  if (!core::is_utf8(output)) {
    co_return error("RG1970", arguments, "the output is no text in UTF-8", "the program must write a number, or JSON",
                    process.error_output());
  }
  co_return output;
}

http::Task<std::string> Runner::output_of(std::vector<std::string> arguments) {
  const std::string question = identity(arguments);
  if (tape_ != nullptr && tape_->mode() == http::TapeMode::replay) {
    auto kept = replay(question);
    if (!kept) throw core::SourceError(kept.error());
    co_return std::move(kept).value();
  }
  std::shared_ptr<Run>& known = runs_[question];
  const bool is_first = !known;
  if (is_first) known = std::make_shared<Run>();
  const std::shared_ptr<Run> own = known;
  if (is_first) {
    http::Task<core::Result<std::string>> running = run(arguments);
    core::Result<std::string> outcome = co_await running;
    own->outcome = tape_ == nullptr ? std::move(outcome) : record(question, std::move(outcome));
  }
  while (!own->outcome) {
    http::Task<void> waiting = client_->sleep(kPoll);
    co_await waiting;
  }
  if (!*own->outcome) throw core::SourceError(own->outcome->error());
  co_return own->outcome->value();
}

std::optional<core::Error> Runner::missing(const std::string& program) const {
  namespace fs = std::filesystem;
  std::vector<std::string> places;
  if (program.find('/') != std::string::npos) {
    places.push_back((fs::path(limits_.directory) / program).string());
  } else {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
      const std::size_t colon = std::min(rest.find(':'), rest.size());
      places.push_back((fs::path(rest.substr(0, colon)) / program).string());
      rest.remove_prefix(std::min(rest.size(), colon + 1));
    }
  }
  for (const std::string& place : places) {
    std::error_code problem;
    if (::access(place.c_str(), X_OK) == 0 && !fs::is_directory(place, problem)) return std::nullopt;
  }
  return core::Error{"RG1966",
                     fmt::format("{}: there is no program {}", id_, core::printable(program)),
                     "is it there, and executable? A path is relative to the gate file, a name is looked for in PATH",
                     {},
                     {}};
}

}  // namespace gate::sources::command
