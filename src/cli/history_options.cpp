#include "cli/history_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/option_checks.h"

namespace gate::cli {
namespace {

/// What an action takes beside --history, --gate and --format.
struct Action {
  std::string_view name;
  std::vector<std::string_view> options;
};

const std::vector<Action>& actions_of_history() {
  static const std::vector<Action> kActions = {{"list", {"--last", "--release"}},
                                               {"show", {}},
                                               {"trend", {"--last"}},
                                               {"mark", {"--reason"}},
                                               {"prune", {"--older-than", "--dry-run"}}};
  return kActions;
}

void check_action(const CLI::App& command, const HistoryOptions& options) {
  const auto& actions = actions_of_history();
  const auto action = std::find_if(actions.begin(), actions.end(), [&](const auto& one) { return one.name == options.action; });
  for (const char* name : {"--last", "--release", "--reason", "--older-than", "--dry-run"}) {
    const bool fits = std::find(action->options.begin(), action->options.end(), name) != action->options.end();
    if (command.count(name) > 0 && !fits)
      throw CLI::ExtrasError({fmt::format("{} has no meaning for history {}", name, action->name)});
  }
  const bool marks = options.action == "mark";
  const bool nameless = options.action == "list" || options.action == "prune";
  if (options.action == "trend" && options.name.empty()) throw CLI::RequiredError("history trend: a metric");
  if (marks && options.mark.empty()) throw CLI::RequiredError("history mark: a version, and good, bad or none");
  if (options.action == "prune" && options.older_than.empty()) throw CLI::RequiredError("history prune: --older-than");
  if (nameless && !options.name.empty()) throw CLI::ExtrasError({options.name});
  if (!marks && !options.mark.empty()) throw CLI::ExtrasError({options.mark});
}

}  // namespace

void add_history(CLI::App& app, HistoryOptions& options, const std::function<void()>& chosen) {
  CLI::App* command = app.add_subcommand("history", "what earlier runs measured: list, show, trend, mark, prune");
  command
      ->add_option("action", options.action, "list runs, show one, draw the trend of a metric, mark a release, prune old runs")
      ->check(CLI::IsMember({"list", "show", "trend", "mark", "prune"}))
      ->type_name("list|show|trend|mark|prune")
      ->required();
  command->add_option("name", options.name, "show: a run (id, version or latest); trend: a metric; mark: a version")
      ->type_name("NAME");
  command->add_option("mark", options.mark, "mark: good counts as passed, bad does not, none takes the mark away")
      ->check(CLI::IsMember({"good", "bad", "none"}))
      ->type_name("good|bad|none");
  command->add_option("--history", options.history, "the history: sqlite:PATH or postgres://USER@HOST/DATABASE")
      ->type_name("WHERE")
      ->check(given);
  command->add_option("--gate", options.gate, "the gate that is meant, where the history has several")
      ->type_name("NAME")
      ->check(given);
  command->add_option("--release", options.release, "list: runs of this version alone")->type_name("VERSION")->check(given);
  command->add_option("--last", options.last, "list: so many runs, 20 by default; trend: so many releases, 100 by default")
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""));
  command->add_option("--reason", options.reason, "mark: why")->type_name("TEXT")->check(reason);
  command->add_option("--older-than", options.older_than, "prune: releases that are older than this")
      ->type_name("DURATION")
      ->check(given);
  command->add_flag("--dry-run", options.dry_run, "prune: say how much would go, and delete nothing");
  command->add_option("--format", options.format, "json is for programs")
      ->check(CLI::IsMember({"terminal", "json"}))
      ->type_name("terminal|json")
      ->capture_default_str();
  command->callback([&options, command, chosen] {
    check_action(*command, options);
    chosen();
  });
}

}  // namespace gate::cli
