// `backtest`: the gate over the past, at times at which nothing was released. Judges nothing itself and changes nothing.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_io.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "core/text.h"
#include "http/client.h"
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
core::Result<Stretch> stretch_of(const BacktestOptions& options, const Input& input, const World& world) {
  Stretch out;
  out.to = world.now();
  const auto read = [&](const char* name, const std::string& text, core::Time& target) -> core::Result<bool> {
    if (text.empty()) return true;
    const auto time = parse_time_option(name, text, world.now());
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
    if (plan.baseline) out.before = std::max(out.before, released - plan.baseline->start);
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

std::vector<core::Report> pretend_all(const std::vector<core::Time>& moments, const Stretch& stretch, core::Duration deadline,
                                      const BacktestOptions& options, Input& input, World& world) {
  report::Progress progress(world.err, world.err_is_terminal && !options.quiet, !options.quiet);
  http::Options client_options;
  client_options.deadline = deadline;
  http::Client client(std::move(client_options));
  protect_secrets(client, input.gate);
  const Interruptible interruptible(client);
  std::vector<core::Report> out;
  for (const core::Time at : moments) {
    if (received_signal() != 0) break;
    if (auto report = pretend(at, stretch, input, client)) out.push_back(std::move(*report));
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

}  // namespace

int backtest(const BacktestOptions& options, World& world) {
  const SignalGuard signals;
  auto input = read_input(options.gate, Deployment::assumed, world);
  if (!input) return kUsage;
  const auto deadline = parse_duration_option("--deadline", options.deadline);
  const auto location = history_location(options.history, world);
  if (!forget_release(*input, world)) return kUsage;
  const auto stretch = stretch_of(options, *input, world);
  for (const auto* failed :
       {deadline ? nullptr : &deadline.error(), location ? nullptr : &location.error(), stretch ? nullptr : &stretch.error()}) {
    if (failed == nullptr) continue;
    print_error(*failed, world);
    return kUsage;
  }
  core::Releases releases;
  if (*location) releases = read_releases(**location, *input, *deadline);
  if (releases.error) {
    print_error(*releases.error, world);
    return kSourceError;
  }
  input->options.releases = releases;
  std::size_t left_out = 0;
  const std::vector<core::Time> moments = moments_of(*stretch, releases, left_out);
  core::BacktestReport report = judge::summarize_backtest(pretend_all(moments, *stretch, *deadline, options, *input, world));
  report.gate = input->gate.name;
  report.from = stretch->from;
  report.to = stretch->to;
  report.every = stretch->every;
  report.left_out = left_out;
  report.releases_known = releases.known;
  for (const plan::MetricPlan& plan : input->plan.metrics) {
    if (const std::string why = why_left_out(plan); !why.empty())
      report.notes.push_back(fmt::format("{} is left out: {}", plan.metric->id, why));
  }
  if (!releases.known) report.notes.emplace_back("real releases are not known, and count as quiet times: give --history");
  if (stretch->every < stretch->before + stretch->after)
    report.notes.emplace_back("neighbouring releases share data (--every): the intervals are too short");
  world.out << core::without_commands(options.format == "json" ? report::backtest_to_json(report)
                                                               : report::backtest_to_terminal(report, world.now()));
  if (const int number = received_signal(); number != 0) return 128 + number;
  return report.fails.of == 0 && report.errors > 0 ? kSourceError : kPass;
}

}  // namespace gate::cli
