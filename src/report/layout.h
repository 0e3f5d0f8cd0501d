// Layout: what the human reports share: symbols and words of verdicts, widths, cells of the table, sparklines. No judgement
// here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/report.h"
#include "core/width.h"

namespace gate::report {

enum class Charset { unicode, ascii };

/// One symbol and one word per verdict, the same in every report; a metric whose time has not come is PENDING.
std::string_view symbol(const core::MetricReport& metric, Charset charset);
std::string_view symbol(core::Verdict verdict, Charset charset);
std::string_view word(const core::MetricReport& metric);
std::string_view word(core::Verdict verdict);

using core::display_width;
/// `text` cut to `width` columns, with "…" where it was cut.
std::string fit(std::string_view text, std::size_t width);
enum class Align { left, right };
/// `text` filled with spaces to `width` columns; longer text is left as it is.
std::string pad(std::string_view text, std::size_t width, Align align);
/// `text` broken at spaces into lines of at most `width` columns; a longer word is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
/// "−" as "-", "→" as "->", "…" as "...", and so on: for terminals and logs without Unicode.
std::string to_ascii(std::string_view text);

/// The metrics as they are listed: worst verdict first, in the order of the file within one.
std::vector<const core::MetricReport*> worst_first(const core::Report& report);
/// fail, error, inconclusive and warn need a person's eye; pass and skipped do not.
bool needs_attention(const core::MetricReport& metric);

/// The criterion whose sentence is the metric's headline; nullptr when there is none.
const core::CriterionReport* deciding(const core::MetricReport& metric);

/// The cells of one row; "" where there is nothing to show. All text that came from outside is made printable.
struct Cells {
  std::string title;
  std::string before;
  std::string after;
  std::string change;    ///< "+31 %"
  std::string interval;  ///< "[+24, +38]", rounded outward
  std::string limit;     ///< "+10 %", "≤ 800 ms"
  std::string tendency;  ///< "worse", "worse?", "better"
};
Cells cells_of(const core::MetricReport& metric);

/// "1 fail, 2 inconclusive, 5 pass" over the metrics that were judged.
std::string tally(const core::Report& report);

/// Both sides on one scale, `cells` characters each, with a bar between: "▂▂▃┃▆▇▆"; "" without points on the candidate's side.
std::string sparkline(const core::MetricReport& metric, std::size_t cells, Charset charset);

/// "11:34–12:04" in UTC; with the date when `now` is another day.
std::string window_text(const core::Window& window, core::Time now);

}  // namespace gate::report
