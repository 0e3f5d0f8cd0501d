// Looks: a watch while it goes on, for people: a block that is drawn anew on a terminal, lines in a log. Not the report at its
// end. Computes nothing but layout.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <ostream>
#include <string>

#include "core/report.h"
#include "report/layout.h"
#include "report/terminal.h"

namespace gate::report {

/// "······├──|──●─┤··:·····": where an interval lies between what would be as good as before (|) and its limit (:), on a scale
/// of twice the limit to both sides; ends beyond it are ◂ and ▸. "" where there is no interval of a change with a limit.
std::string interval_bar(const core::MetricReport& metric, std::size_t cells, Charset charset);

/// A line for the whole and one a metric, in the order of the file: symbol, title, limit, the interval as it shrinks, change,
/// where it stands. `report.watch` has a look at least; `next` is the time to the next one, absent after the last.
std::string look_block(const core::Report& report, std::optional<core::Duration> next, const TerminalOptions& options);

/// Draws blocks one over the other. `out` is a terminal and outlives this.
class LookScreen {
 public:
  explicit LookScreen(std::ostream& out) : out_(out) {}
  void draw(const std::string& block);

 private:
  std::ostream& out_;
  std::size_t lines_ = 0;
};

/// Lines for a log: a look at which a metric comes to stand differently, every fifth one, and the last.
class LookLog {
 public:
  /// "12:23:00 look 14/30 INCONCLUSIVE p99_latency=+4.1%[-1.2,+9.6] safe=9/11", or "" where the look brings no news.
  std::string line(const core::Report& report);

 private:
  std::map<std::string, std::string> standing_;
};

}  // namespace gate::report
