#include "cli/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "cli/signals.h"
#include "core/text.h"
#include "judge/watch.h"
#include "measure/archive.h"
#include "plan/growth.h"
#include "report/looks.h"

namespace gate::cli {
namespace {

constexpr std::size_t kMostLooks = 1000;
constexpr std::chrono::milliseconds kNap{50};

core::Error bad_looks(std::string message, std::string hint) {
  return {"RG0009", std::move(message), std::move(hint), {}, {}};
}

/// What is wrong with the looks, RG0009; nothing when they can be taken.
std::optional<core::Error> wrong(const core::Looks& looks) {
  const auto text = [](core::Duration duration) { return core::format_duration(duration); };
  if (looks.every > looks.longest) {
    return bad_looks(
        fmt::format("--every {} is longer than --for {}: there would be no look", text(looks.every), text(looks.longest)),
        "look more often, or for longer");
  }
  if (looks.least > looks.longest) {
    return bad_looks(fmt::format("--min {} is longer than --for {}", text(looks.least), text(looks.longest)),
                     "a pass must be possible before the end");
  }
  if (looks.count() > kMostLooks) {
    return bad_looks(
        fmt::format("--every {} and --for {} make {} looks, and {} are the most", text(looks.every), text(looks.longest),
                    looks.count(), kMostLooks),
        fmt::format("use --every {}",
                    text(std::chrono::ceil<std::chrono::seconds>(looks.longest / static_cast<std::int64_t>(kMostLooks)))));
  }
  return std::nullopt;
}

/// The looks as a person follows them: a block that is drawn anew on a terminal, else lines.
class Teller {
 public:
  Teller(const core::Looks& looks, const OutputOptions& output, bool enabled, World& world)
      : looks_(looks), enabled_(enabled), world_(world), screen_(world.err) {
    options_.columns = static_cast<std::size_t>(world.columns);
    options_.charset = charset_of(world);
    options_.colour = colour_for(output.no_color, world.err_is_terminal, world);
  }

  void begin(const config::Gate& gate) {
    if (!enabled_) return;
    world_.err << core::without_commands(
        fmt::format("watching {}: {} looks until {}, one every {}; a pass is possible from {}\n", core::printable(gate.name),
                    looks_.count(), moment(looks_.horizon()), core::describe_duration(looks_.every),
                    moment(looks_.opening + looks_.least)));
    world_.err.flush();
  }

  void tell(core::Report report) {
    report_ = std::move(report);
    if (!enabled_) return;
    if (world_.err_is_terminal) {
      draw(std::nullopt);
    } else {
      world_.err << log_.line(*report_) << std::flush;
    }
  }

  void wait(core::Duration left) {
    if (!enabled_ || !world_.err_is_terminal) return;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left);
    if (std::exchange(told_, seconds) == seconds) return;
    if (report_) {
      draw(left);
    } else {
      screen_.draw(fmt::format("first look in {}\n", core::describe_duration(seconds)));
    }
  }

 private:
  [[nodiscard]] std::string moment(core::Time time) const { return core::format_moment(time, world_.now()); }
  void draw(std::optional<core::Duration> next) { screen_.draw(report::look_block(*report_, next, options_)); }

  const core::Looks& looks_;
  bool enabled_;
  World& world_;
  report::TerminalOptions options_;
  report::LookScreen screen_;
  report::LookLog log_;
  std::optional<core::Report> report_;
  std::chrono::seconds told_{-1};
};

/// One watch under way.
class Looking {
 public:
  Looking(WatchRecord& record, Input& input, const Asking& asking, Replaying replaying, const OutputOptions& output,
          World& world)
      : record_(record),
        input_(input),
        asking_(asking),
        replaying_(replaying == Replaying::yes),
        world_(world),
        recorded_(std::exchange(record.taken, {})),
        teller_(record.looks, output, asking.shows_progress && !replaying_, world) {
    // The live line of one look would be drawn into the block of all.
    asking_.shows_progress = false;
    options_ = input.options;
    // "now" was the beginning of the watch, and does not move on with it.
    options_.deployed_at = input.plan.clock.deployed_at;
    options_.look = plan::LookAt{record.looks.horizon(), plan::longest_watched(input.plan, record.looks.longest), record.past};
  }

  /// False when the looks cannot be planned, which was printed.
  bool run() {
    auto horizon = plan_at(record_.looks.horizon());
    auto opening = plan_at(record_.looks.opening);
    if (!horizon || !opening) return false;
    watch_ = std::make_shared<judge::Watch>(input_.gate, record_.looks, information(*horizon));
    watch_->begin(measure::unasked(*opening, record_.looks.at(1)));
    input_.plan = std::move(*opening);
    teller_.begin(input_.gate);
    if (record_.past) ask_ahead(*horizon);
    for (std::size_t number = next(0); number > 0 && take(number); number = next(number)) {
    }
    if (!replaying_) record_.signal = watch_->is_over() ? 0 : received_signal();
    return planned_;
  }

  [[nodiscard]] Found found() const {
    return {[watch = watch_, past = record_.past](const judge::Ending& ending) {
              core::Report report = watch->report(ending);
              report.watch->past = past;
              return report;
            },
            sources_};
  }

 private:
  std::optional<plan::Plan> plan_at(core::Time now) {
    options_.now = now;
    plan::Planned planned = plan::make_plan(input_.gate, options_);
    planned_ = planned.plan.has_value();
    if (!planned_) print_diagnostics(planned.diagnostics, {}, world_);
    return std::move(planned.plan);
  }

  [[nodiscard]] judge::Information information(const plan::Plan& horizon) const {
    judge::Information out;
    for (const plan::MetricPlan& metric : horizon.metrics) {
      if (!metric.growing) continue;
      std::vector<double>& shares = out[metric.metric->id];
      for (std::size_t k = 1; k <= record_.looks.count(); ++k)
        shares.push_back(metric.growing->information_at(record_.looks.at(k), record_.looks.horizon()));
    }
    return out;
  }

  /// The look after `number`; 0 when there is none, because it is over or a signal came.
  std::size_t next(std::size_t number) {
    if (watch_->is_over()) return 0;
    if (replaying_) {
      const auto later = std::find_if(recorded_.begin(), recorded_.end(), [&](std::size_t one) { return one > number; });
      return later == recorded_.end() ? 0 : *later;
    }
    if (received_signal() != 0) return 0;
    if (record_.past) return number + 1;
    // Looks that went by while the one before was asked are not taken after the fact: the newest has their data, too.
    const std::size_t following = std::max(number + 1, record_.looks.newest(world_.now()));
    return wait_until(record_.looks.at(following)) ? following : 0;
  }

  /// False when a signal came.
  bool wait_until(core::Time time) {
    for (core::Time now = world_.now(); now < time; now = world_.now()) {
      if (received_signal() != 0) return false;
      teller_.wait(time - now);
      std::this_thread::sleep_for(std::min<core::Duration>(kNap, time - now));
    }
    return true;
  }

  [[nodiscard]] core::Duration deadline() const {
    if (!record_.past) return asking_.deadline;
    const auto gone = std::chrono::duration_cast<core::Duration>(std::chrono::steady_clock::now() - started_);
    return std::max(asking_.deadline - gone, core::Duration(1));
  }

  void ask(const std::string& chapter, const std::function<void(http::Client&)>& asked) {
    Asking asking = asking_;
    asking.deadline = deadline();
    if (asking.tape != nullptr) asking.tape->turn_to(chapter);
    with_client(input_.gate, asking, world_, asked);
  }

  /// Stored data are asked for once, and cut for each look.
  void ask_ahead(const plan::Plan& horizon) {
    ask("all looks", [&](http::Client& client) { measure::fill(archive_, input_.gate, horizon, client); });
  }

  bool take(std::size_t number) {
    auto plan = plan_at(record_.looks.at(number));
    if (!plan) return false;
    measure::Measured measured;
    ask(fmt::format("look {}", number),
        [&](http::Client& client) { measured = measure::run(input_.gate, *plan, client, *asking_.past, &archive_); });
    // What a signal cut off says nothing of the release.
    if (received_signal() != 0 && !replaying_) return false;
    watch_->take(number, measured.measurements);
    record_.taken.push_back(number);
    sources_ = std::move(measured.sources);
    input_.plan = std::move(*plan);
    core::Report report = watch_->report({});
    report.gate_name = input_.gate.name;
    report.release_version = input_.gate.release_version;
    teller_.tell(std::move(report));
    return true;
  }

  WatchRecord& record_;
  Input& input_;
  Asking asking_;
  bool replaying_;
  World& world_;
  std::vector<std::size_t> recorded_;
  Teller teller_;
  plan::Options options_;
  bool planned_ = true;
  measure::Archive archive_;
  std::shared_ptr<judge::Watch> watch_;
  std::vector<measure::SourceInfo> sources_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace

std::optional<WatchRecord> looks_of(const WatchOptions& options, const Input& input, World& world) {
  WatchRecord record;
  record.past = options.past;
  const auto every = parse_duration_option("--every", options.every);
  const auto longest = parse_duration_option("--for", options.longest);
  // No time at all is a minimum, too.
  const bool none = options.least == "0s" || options.least == "0";
  const auto least = options.least.empty() || none ? longest : parse_duration_option("--min", options.least);
  for (const auto* one : {&every, &longest, &least}) {
    if (one->ok()) continue;
    print_error(one->error(), world);
    return std::nullopt;
  }
  const core::Duration minimum = none ? core::Duration(0) : options.least.empty() ? *longest / 2 : *least;
  record.looks = plan::make_looks(input.plan, *every, *longest, minimum);
  std::optional<core::Error> error = wrong(record.looks);
  if (!error && record.past && record.looks.horizon() > input.plan.clock.now) {
    error = bad_looks(
        fmt::format("--past: the last look would be at {}, which is not over", core::format_time(record.looks.horizon())),
        "a release that is under way is watched without --past; an earlier one is named by --deployed-at");
  }
  if (!error) return record;
  print_error(*error, world);
  return std::nullopt;
}

std::optional<Found> take_looks(WatchRecord& record, Input& input, const Asking& asking, Replaying replaying,
                                const OutputOptions& output, World& world) {
  Looking looking(record, input, asking, replaying, output, world);
  if (!looking.run()) return std::nullopt;
  return looking.found();
}

}  // namespace gate::cli
