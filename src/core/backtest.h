// Backtest: how a gate would have judged releases that never were, as a value. Made by judge, shown by report.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/report.h"
#include "core/time.h"
#include "core/unit.h"

namespace gate::core {

/// How often, of how many, with the two-sided 95 % interval of the chance; no interval of none.
struct Share {
  std::size_t count = 0;
  std::size_t of = 0;
  std::optional<Range> interval;
};

/// One criterion over all of them.
struct BacktestBound {
  Level level = Level::fail;
  std::string rule;
  std::string bound;
  Share alarms;          ///< violated, though nothing was released
  std::size_t held = 0;  ///< shown to be within the bound
  std::size_t open = 0;  ///< neither was proven
  bool relative = false;
  std::optional<double> margin;      ///< of a bound on the change: a fraction for relative ones, else in the metric's unit
  std::optional<double> detectable;  ///< the median: what would have been proven with power 0.8, in the unit of `margin`
  std::optional<double> kept_by_four_of_five;  ///< the smallest limit that four of five would have been shown to keep; likewise
  std::optional<Duration> window;              ///< of the candidate
  std::optional<Duration> window_needed;       ///< to prove a change of twice the limit with power 0.8
};

struct BacktestMetric {
  std::string id;
  std::string title;
  std::string kind;
  Unit unit;
  Share fails;
  std::size_t warns = 0;
  std::size_t passes = 0;
  std::size_t open = 0;    ///< inconclusive
  std::size_t errors = 0;  ///< could not be asked: these count in no share
  std::string first_error;
  std::vector<BacktestBound> bounds;  ///< in the order of the gate file
};

struct BacktestReport {
  std::string gate;
  Time from{};
  Time to{};
  Duration every{};
  std::size_t left_out = 0;  ///< windows with a release of the history
  bool releases_known = false;
  Share fails;  ///< of the gate
  std::size_t warns = 0;
  std::size_t passes = 0;
  std::size_t open = 0;
  std::size_t errors = 0;
  std::vector<BacktestMetric> metrics;
  std::vector<std::string> notes;
};

}  // namespace gate::core
