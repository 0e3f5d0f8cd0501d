#include "cli/backtest_options.h"

#include "cli/option_checks.h"

namespace gate::cli {

void add_backtest(CLI::App& app, BacktestOptions& options, const std::function<void()>& chosen) {
  CLI::App* command = app.add_subcommand("backtest", "how often would the gate have alarmed when nothing was released?");
  command->add_option("file", options.gate.file, "the gate file")->type_name("GATE.toml")->capture_default_str();
  command->add_option("--set", options.gate.settings, "give a variable of [vars] a value; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--days", options.days, "how many days to look back")
      ->type_name("N")
      ->check(CLI::Range(1, 3660).description(""))
      ->capture_default_str();
  command->add_option("--from", options.from, "begin here instead")->type_name("TIME")->check(given);
  command->add_option("--to", options.to, "end here; now by default")->type_name("TIME")->check(given);
  command
      ->add_option("--every", options.every,
                   "from one release that never was to the next; by default so that they share no data")
      ->type_name("DURATION")
      ->check(given);
  command->add_option("--stage", options.gate.stage, "judge the metrics of one stage, and those without a stage")
      ->type_name("NAME");
  command->add_option("--only", options.gate.only, "judge this metric alone; may be repeated")
      ->type_name("ID")
      ->allow_extra_args(false);
  command->add_option("--history", options.history, "where real releases are found: times with one are left out")
      ->type_name("WHERE")
      ->check(given);
  command->add_option("--deadline", options.deadline, "the longest that asking may take")
      ->type_name("DURATION")
      ->capture_default_str();
  auto* record = command->add_option("--record", options.record, "keep every question and answer in this folder")
                     ->type_name("DIR")
                     ->check(given);
  command->add_option("--replay", options.replay, "answer from a recorded folder; no socket is opened")
      ->type_name("DIR")
      ->check(given)
      ->excludes(record);
  command->add_option("--format", options.format, "json is for programs")
      ->check(CLI::IsMember({"terminal", "json"}))
      ->type_name("terminal|json")
      ->capture_default_str();
  command->add_flag("--quiet", options.quiet, "no progress on standard error");
  command->callback(chosen);
}

}  // namespace gate::cli
