// `backtest`: the gate over the past, at times at which nothing was released. Judges nothing itself and changes nothing.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "cli/asking.h"
#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_io.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "core/text.h"
#include "http/client.h"
#include "http/tape.h"
#include "judge/backtest.h"
#include "judge/judge.h"
#include "measure/run.h"
#include "report/backtest.h"
#include "report/progress.h"

namespace gate::cli {
namespace {

constexpr std::int64_t kUsual = 500;  ///< releases that never were, where --every is not given
constexpr std::int64_t kMost = 10'000;
constexpr core::Duration kMinute = std::chrono::minutes(1);

/// From when to when, and how the windows lie around a release.
struct Stretch {
  core::Time from{};
  core::Time to{};
  core::Duration before{};  ///< how far data are asked for before a release
  core::Duration after{};   ///< and behind it, until they have arrived
  core::Duration every{};
};

/// Why the past cannot be asked about a metric; "" when it can.
std::string why_left_out(const plan::MetricPlan& plan) {
  const config::Metric& metric = *plan.metric;
  if (metric.kind == config::Kind::derived) return "";
  if (plan.present) return "only its newest value is known";
  if (metric.compare.design == config::Design::snapshot) return "it compares snapshots";
  if (metric.compare.design == config::Design::previous_releases) return "it is compared with releases that were";
  if (metric.compare.anchor) return "its windows do not hang on the release";
  return "";
}

bool is_asked(const plan::MetricPlan& plan) {
  return plan.state != plan::MetricPlan::State::left_out && why_left_out(plan).empty();
}

/// RG0014 where the windows do not fit in.
core::Result<Stretch> stretch_of(const BacktestOptions& options, const Input& input) {
  Stretch out;
  const core::Time now = input.plan.clock.now;
  out.to = now;
  const auto read = [&](const char* name, const std::string& text, core::Time& target) -> core::Result<bool> {
    if (text.empty()) return true;
    const auto time = parse_time_option(name, text, now);
    if (!time) return time.error();
    target = *time;
    return true;
  };
  if (const auto to = read("--to", options.to, out.to); !to) return to.error();
  out.from = out.to - std::chrono::days(options.days);
  if (const auto from = read("--from", options.from, out.from); !from) return from.error();
  const core::Time released = *input.plan.clock.deployed_at;
  for (const plan::MetricPlan& plan : input.plan.metrics) {
    if (!is_asked(plan) || !plan.candidate) continue;
    for (const auto& window : {plan.baseline, plan.pre_period})
      if (window) out.before = std::max(out.before, released - window->start);
    for (const plan::Span& span : plan.spans) out.before = std::max(out.before, released - span.window.start);
    out.after = std::max(out.after, plan.due.value_or(plan.candidate->end) - released);
  }
  const core::Duration whole = out.before + out.after;
  const core::Duration room = out.to - out.from - whole;
  out.every = std::chrono::ceil<std::chrono::minutes>(std::max(std::max(whole, kMinute), room / kUsual));
  if (!options.every.empty()) {
    const auto every = parse_duration_option("--every", options.every);
    if (!every) return every.error();
    out.every = *every;
  }
  if (whole.count() > 0 && room.count() >= 0 && out.every.count() > 0 && room / out.every < kMost) return out;
  return core::Error{"RG0014",
                     fmt::format("from {} to {} there is no room for a backtest: the windows take {}, one every {}",
                                 core::format_time(out.from), core::format_time(out.to), core::describe_duration(whole),
                                 core::describe_duration(out.every)),
                     fmt::format("look back further (--days, --from), or at most {} times (--every)", kMost),
                     {},
                     {}};
}

/// The moments at which releases are pretended: whole minutes, those with a real release near them counted in `left_out`.
std::vector<core::Time> moments_of(const Stretch& stretch, const core::Releases& releases, std::size_t& left_out) {
  std::vector<core::Time> out;
  for (core::Time at = std::chrono::ceil<std::chrono::minutes>(stretch.from + stretch.before); at + stretch.after <= stretch.to;
       at += stretch.every) {
    const core::Window whole{at - stretch.before, at + stretch.after};
    const bool released =
        std::any_of(releases.at.begin(), releases.at.end(), [&](core::Time one) { return whole.contains(one); });
    if (released) ++left_out;
    if (!released) out.push_back(at);
  }
  return out;
}

/// The report of one release that never was; nothing when its plan has mistakes, which the first plan had not.
std::optional<core::Report> pretend(core::Time at, const Stretch& stretch, Input& input, http::Client& client) {
  input.options.deployed_at = at;
  input.options.now = at + stretch.after;
  plan::Planned planned = plan::make_plan(input.gate, input.options);
  if (!planned.plan) return std::nullopt;
  for (plan::MetricPlan& plan : planned.plan->metrics) {
    if (!why_left_out(plan).empty()) plan.state = plan::MetricPlan::State::left_out;
  }
  const measure::Measured measured = measure::run(input.gate, *planned.plan, client, {});
  return judge::judge(input.gate, measured.measurements, input.options.now, {});
}

std::vector<core::Report> pretend_all(const std::vector<core::Time>& moments, const Stretch& stretch, const Asking& asking,
                                      Input& input, World& world) {
  report::Progress progress(world.err, world.err_is_terminal && asking.shows_progress, asking.shows_progress);
  http::Options client_options;
  client_options.deadline = asking.deadline;
  client_options.tape = asking.tape;
  http::Client client(std::move(client_options));
  protect_secrets(client, input.gate);
  const Interruptible interruptible(client);
  std::vector<core::Report> out;
  for (const core::Time at : moments) {
    if (received_signal() != 0) break;
    if (asking.tape != nullptr) asking.tape->turn_to(core::format_time(at));
    auto report = pretend(at, stretch, input, client);
    if (received_signal() != 0) break;  // what was cut off says nothing
    if (report) out.push_back(std::move(*report));
    progress.update(out.size(), moments.size(), "");
  }
  progress.finish();
  return out;
}

/// Plans as if the release were now and had taken no time: when a rollout began belongs to the release that was.
bool forget_release(Input& input, World& world) {
  input.gate.started_at.reset();
  input.options.deployed_at = input.options.now;
  plan::Planned planned = plan::make_plan(input.gate, input.options);
  if (!planned.plan) print_diagnostics(planned.diagnostics, {}, world);
  if (planned.plan) input.plan = std::move(*planned.plan);
  return planned.plan.has_value();
}

/// Everything as it was recorded, or about to be. False when the recording cannot be read, which was printed.
bool open_record(RunRecord& record, BacktestOptions& options, World& inner, World& world) {
  if (options.replay.empty()) {
    inner.surroundings = recording_surroundings(world.surroundings, record);
    record.started_at = world.now();
    return true;
  }
  auto kept = read_bundle(options.replay, Recorded::backtest);
  if (!kept) {
    print_error(kept.error(), world);
    return false;
  }
  record = std::move(kept).value();
  take_over(record, options.gate);
  options.from = core::format_time(record.backtest->from);
  options.to = core::format_time(record.backtest->to);
  options.every = core::format_duration(record.backtest->every);
  options.history.clear();
  inner.surroundings = recorded_surroundings(record);
  return true;
}

/// The real releases: those of the history, or of the recording; an error in it when the history cannot be read.
core::Releases releases_of(RunRecord& record, const std::optional<history::Location>& location, const Input& input,
                           core::Duration deadline) {
  if (location) record.releases = read_releases(*location, input, deadline);
  return record.releases.value_or(core::Releases{});
}

core::BacktestReport summary(const std::vector<core::Report>& reports, const Stretch& stretch, const Input& input) {
  core::BacktestReport report = judge::summarize_backtest(reports);
  report.gate = input.gate.name;
  report.from = stretch.from;
  report.to = stretch.to;
  report.every = stretch.every;
  report.releases_known = input.options.releases.known;
  for (const plan::MetricPlan& plan : input.plan.metrics) {
    if (const std::string why = why_left_out(plan); !why.empty())
      report.notes.push_back(fmt::format("{} is left out: {}", plan.metric->id, why));
  }
  if (!report.releases_known)
    report.notes.emplace_back("real releases are not known, and count as quiet times: give --history");
  if (stretch.every < stretch.before + stretch.after)
    report.notes.emplace_back("neighbouring releases share data (--every): the intervals are too short");
  return report;
}

void keep(RunRecord& record, const BacktestOptions& options, const Input& input, const core::BacktestReport& report,
          World& world) {
  record.now = input.plan.clock.now;
  record.finished_at = world.now();
  put_down(record, options.gate, input);
  const auto written = write_bundle(options.record, record, report);
  if (!written) print_error(written.error(), world);
}

}  // namespace

int backtest(const BacktestOptions& given, World& world) {
  const SignalGuard signals;
  BacktestOptions options = given;
  RunRecord record;
  World inner = world;
  if (!open_record(record, options, inner, world)) return kUsage;
  const bool replaying = record.backtest.has_value();
  auto input = read_input(options.gate, Deployment::assumed, inner);
  if (!input) return kUsage;
  const auto deadline = parse_duration_option("--deadline", options.deadline);
  const auto location = replaying ? core::Result(std::optional<history::Location>()) : history_location(options.history, world);
  if (!forget_release(*input, world)) return kUsage;
  const auto stretch = stretch_of(options, *input);
  auto tape = stretch ? open_tape(options.record, options.replay) : core::Result(std::optional<http::Tape>());
  for (const auto* failed : {deadline ? nullptr : &deadline.error(), location ? nullptr : &location.error(),
                             stretch ? nullptr : &stretch.error(), tape ? nullptr : &tape.error()}) {
    if (failed == nullptr) continue;
    print_error(*failed, world);
    return kUsage;
  }
  const core::Releases releases = releases_of(record, *location, *input, *deadline);
  if (releases.error) {
    print_error(*releases.error, world);
    return kSourceError;
  }
  input->options.releases = releases;
  std::size_t left_out = 0;
  std::vector<core::Time> moments = moments_of(*stretch, releases, left_out);
  if (replaying) moments.resize(std::min(moments.size(), record.backtest->taken));
  std::optional<http::Tape>& held = tape.value();
  const Asking asking{*deadline, held ? &*held : nullptr, !options.quiet, nullptr};
  const std::vector<core::Report> reports = pretend_all(moments, *stretch, asking, *input, world);
  core::BacktestReport report = summary(reports, *stretch, *input);
  report.left_out = left_out;
  if (!replaying)
    record.backtest = BacktestRecord{stretch->from, stretch->to, stretch->every, reports.size(), received_signal()};
  world.out << core::without_commands(options.format == "json" ? report::backtest_to_json(report)
                                                               : report::backtest_to_terminal(report, input->plan.clock.now));
  if (!options.record.empty()) keep(record, options, *input, report, world);
  const int number = received_signal() != 0 ? received_signal() : record.backtest->signal;
  if (number != 0) return 128 + number;
  return report.fails.of == 0 && report.errors > 0 ? kSourceError : kPass;
}

}  // namespace gate::cli
