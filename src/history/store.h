// The history: runs of gates with what they measured and said. Read before judging, like a source; written after the verdict.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/past.h"
#include "core/result.h"
#include "core/time.h"
#include "history/database.h"
#include "history/location.h"
#include "history/past.h"
#include "history/run.h"

namespace gate::history {

/// Which runs; everything that is empty is not asked about.
struct RunFilter {
  std::string gate;
  std::string release;
  std::string verdict;
  std::optional<core::Time> before;  ///< released earlier than this
  std::size_t last = 20;
};

/// One release in the past of a metric, for trends.
struct TrendPoint {
  Run run;           ///< without metrics
  RunMetric metric;  ///< without criteria
};

/// What became of a run that was to be kept.
enum class Kept {
  now,
  already,  ///< the same run is there
  other     ///< another run has its id, and stays
};

/// What people say of a release.
struct Mark {
  std::string gate;
  std::string release;  ///< Run::release_key
  bool good = true;
  std::string reason;
  std::string actor;
  core::Time at{};
};

struct Pruned {
  std::size_t runs = 0;
  std::size_t metrics = 0;
};

/// A connection to one history. Every call is one transaction: done whole, or not at all. Errors name the place and hold no
/// secret: RG0603 (cannot be opened or read), RG0604 (is no history, or is damaged), RG0605 (its tables are of another
/// version), RG0606 (cannot be written). Not to be shared between threads.
class Store {
 public:
  /// With Access::write what is missing is made, and older tables are brought up to date. With Access::read a SQLite file must
  /// be there, and tables that are not there count as empty.
  static core::Result<std::unique_ptr<Store>> open(const Location& location, Access access, const Limits& limits);

  /// Keeps `run` under its id. The same id again changes nothing.
  core::Result<Kept> keep(const Run& run);
  /// Whether it could be written now, as far as that can be told without writing.
  core::Result<bool> check_writable();

  /// Runs without metrics, newest release first and newest run first within it.
  core::Result<std::vector<Run>> runs(const RunFilter& filter);
  /// One run with its metrics: `which` is an id, the unique beginning of one, "latest", or a version (its newest run). RG0607
  /// when none is meant, or several.
  core::Result<Run> run(const std::string& gate, const std::string& which);
  /// The value of `metric` (or "metric[label=value]") at each of the last `last` releases, oldest first: that of the newest run
  /// that has enough data.
  core::Result<std::vector<TrendPoint>> trend(const std::string& gate, const std::string& metric, std::size_t last);
  /// The names of gates, and of the metrics and series of one.
  core::Result<std::vector<std::string>> gates();
  core::Result<std::vector<std::string>> metrics(const std::string& gate);

  /// The past of the metrics of a gate, for design previous-releases.
  core::Result<core::Past> past(const std::vector<PastQuestion>& questions, const Present& present);

  /// Marks a release, in place of what was marked before.
  core::Result<bool> mark(const Mark& mark);
  /// Takes a mark away; false when there was none.
  core::Result<bool> unmark(const std::string& gate, const std::string& release);
  core::Result<std::vector<Mark>> marks(const std::string& gate);

  /// Deletes the runs of releases that are older than `before`, of one gate or ("") of all; counts alone when `dry`.
  core::Result<Pruned> prune(const std::string& gate, core::Time before, bool dry);

 private:
  Store(Location location, std::unique_ptr<Database> database, bool empty)
      : location_(std::move(location)), database_(std::move(database)), empty_(empty) {}
  template <typename Work>
  auto guarded(Access access, const Work& work) -> core::Result<decltype(work())>;
  std::vector<RunMetric> metrics_of(const std::string& id);

  Location location_;
  std::unique_ptr<Database> database_;
  bool empty_;  ///< there are no tables
};

}  // namespace gate::history
