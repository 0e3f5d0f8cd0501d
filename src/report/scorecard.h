// Scorecard: a line a category, for whoever asks the ten questions and not for the metrics; and the text that holds nothing
// else. Verdicts of categories are judge's: this lays them out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/report.h"
#include "report/layout.h"

namespace gate::report {

/// "p99 latency +31 %, limit +10 %", "urgent incidents +12 %, limit +100 %, not proven": what a metric comes to, in a line.
std::string standing_text(const core::MetricReport& metric);
/// "+24 to +38 %", "exact", "no interval"; "" where nothing was judged.
std::string certainty_text(const core::MetricReport& metric);

/// What one category comes to.
struct ScorecardLine {
  std::string name;                              ///< "Performance"; "Without a category"
  std::optional<std::size_t> number;             ///< of the ten, from 1 on
  std::string_view question;                     ///< "As fast, with as few errors as before?"; "" for a category of your own
  const core::MetricReport* deciding = nullptr;  ///< nullptr: nothing was judged, and `absence` says why
  core::Verdict verdict = core::Verdict::skipped;
  bool pending = false;  ///< its time has not come
  std::string symbol;
  std::string word;
  std::string reason;   ///< standing_text() of the metric that decided
  std::string sure;     ///< certainty_text() of the same
  std::string judged;   ///< "3 metrics", "2 of 3 judged; not: first reply time (thin)"
  std::string absence;  ///< "not in this gate"
  /// A metric that waits for its time, and "checkout adoption, goal ≥ 10 % after 7 d, due 24 Mar 12:04 UTC".
  struct Waiting {
    const core::MetricReport* metric = nullptr;
    std::string text;
  };
  std::vector<Waiting> waiting;  ///< but for the one that decides and says so itself
};

std::vector<ScorecardLine> scorecard_lines(const core::Report& report, Charset charset);

/// The ten questions as text: for each its verdict, the change that decided it, and how sure that is. At most 120 columns wide,
/// but for a URL that is wider.
std::string to_scorecard(const core::Report& report);

}  // namespace gate::report
