// Watch: what looks at a growing candidate may conclude, and when. Pure: waiting and asking are cli's, the windows are plan's.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/looks.h"
#include "core/measurement.h"
#include "core/report.h"
#include "judge/judge.h"

namespace gate::judge {

/// By the id of a metric whose window grows: for each look the share of the horizon's information that its data hold, 0 while
/// there are none. Never falling, 1 at the end.
using Information = std::map<std::string, std::vector<double>>;

/// How many looks running something without an uncertainty of its own must be violated, or a required metric be without an
/// answer, before it counts.
inline constexpr std::size_t kRunning = 3;

/// The rules of docs/watch.md:
/// - A change with an interval is judged at the level that its look may spend (stats/spending.h), as if every look before had
///   been taken: so that levels are known beforehand and a watch that is started anew goes on as it was. A metric whose data do
///   not grow has an equal part of the error for each look (Bonferroni).
/// - Harm that is proven at any look fails at once. Bounds on values, statuses, burn rates and bare numbers have to be violated
///   at kRunning looks running; until then they are unproven.
/// - A pass takes every fail-level criterion of every required metric holding at the same look, and `looks.least` gone by.
/// - A required metric in error is left out of its look; kRunning looks running, or at the horizon, end the watch in error.
/// - At the horizon the table of docs/verdict.md holds as for `check`.
class Watch {
 public:
  Watch(const config::Gate& gate, const core::Looks& looks, const Information& information);

  /// What is known before the first look.
  void begin(const std::vector<core::Measurement>& measurements);
  /// Judges look `number`, from 1, later than those before; nothing may be taken once the watch is over.
  void take(std::size_t number, const std::vector<core::Measurement>& measurements);

  [[nodiscard]] bool is_over() const { return end_.has_value(); }
  /// The verdict so far, or the last one. A score below `pass_score` counts once the watch is over.
  [[nodiscard]] core::Report report(const Ending& ending) const;

 private:
  [[nodiscard]] bool confirm(core::MetricReport& metric, std::size_t number);
  void confirm_all(std::size_t number);
  [[nodiscard]] std::optional<core::WatchEnd> decide(std::size_t number) const;
  [[nodiscard]] bool is_harmed() const;
  [[nodiscard]] bool is_unanswered() const;
  [[nodiscard]] bool is_safe(std::size_t number) const;
  void remember(std::size_t number);

  config::Gate gate_;
  core::Looks looks_;
  std::map<std::string, std::vector<double>> levels_;  ///< by metric, one a look
  std::vector<core::MetricReport> metrics_;            ///< of the last look
  std::map<std::string, std::size_t> running_;         ///< violations, and looks without an answer, in a row
  std::vector<core::LookReport> history_;
  std::optional<core::WatchEnd> end_;
};

}  // namespace gate::judge
