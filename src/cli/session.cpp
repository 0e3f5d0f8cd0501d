#include "cli/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "cli/asking.h"
#include "cli/exit_status.h"
#include "cli/history_io.h"
#include "cli/signals.h"
#include "core/text.h"
#include "http/client.h"
#include "judge/judge.h"
#include "measure/run.h"
#include "release_gate_version.h"

namespace gate::cli {
namespace {

std::optional<core::Time> latest_due(const plan::Plan& plan) {
  std::optional<core::Time> latest;
  for (const plan::MetricPlan& metric : plan.metrics) {
    if (metric.state == plan::MetricPlan::State::pending && metric.due && (!latest || *metric.due > *latest))
      latest = metric.due;
    for (const core::GoalStanding& goal : metric.goals) {
      const bool waits = metric.state != plan::MetricPlan::State::left_out && !goal.report.is_due;
      if (waits && (!latest || goal.report.due > *latest)) latest = goal.report.due;
    }
  }
  return latest;
}

/// Sleeps until `until`, with a line a minute, and every ten seconds towards the end; false when a signal came.
bool sleep_until(core::Time until, World& world) {
  core::Time told{};
  while (world.now() < until) {
    if (received_signal() != 0) return false;
    const bool nearly = until - world.now() <= std::chrono::minutes(1);
    if (world.now() - told >= std::chrono::seconds(nearly ? 10 : 60)) {
      told = world.now();
      world.err << fmt::format("waiting for {} (due {})\n", core::describe_duration(until - told), core::format_time(until));
      world.err.flush();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

/// --wait: sleeps until the metrics that are not due are, and plans again with the new time. False when the plan failed (which
/// was printed).
bool wait_for_due(const CheckOptions& options, std::optional<core::Duration> longest, Input& input, World& world) {
  const auto due = latest_due(input.plan);
  if (!options.wait || !due) return true;
  core::Time until = *due;
  if (longest) until = std::min(until, input.plan.clock.now + *longest);
  // "now" was the beginning of the wait, and does not move on with it.
  input.options.deployed_at = input.plan.clock.deployed_at;
  const bool slept = sleep_until(until, world);
  input.options.now = slept ? std::max(world.now(), until) : world.now();
  plan::Planned again = plan::make_plan(input.gate, input.options);
  if (!again.plan) {
    print_diagnostics(again.diagnostics, {}, world);
    return false;
  }
  input.plan = std::move(*again.plan);
  return true;
}

constexpr core::Duration kHistoryWait = std::chrono::seconds(10);

core::Error no_history(std::string_view why) {
  return {"RG0602",
          fmt::format("{}, and no history is given", why),
          fmt::format("pass --history sqlite:history.db, or set {}", kHistoryVariable),
          {},
          {}};
}

/// Options and surroundings as they were recorded.
void take_over(const RunRecord& record, CheckOptions& options, World& world) {
  take_over(record, options.gate);
  options.exit_zero = record.exit_zero;
  options.override_reason = record.override_reason;
  options.wait.reset();
  world.surroundings = recorded_surroundings(record);
}

/// One evaluation.
Found ask_once(const Input& input, const Asking& asking, World& world) {
  measure::Measured measured;
  with_client(input.gate, asking, world,
              [&](http::Client& client) { measured = measure::run(input.gate, input.plan, client, *asking.past); });
  return {[&input, measurements = std::move(measured.measurements)](const judge::Ending& ending) {
            return judge::judge(input.gate, measurements, input.plan.clock.now, ending);
          },
          std::move(measured.sources)};
}

/// The looks to take: those that were recorded, or those that were asked for. False when they cannot be taken, which was
/// printed.
bool set_looks(RunRecord& record, const CheckOptions& options, const Input& input, World& world) {
  if (!options.watch) return true;
  record.watch = looks_of(*options.watch, input, world);
  return record.watch.has_value();
}

/// A server that tells another time than we do may not have the newest data yet, or may have had it long ago.
void note_skew(core::Report& report, const measure::SourceInfo& source) {
  const std::string words = source.clock_skew ? skew_words(*source.clock_skew) : "";
  if (!words.empty()) report.notes.push_back(fmt::format("{}: {}; the windows follow ours", source.id, words));
}

void fill_identity(core::Report& report, const Input& input, const RunRecord& record,
                   const std::vector<measure::SourceInfo>& sources) {
  report.tool_version = core::kVersion;
  report.gate_name = input.gate.name;
  report.gate_file = input.gate.file;
  report.gate_sha256 = input.gate.sha256;
  report.started_at = record.started_at;
  report.finished_at = record.finished_at;
  report.duration = record.finished_at - record.started_at;
  report.now = input.plan.clock.now;
  report.deployed_at = input.plan.clock.deployed_at;
  report.rollout_started_at = input.plan.clock.started_at;
  report.release_version = input.gate.release_version;
  report.previous_version = input.gate.previous_version;
  for (const measure::SourceInfo& source : sources) {
    report.sources.push_back({source.id, source.type, source.version});
    note_skew(report, source);
  }
  for (const config::SourceConfig& source : input.gate.sources) {
    if (source.settings.boolean("insecure").value_or(false))
      report.notes.push_back(fmt::format("{}: insecure = true, certificates are not checked", source.id));
  }
  for (const std::string& note : input.plan.notes) report.notes.push_back(note);
}

/// Where the history lies, and whether it can be used where it must. False when the run ends here, which was told.
bool find_history(Session& session, const CheckOptions& options, const Input& input, World& world, int& status) {
  const bool replaying = !options.replay.empty();
  // A replay keeps its run only where that is asked for: it opens nothing by itself.
  auto location = replaying && options.history.empty() ? core::Result(std::optional<history::Location>())
                                                       : history_location(options.history, world);
  if (!location) {
    print_error(location.error(), world);
    return false;
  }
  session.history = std::move(location).value();
  if (!session.history && (options.require_history || (needs_past(input) && !replaying))) {
    print_error(
        no_history(options.require_history ? "--require-history is given" : "a metric is compared with previous releases"),
        world);
    return false;
  }
  if (!options.require_history) return true;
  auto store = history::Store::open(*session.history, history::Access::write, history_limits(kHistoryWait));
  auto writable = store ? store.value()->check_writable() : core::Result<bool>(store.error());
  if (writable) return true;
  print_error(writable.error(), world);
  status = kSourceError;
  return false;
}

/// Plans again with the releases that the history knows, or the evidence, so that placebos leave their days out. False when the
/// plan failed, which was printed.
bool know_releases(Session& session, const CheckOptions& options, core::Duration longest, Input& input, World& world) {
  std::optional<core::Releases>& releases = session.record.releases;
  if (options.replay.empty() && session.history && needs_releases(input))
    releases = read_releases(*session.history, input, longest);
  if (!releases) return true;
  input.options.releases = *releases;
  plan::Planned again = plan::make_plan(input.gate, input.options);
  if (again.plan) input.plan = std::move(*again.plan);
  if (!again.plan) print_diagnostics(again.diagnostics, {}, world);
  return again.plan.has_value();
}

}  // namespace

void protect_secrets(http::Client& client, const config::Gate& gate) {
  for (const config::SourceConfig& source : gate.sources) {
    for (const core::Setting& setting : source.settings.all()) {
      if (!setting.secret.empty()) client.protect(setting.secret);
      for (const auto& [name, secret] : setting.headers) {
        if (!secret.name().empty()) client.protect(secret);
      }
    }
  }
}

core::Duration time_left(const Session& session) {
  const auto left = std::chrono::duration_cast<core::Duration>(session.until - std::chrono::steady_clock::now());
  return std::max(left, core::Duration(0));
}

std::string skew_words(core::Duration skew) {
  constexpr core::Duration kHarmless = std::chrono::seconds(30);
  if (std::chrono::abs(skew) <= kHarmless) return "";
  return fmt::format("the server's clock is {} {} ours", core::describe_duration(std::chrono::abs(skew)),
                     skew.count() > 0 ? "ahead of" : "behind");
}

std::optional<Session> evaluate(const CheckOptions& given, World& world, int& status) {
  status = kUsage;
  CheckOptions options = given;
  Session session;
  RunRecord& record = session.record;
  const auto deadline = parse_duration_option("--deadline", options.deadline);
  if (!deadline) {
    print_error(deadline.error(), world);
    return std::nullopt;
  }
  std::optional<core::Duration> longest_wait;
  if (options.wait && !options.wait->empty()) {
    const auto longest = parse_duration_option("--wait", *options.wait);
    if (!longest) {
      print_error(longest.error(), world);
      return std::nullopt;
    }
    longest_wait = *longest;
  }
  const bool replaying = !options.replay.empty();
  World inner = world;
  if (replaying) {
    auto kept = read_bundle(options.replay, Recorded::run);
    if (!kept) {
      print_error(kept.error(), world);
      return std::nullopt;
    }
    record = std::move(kept).value();
    take_over(record, options, inner);
  } else {
    inner.surroundings = recording_surroundings(world.surroundings, record);
    record.started_at = world.now();
  }
  auto input = read_input(options.gate, Deployment::needed, inner);
  if (!input) return std::nullopt;
  if (!replaying && !set_looks(record, options, *input, world)) return std::nullopt;
  auto tape = open_tape(options.record, options.replay);
  if (!tape) {
    print_error(tape.error(), world);
    return std::nullopt;
  }
  if (!find_history(session, given, *input, world, status)) return std::nullopt;
  if (!know_releases(session, options, *deadline / 2, *input, world)) return std::nullopt;
  if (!wait_for_due(options, longest_wait, *input, world)) return std::nullopt;
  session.input = std::move(*input);
  session.until = std::chrono::steady_clock::now() + *deadline;
  // Half of the time is left for asking: a history that is silent must not look like sources that are.
  if (!replaying && session.history && asks_past(session.input))
    record.past = read_past(session.history, session.input, *deadline / 2);
  std::optional<http::Tape>& held = tape.value();
  const core::Past past = record.past.value_or(core::Past{});
  const Asking asking{record.past && !replaying ? time_left(session) : *deadline, held ? &*held : nullptr,
                      !options.output.quiet, &past};
  const auto found = record.watch ? take_looks(*record.watch, session.input, asking, replaying ? Replaying::yes : Replaying::no,
                                               options.output, world)
                                  : std::optional(ask_once(session.input, asking, world));
  if (!found) return std::nullopt;
  if (record.watch) session.until = std::chrono::steady_clock::now() + *deadline;
  // A look back at a release is no release.
  if (record.watch && record.watch->past) session.history.reset();
  if (!replaying) {
    record.finished_at = world.now();
    record.override_actor = options.override_reason.empty() ? "" : current_actor(world);
  }
  judge::Ending ending;
  ending.exit_zero = options.exit_zero;
  if (!options.override_reason.empty()) ending.override_ = core::Override{options.override_reason, record.override_actor};
  // A watch that had decided before the signal came is over all the same.
  const int number = record.watch ? record.watch->signal : received_signal();
  if (number != 0) ending.signal = number;
  session.report = found->report(ending);
  fill_identity(session.report, session.input, record, found->sources);
  session.report.checkout_file = path_in_checkout(world, session.report.gate_file);
  session.report.replay = options.record.empty() ? options.replay : options.record;
  status = session.report.exit_code;
  if (record.run_id.empty() || !options.run_id.empty())
    record.run_id = options.run_id.empty() ? make_run_id(record.started_at) : options.run_id;
  if (replaying) return session;
  record.revision = current_revision(world);
  record.now = session.input.plan.clock.now;
  record.deployed_at = record.watch ? session.input.plan.clock.deployed_at : session.input.options.deployed_at;
  record.exit_zero = options.exit_zero;
  record.override_reason = options.override_reason;
  put_down(record, options.gate, session.input);
  return session;
}

}  // namespace gate::cli
