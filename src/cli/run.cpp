#include "cli/run.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "cli/backtest_options.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_options.h"
#include "cli/option_checks.h"
#include "cli/option_groups.h"
#include "core/text.h"
#include "release_gate_version.h"

namespace gate::cli {
namespace {

/// All options of all commands, as one parse fills them.
struct Parsed {
  CheckOptions check;
  CheckOptions watch;
  WatchOptions looks;
  CheckOptions query;
  PublishCommandOptions publish;
  std::string query_metric;
  GateOptions plan;
  ValidateOptions validate;
  InitOptions init;
  ImportOptions import;
  std::string schema = "gate";
  SourcesOptions sources;
  BacktestOptions backtest;
  HistoryOptions history;
  ServeHookOptions serve_hook;
  std::string pack;
  std::string code;
  std::string shell;
  std::function<int(World&)> chosen;
};

void add_publish(CLI::App& app, Parsed& parsed) {
  CLI::App* command = app.add_subcommand("publish", "publish a JSON report that was written earlier");
  command->add_option("report,--report", parsed.publish.report, "the JSON report")->type_name("REPORT.json")->required();
  command->add_option("--to", parsed.publish.publish.targets, "where to, with commas between; may be repeated")
      ->type_name("TARGET")
      ->check(given)
      ->required()
      ->allow_extra_args(false);
  add_publish_options(*command, parsed.publish.publish);
  command->add_flag("--quiet,-q", parsed.publish.quiet, "tell only what could not be done");
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return publish_report(parsed.publish, world); }; });
}

void add_check(CLI::App& app, Parsed& parsed) {
  CLI::App* command = app.add_subcommand("check", "ask, judge and report: did the release do what was said?");
  command->add_option("gate", parsed.check.gate.file, "the gate file")->type_name("GATE.toml")->capture_default_str();
  add_gate_options(*command, parsed.check.gate);
  add_run_options(*command, parsed.check);
  add_report_options(*command, parsed.check);
  command->add_option("--wait", parsed.check.wait, "wait for metrics that are not due, at most this long")
      ->type_name("DURATION")
      ->expected(0, 1)
      ->default_str("");
  command->callback([&parsed, command] {
    need_publish(*command);
    parsed.chosen = [&parsed](World& world) { return check(parsed.check, world); };
  });
}

void add_watch(CLI::App& app, Parsed& parsed) {
  CLI::App* command =
      app.add_subcommand("watch", "look again and again while a release runs; end as soon as the verdict is sure");
  command->add_option("gate", parsed.watch.gate.file, "the gate file")->type_name("GATE.toml")->capture_default_str();
  add_gate_options(*command, parsed.watch.gate);
  const auto duration = [&](const char* name, std::string& target, const char* description) {
    return command->add_option(name, target, description)->type_name("DURATION")->check(given);
  };
  duration("--every", parsed.looks.every, "the time between two looks")->capture_default_str();
  duration("--for", parsed.looks.longest, "the time from the opening of the candidate window to the last look")
      ->capture_default_str();
  duration("--min", parsed.looks.least, "no pass before this time has gone by; half of --for by default");
  command->add_flag("--past", parsed.looks.past, "take the looks over stored data, without waiting");
  add_run_options(*command, parsed.watch);
  add_report_options(*command, parsed.watch);
  command->callback([&parsed, command] {
    // A watch that goes on has no time but the clock's.
    for (const char* name : {"--now", "--as-of"}) {
      if (!parsed.looks.past && command->count(name) > 0) throw CLI::RequiresError(name, "--past");
    }
    need_publish(*command);
    parsed.watch.watch = parsed.looks;
    parsed.chosen = [&parsed](World& world) { return check(parsed.watch, world); };
  });
}

void add_validate_and_plan(CLI::App& app, Parsed& parsed) {
  CLI::App* command = app.add_subcommand("validate", "check gate files; nothing is asked");
  command->add_option("gate", parsed.validate.files, "the gate files")->type_name("GATE.toml");
  add_trust_options(*command, parsed.validate.trust);
  command->add_option("--set", parsed.validate.settings, "give a variable of [vars] a value")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--format", parsed.validate.format, "json is for editors")
      ->check(CLI::IsMember({"terminal", "json"}))
      ->type_name("terminal|json")
      ->capture_default_str();
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return validate(parsed.validate, world); }; });
  command = app.add_subcommand("plan", "show the requests that check would send; nothing is asked");
  command->add_option("gate", parsed.plan.file, "the gate file")->type_name("GATE.toml")->capture_default_str();
  add_gate_options(*command, parsed.plan);
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return plan(parsed.plan, world); }; });
}

void add_query_and_init(CLI::App& app, Parsed& parsed) {
  CLI::App* command = app.add_subcommand("query", "ask for one metric; print its numbers and a chart");
  command->add_option("gate", parsed.query.gate.file, "the gate file")->type_name("GATE.toml")->required();
  command->add_option("metric", parsed.query_metric, "the metric's id")->type_name("METRIC")->required();
  add_gate_options(*command, parsed.query.gate);
  command->remove_option(command->get_option("--only"));
  add_run_options(*command, parsed.query);
  command->callback(
      [&parsed] { parsed.chosen = [&parsed](World& world) { return query(parsed.query, parsed.query_metric, world); }; });
  command = app.add_subcommand("init", "write a commented gate file to start from");
  command->add_option("--source", parsed.init.sources, "a type of source to write for; may be repeated")
      ->type_name("TYPE")
      ->allow_extra_args(false);
  command->add_option("--pack", parsed.init.packs, "packs to use, with commas between; release-gate packs lists them")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--set", parsed.init.settings, "a variable of the packs; may be repeated: --set system=datadog")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--output,-o", parsed.init.output, "the file to write; - is standard output")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--force", parsed.init.force, "overwrite the file");
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return init(parsed.init, world); }; });
}

void add_import(CLI::App& app, Parsed& parsed) {
  CLI::App* command = app.add_subcommand("import", "make a gate file of another tool's file");
  command->add_option("tool", parsed.import.tool, "whose: kayenta")
      ->check(CLI::IsMember({"kayenta"}))
      ->type_name("kayenta")
      ->required();
  command->add_option("config", parsed.import.file, "its file, a canary config; - is standard input")
      ->type_name("CONFIG.json")
      ->required();
  command->add_option("--output,-o", parsed.import.output, "the file to write; - is standard output")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--force", parsed.import.force, "overwrite the file");
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return import_kayenta(parsed.import, world); }; });
}

void add_sources(CLI::App& app, Parsed& parsed) {
  SourcesOptions& sources = parsed.sources;
  CLI::App* command =
      app.add_subcommand("sources", "list the types of sources, or the keys of one; --check asks those of a gate file");
  auto* type = command->add_option("type", sources.type, "a type of source")->type_name("TYPE");
  command->add_option("--check", sources.check, "ask each source of this file whether it can be asked")
      ->type_name("GATE.toml")
      ->excludes(type);
  add_trust_options(*command, sources.trust);
  command->add_option("--set", sources.settings, "give a variable of [vars] a value; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--only", sources.only, "ask this source alone; may be repeated")
      ->type_name("ID")
      ->allow_extra_args(false);
  command->add_option("--deadline", sources.deadline, "the longest that asking may take")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_option("--format", sources.format, "json is for programs")
      ->check(CLI::IsMember({"terminal", "json"}))
      ->type_name("terminal|json")
      ->capture_default_str();
  command->add_flag("--verbose,-v", sources.verbose, "the requests that were sent, too");
  command->callback([&parsed, command] {
    for (const char* name : {"--set", "--only", "--deadline", "--format", "--verbose"}) {
      if (parsed.sources.check.empty() && command->count(name) > 0) throw CLI::RequiresError(name, "--check");
    }
    parsed.chosen = [&parsed](World& world) {
      return parsed.sources.check.empty() ? list_sources(parsed.sources.type, world) : check_sources(parsed.sources, world);
    };
  });
}

void add_serve_hook(CLI::App& app, Parsed& parsed) {
  ServeHookOptions& hook = parsed.serve_hook;
  CLI::App* command = app.add_subcommand("serve-hook", "answer the webhooks of Flagger and the web metric of Argo Rollouts");
  auto* gate = command->add_option("gate", hook.file, "the gate file; gate.toml when nothing is named")->type_name("GATE.toml");
  command->add_option("--gates", hook.gates, "a folder of gates, which requests name")
      ->type_name("DIR")
      ->check(given)
      ->excludes(gate);
  command->add_option("--listen", hook.listen, "the numeric address and port to listen on; port 0 takes a free one")
      ->type_name("ADDRESS:PORT")
      ->check(given)
      ->capture_default_str();
  auto* variable =
      command->add_option("--token-env", hook.token_env, "the environment variable that holds the token requests must show")
          ->type_name("NAME")
          ->check(given);
  command->add_option("--token-file", hook.token_file, "the file that holds it")
      ->type_name("PATH")
      ->check(given)
      ->excludes(variable);
  command->add_flag("--allow-anonymous", hook.allow_anonymous, "ask for no token, also where others can connect");
  command->add_option("--accept", hook.accept, "what requests may set: deployed_at, stage or vars.NAME; may be repeated")
      ->type_name("KEY")
      ->check(given)
      ->allow_extra_args(false);
  command->add_option("--deadline", hook.deadline, "the longest that one evaluation may take")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_option("--concurrency", hook.concurrency, "evaluations at once; beyond, the answer is 503")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 64).description(""))
      ->capture_default_str();
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return serve_hook(parsed.serve_hook, world); }; });
}

void add_reference(CLI::App& app, Parsed& parsed) {
  CLI::App* command = app.add_subcommand(
      "schema", "print the JSON Schema of the gate file, or of what check, validate, sources, history and backtest print");
  command->add_option("which", parsed.schema, "gate, report, diagnostics, sources, history or backtest")
      ->check(CLI::IsMember({"gate", "report", "diagnostics", "sources", "history", "backtest"}))
      ->type_name("gate|report|diagnostics|sources|history|backtest")
      ->capture_default_str();
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return print_schema(parsed.schema, world); }; });
  add_sources(app, parsed);
  command = app.add_subcommand("packs", "list the packs that `use` can name, or print one");
  command->add_option("name", parsed.pack, "a pack")->type_name("NAME");
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return list_packs(parsed.pack, world); }; });
  command = app.add_subcommand("explain", "say what a code such as RG0307 means and what to do");
  command->add_option("code", parsed.code, "the code; all of them when absent")->type_name("CODE");
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return explain(parsed.code, world); }; });
  command = app.add_subcommand("completion", "print a completion script");
  command->add_option("shell", parsed.shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("bash|zsh|fish")
      ->required();
  command->callback([&parsed] { parsed.chosen = [&parsed](World& world) { return completion(parsed.shell, world); }; });
}

void build(CLI::App& app, Parsed& parsed) {
  app.description("Did this release do what we said it would, without hurting anything?");
  app.set_version_flag("--version", fmt::format("release-gate {}", core::kVersion));
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 pass or pass with warnings, 1 fail, 2 wrong command line or gate file, 3 inconclusive,\n"
      "4 a source could not be asked, 5 internal error, 130 and 143 interrupted.");
  add_check(app, parsed);
  add_watch(app, parsed);
  add_publish(app, parsed);
  add_validate_and_plan(app, parsed);
  add_query_and_init(app, parsed);
  add_import(app, parsed);
  add_backtest(app, parsed.backtest,
               [&parsed] { parsed.chosen = [&parsed](World& world) { return backtest(parsed.backtest, world); }; });
  add_history(app, parsed.history,
              [&parsed] { parsed.chosen = [&parsed](World& world) { return history(parsed.history, world); }; });
  add_serve_hook(app, parsed);
  add_reference(app, parsed);
}

/// The option that was meant by the first one `command` does not have; "" where all are known.
std::string near_option(const CommandNames& command, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    const bool is_known = std::find(command.options.begin(), command.options.end(), name) != command.options.end();
    if (name.starts_with("--") && !is_known) return core::nearest(name, command.options);
  }
  return "";
}

/// The command that was meant by a word that is none; for a gate file the one that judges it.
std::string near_command(const std::vector<CommandNames>& commands, const std::string& word) {
  if (word.ends_with(".toml")) return "release-gate check " + word;
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CommandNames& command : commands) names.push_back(command.command);
  return core::nearest(word, names);
}

int report_usage(const CLI::ParseError& error, const std::vector<std::string>& arguments, World& world) {
  if (error.get_exit_code() == 0) return kPass;
  world.err << core::without_commands(fmt::format("error[RG0001]: {}\n", core::printable(error.what())));
  const std::string first = arguments.empty() ? "" : arguments.front();
  const std::vector<CommandNames> commands = command_names();
  const auto chosen =
      std::find_if(commands.begin(), commands.end(), [&](const CommandNames& one) { return one.command == first; });
  const bool is_known = chosen != commands.end();
  const std::string near = is_known ? near_option(*chosen, arguments) : near_command(commands, first);
  if (!near.empty()) world.err << core::without_commands(fmt::format("   = did you mean `{}`?\n", core::printable(near)));
  world.err << fmt::format("   = next: release-gate {}--help\n", is_known ? first + " " : "");
  return kUsage;
}

}  // namespace

std::string help_text(const std::string& command) {
  CLI::App app;
  Parsed parsed;
  build(app, parsed);
  app.name("release-gate");
  return command.empty() ? app.help() : app.get_subcommand(command)->help("release-gate");
}

std::vector<CommandNames> command_names() {
  CLI::App app;
  Parsed parsed;
  build(app, parsed);
  std::vector<CommandNames> out;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    CommandNames names{command->get_name(), command->get_description(), {}};
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.options.push_back("--" + name);
    }
    out.push_back(std::move(names));
  }
  return out;
}

int run(std::vector<std::string> arguments, World& world) {
  try {
    CLI::App app;
    Parsed parsed;
    build(app, parsed);
    app.name("release-gate");
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app.parse(reversed);
    } catch (const CLI::CallForHelp&) {
      const auto chosen = app.get_subcommands();
      world.out << help_text(chosen.empty() ? "" : chosen.front()->get_name());
      return kPass;
    } catch (const CLI::CallForVersion& version) {
      world.out << version.what() << "\n";
      return kPass;
    } catch (const CLI::ParseError& error) {
      return report_usage(error, arguments, world);
    }
    return parsed.chosen(world);
  } catch (const std::exception& error) {
    world.err << core::without_commands(
        fmt::format("error[RG9000]: internal error: {}\n   = this is a bug: please report it with the gate file\n",
                    core::printable(error.what())));
    return kInternalError;
  }
}

}  // namespace gate::cli
