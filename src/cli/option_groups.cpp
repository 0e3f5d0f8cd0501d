#include "cli/option_groups.h"

#include "cli/option_checks.h"
#include "publish/surroundings.h"

namespace gate::cli {
namespace {

std::string commit(const std::string& text) {
  return publish::is_commit_id(text) ? "" : "\"" + text + "\" is no commit: give all its digits, in lower case";
}

std::string number(const std::string& text) {
  return publish::positive_number(text) ? "" : "\"" + text + "\" is no number of a pull or merge request";
}

}  // namespace

void add_trust_options(CLI::App& command, TrustOptions& trust) {
  auto* untrusted =
      command.add_flag("--untrusted", trust.untrusted,
                       "the gate file may come from anybody: it may start no program and use nothing of the environment");
  auto* hosts = command.add_option("--allow-host", trust.allow_host, "with --untrusted: ask no other server; may be repeated")
                    ->type_name("ORIGIN")
                    ->allow_extra_args(false)
                    ->check(given)
                    ->needs(untrusted);
  auto* variables = command
                        .add_option("--allow-env", trust.allow_env,
                                    "with --untrusted: this variable may be the secret of one source; may be repeated")
                        ->type_name("NAME=KEY")
                        ->allow_extra_args(false)
                        ->check(given)
                        ->needs(untrusted);
  command
      .add_option("--policy", trust.policy,
                  "with --untrusted: this file is trusted, and what it says stands; the other only adds metrics")
      ->type_name("GATE.toml")
      ->check(given)
      ->needs(untrusted)
      ->excludes(hosts)
      ->excludes(variables);
}

void add_gate_options(CLI::App& command, GateOptions& gate) {
  command.add_option("--set", gate.settings, "give a variable of [vars] a value; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--deployed-at", gate.deployed_at, "when the release had all its traffic: RFC 3339, Unix seconds, or now")
      ->type_name("TIME")
      ->check(given);
  auto* now = command.add_option("--now", gate.now, "judge as if it were this time")->type_name("TIME")->check(given);
  command.add_option("--as-of", gate.as_of, "the verdict that would have been given at this time; the same as --now")
      ->type_name("TIME")
      ->check(given)
      ->excludes(now);
  command.add_option("--stage", gate.stage, "judge the metrics of one stage, and those without a stage")->type_name("NAME");
  add_trust_options(command, gate.trust);
  command.add_option("--only", gate.only, "judge this metric alone; may be repeated")->type_name("ID")->allow_extra_args(false);
}

void add_run_options(CLI::App& command, CheckOptions& check) {
  command.add_option("--deadline", check.deadline, "the longest that asking may take")
      ->type_name("DURATION")
      ->capture_default_str();
  auto* record = command.add_option("--record", check.record, "keep every question and answer in this folder")
                     ->type_name("DIR")
                     ->check(given);
  command.add_option("--replay", check.replay, "answer from a recorded folder; no socket is opened")
      ->type_name("DIR")
      ->check(given)
      ->excludes(record);
  command
      .add_option("--history", check.history,
                  "where runs are kept and earlier releases are found: sqlite:PATH or postgres://USER@HOST/DATABASE")
      ->type_name("WHERE")
      ->check(given);
  command.add_flag("--no-color", check.output.no_color, "no colours, whatever the terminal");
}

void add_publish_options(CLI::App& command, PublishOptions& publish) {
  command.add_option("--publish-deadline", publish.deadline, "the longest that publishing may take")
      ->type_name("DURATION")
      ->capture_default_str();
  command.add_option("--pull-request", publish.pull_request, "the pull or merge request; the pipeline's by default")
      ->type_name("NUMBER")
      ->check(number);
  command.add_option("--head-sha", publish.head_sha, "publish only where the pull or merge request is at this commit")
      ->type_name("COMMIT")
      ->check(commit);
  command.add_option("--report-url", publish.report_url, "where \"full report\" leads; the pipeline's run by default")
      ->type_name("URL")
      ->check(given);
  command.add_option("--comment", publish.comment, "always: a pass makes a comment, too, and does not shorten one")
      ->check(CLI::IsMember({"quiet", "always"}))
      ->type_name("quiet|always");
}

void need_publish(const CLI::App& command) {
  if (command.count("--publish") > 0) return;
  for (const char* name :
       {"--publish-deadline", "--pull-request", "--head-sha", "--report-url", "--comment", "--publish-required"}) {
    if (command.count(name) > 0) throw CLI::RequiresError(name, "--publish");
  }
}

void add_report_options(CLI::App& command, CheckOptions& check) {
  OutputOptions& output = check.output;
  command.add_option("--report", output.reports, "write a report; may be repeated; - is standard output")
      ->type_name("FORMAT=PATH")
      ->allow_extra_args(false);
  command.add_option("--format", output.format, "what standard output gets")
      ->check(CLI::IsMember({"terminal", "json", "markdown", "scorecard"}))
      ->type_name("terminal|json|markdown|scorecard")
      ->capture_default_str();
  command.add_option("--override", check.override_reason, "report, but let the release through, and say why")
      ->type_name("REASON")
      ->check(reason);
  command.add_option("--publish", check.publish.targets, "publish to these, with commas between; may be repeated")
      ->type_name("TARGET")
      ->check(given)
      ->allow_extra_args(false)
      ->excludes(command.get_option("--replay"));
  add_publish_options(command, check.publish);
  command.add_flag("--publish-required", check.publish.required, "what cannot be published fails the run");
  command.add_flag("--exit-zero", check.exit_zero, "report without blocking: 1, 3 and 4 become 0");
  command.add_flag("--require-history", check.require_history, "a history that cannot be written is an error");
  command.add_option("--run-id", check.run_id, "keep the run under this id; the same id again is kept once")
      ->type_name("ID")
      ->check(given);
  command.add_flag("--quiet,-q", output.quiet, "nothing on standard output but what --report - asks for");
  command.add_flag("--verbose,-v", output.verbose, "passing metrics and how it was measured, too");
}

}  // namespace gate::cli
