// `history`: what earlier runs measured and said, where a metric moved, and what people say of a release.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_io.h"
#include "cli/history_view.h"
#include "cli/input.h"
#include "cli/signals.h"
#include "core/text.h"
#include "core/unit.h"

namespace gate::cli {
namespace {

constexpr std::size_t kRunsListed = 20;
constexpr std::size_t kReleasesDrawn = 100;

/// Told already.
struct Failed {
  int status = kUsage;
};

/// One command on an open history. Errors are thrown as Failed, after they were printed.
class Command {
 public:
  Command(const HistoryOptions& options, World& world) : options_(options), world_(world) {
    view_.charset = charset_of(world);
    view_.columns = static_cast<std::size_t>(world.columns);
    view_.now = world.now();
  }

  int run() {
    const bool writes = options_.action == "mark" || (options_.action == "prune" && !options_.dry_run);
    open(writes ? history::Access::write : history::Access::read);
    const std::string text = options_.action == "list"    ? list()
                             : options_.action == "show"  ? show()
                             : options_.action == "trend" ? trend()
                             : options_.action == "mark"  ? mark()
                                                          : prune();
    world_.out << text;
    return kPass;
  }

 private:
  [[noreturn]] void fail(const core::Error& error, int status) {
    print_error(error, world_);
    throw Failed{status};
  }

  /// What cannot be found was asked wrongly; what cannot be read is the history's fault.
  template <typename T>
  T take(core::Result<T> result) {
    if (!result) fail(result.error(), result.error().code == "RG0607" ? kUsage : kSourceError);
    return std::move(result).value();
  }

  void open(history::Access access) {
    auto location = history_location(options_.history, world_);
    if (!location) fail(location.error(), kUsage);
    if (!*location) {
      fail({"RG0602",
            "no history is given",
            fmt::format("pass --history sqlite:history.db, or set {}", kHistoryVariable),
            {},
            {}},
           kUsage);
    }
    // A history that is only looked at is not made; one that is to be changed must be there, too.
    store_ = take(history::Store::open(**location, history::Access::read, history_limits(std::chrono::seconds(10))));
    if (access == history::Access::write)
      store_ = take(history::Store::open(**location, access, history_limits(std::chrono::seconds(10))));
  }

  [[nodiscard]] bool as_json() const { return options_.format == "json"; }

  Marks marks() { return take(store_->marks(options_.gate)); }

  /// The one gate that is meant.
  std::string gate() {
    if (!options_.gate.empty()) return options_.gate;
    std::vector<std::string> gates = take(store_->gates());
    if (gates.size() == 1) return gates.front();
    for (std::string& name : gates) name = core::printable(name);
    fail({"RG0607",
          gates.empty() ? "the history has no runs" : "the history has several gates",
          gates.empty() ? "keep one: release-gate check --history"
                        : fmt::format("say which: --gate {}", core::list_names(gates)),
          {},
          {}},
         kUsage);
  }

  std::string list() {
    history::RunFilter filter;
    filter.gate = options_.gate;
    filter.release = options_.release;
    filter.last = options_.last.value_or(kRunsListed);
    const std::vector<history::Run> runs = take(store_->runs(filter));
    return as_json() ? list_json(runs, marks()) : list_text(runs, marks(), view_);
  }

  std::string show() {
    const history::Run run = take(store_->run(options_.gate, options_.name.empty() ? "latest" : options_.name));
    return as_json() ? show_json(run, marks()) : show_text(run, marks(), view_);
  }

  /// Values of what the newest release measured, in its unit.
  static void keep_alike(Trend& trend) {
    if (trend.points.empty()) return;
    const history::RunMetric newest = trend.points.back().metric;
    const auto wanted = core::parse_unit(newest.unit);
    std::vector<history::TrendPoint> alike;
    for (history::TrendPoint& point : trend.points) {
      const auto unit = core::parse_unit(point.metric.unit);
      if (point.metric.estimand != newest.estimand || !unit || !wanted || unit->dimension != wanted->dimension) {
        ++trend.unlike;
        continue;
      }
      if (unit->symbol != wanted->symbol) *point.metric.candidate.value *= unit->scale / wanted->scale;
      point.metric.unit = newest.unit;
      alike.push_back(std::move(point));
    }
    trend.points = std::move(alike);
  }

  std::string trend() {
    Trend found{gate(), options_.name, {}, {}, 0};
    found.points = take(store_->trend(found.gate, found.metric, options_.last.value_or(kReleasesDrawn)));
    if (found.points.empty()) fail(no_such_metric(found.gate), kUsage);
    keep_alike(found);
    std::vector<double> values;
    for (const history::TrendPoint& point : found.points) values.push_back(*point.metric.candidate.value);
    found.changes = stats::change_points(values, {});
    return as_json() ? trend_json(found, marks()) : trend_text(found, marks(), view_);
  }

  core::Error no_such_metric(const std::string& gate) {
    std::vector<std::string> known = take(store_->metrics(gate));
    const std::string near = core::nearest(options_.name, known);
    for (std::string& name : known) name = core::printable(name);
    const bool is_known = std::find(known.begin(), known.end(), core::printable(options_.name)) != known.end();
    return {"RG0607",
            is_known
                ? fmt::format("the history has no value of {} with enough data behind it", core::printable(options_.name))
                : fmt::format("the history has no metric `{}` of {}", core::printable(options_.name), core::printable(gate)),
            is_known       ? "see: release-gate history list"
            : near.empty() ? fmt::format("it has {}", known.empty() ? "none" : core::list_names(known, "and"))
                           : fmt::format("did you mean `{}`?", core::printable(near)),
            {},
            {}};
  }

  std::string mark() {
    history::Mark mark{gate(), options_.name, options_.mark == "good", options_.reason, current_actor(world_), world_.now()};
    const bool taken_away = options_.mark == "none";
    // A release goes by its version, or without one by its time; its runs may be named, too.
    const history::Run run = take(store_->run(mark.gate, mark.release));
    mark.release = run.release_key();
    if (taken_away) {
      (void)take(store_->unmark(mark.gate, mark.release));
    } else {
      (void)take(store_->mark(mark));
    }
    if (as_json()) return mark_json(mark, taken_away);
    const std::string what = taken_away  ? "no longer marked: its runs decide"
                             : mark.good ? "marked good: it counts as passed"
                                         : "marked bad: it is no baseline";
    return core::without_commands(
        fmt::format("{} {} is {}\n", core::printable(mark.gate), core::printable(mark.release), what));
  }

  std::string prune() {
    const auto age = parse_duration_option("--older-than", options_.older_than);
    if (!age) fail(age.error(), kUsage);
    const core::Time before = world_.now() - *age;
    const history::Pruned pruned = take(store_->prune(options_.gate, before, options_.dry_run));
    if (as_json()) return prune_json(pruned, before, options_.dry_run);
    return fmt::format("{} run{} with {} metric{} of releases before {}: {}\n", pruned.runs, pruned.runs == 1 ? "" : "s",
                       pruned.metrics, pruned.metrics == 1 ? "" : "s", core::format_time(before),
                       options_.dry_run ? "would go" : "deleted");
  }

  const HistoryOptions& options_;
  World& world_;
  View view_;
  std::unique_ptr<history::Store> store_;
};

}  // namespace

int history(const HistoryOptions& options, World& world) {
  const SignalGuard signals;
  try {
    return Command(options, world).run();
  } catch (const Failed& failed) {
    return received_signal() == 0 ? failed.status : 128 + received_signal();
  }
}

}  // namespace gate::cli
