#include "serve/evaluations.h"

#include <fmt/format.h>

#include <utility>

namespace gate::serve {
namespace {

/// A run keeps its own deadline to within a second; what has not ended by then never will.
constexpr std::chrono::milliseconds kBeyondDeadline{1500};
constexpr std::size_t kMaxReportBytes = 32UL << 20U;

}  // namespace

Evaluations::Evaluations(Children& children, std::string program, std::string hidden_variable, EvaluationLimits limits)
    : children_(children), program_(std::move(program)), hidden_variable_(std::move(hidden_variable)), limits_(limits) {}

bool Evaluations::ask(const std::string& file, const std::vector<std::string>& arguments, Answer answer) {
  Key key = {file};
  key.insert(key.end(), arguments.begin(), arguments.end());
  if (const auto same = running_.find(key); same != running_.end()) {
    same->second.push_back(std::move(answer));
    return true;
  }
  if (running_.size() >= limits_.at_once) return false;
  Command command{program_, {"release-gate", "check", "--format=json", "--no-color"}, hidden_variable_};
  command.arguments.push_back(fmt::format("--deadline={}ms", limits_.deadline.count()));
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  // A file's name may begin with a hyphen; what follows "--" is no option.
  command.arguments.insert(command.arguments.end(), {"--", file});
  const bool started =
      children_.start(command, limits_.deadline + kBeyondDeadline, kMaxReportBytes, [this, key](const Finished& finished) {
        const Outcome outcome = outcome_of(finished);
        const auto node = running_.extract(key);
        bool shared = false;
        for (const Answer& one : node.mapped()) one(outcome, std::exchange(shared, true));
      });
  if (started) running_[std::move(key)].push_back(std::move(answer));
  return started;
}

}  // namespace gate::serve
