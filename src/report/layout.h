// Layout: what the human reports share: symbols and words of verdicts, widths, cells of the table, sparklines. No judgement
// here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/report.h"
#include "core/unit.h"
#include "core/width.h"

namespace gate::report {

enum class Charset { unicode, ascii };

/// One symbol and one word per verdict, the same in every report; a metric whose time has not come is PENDING.
std::string_view symbol(const core::MetricReport& metric, Charset charset);
std::string_view symbol(core::Verdict verdict, Charset charset);
std::string_view word(const core::MetricReport& metric);
std::string_view word(core::Verdict verdict);
/// Of what waits for its time.
std::string_view pending_symbol(Charset charset);

using core::display_width;
/// `text` cut to `width` columns, with "…" ("..." in ASCII) where it was cut.
std::string fit(std::string_view text, std::size_t width, Charset charset = Charset::unicode);
enum class Align { left, right };
/// `text` filled with spaces to `width` columns; longer text is left as it is.
std::string pad(std::string_view text, std::size_t width, Align align);
enum class Urls { cut, whole };
/// True for a word or a line that holds a URL.
bool has_url(std::string_view text);
/// `text` broken at spaces into lines of at most `width` columns; a longer word is cut, but with Urls::whole a URL, whose line
/// is wider then. Never between a number and its unit.
std::vector<std::string> wrap(std::string_view text, std::size_t width, Urls urls = Urls::cut);
/// `text` with no-break spaces (U+00A0) where wrap() would rather not break: "+10 %", "2 h 10 min", "at least", "≥ 80 %".
std::string with_fixed_spaces(std::string_view text);
/// "−" as "-", "→" as "->", "…" as "...", and so on: for terminals and logs without Unicode.
std::string to_ascii(std::string_view text);

/// The metrics as they are listed: worst verdict first, in the order of the file within one.
std::vector<const core::MetricReport*> worst_first(const core::Report& report);
/// fail, error, inconclusive and warn need a person's eye; pass and skipped do not.
bool needs_attention(const core::MetricReport& metric);

/// An inconclusive gate for which nothing but time is missing.
bool only_pending(const core::Report& report);
std::string_view symbol(const core::Report& report, Charset charset);
std::string_view word(const core::Report& report);

/// A bound on the change, and not on the value itself.
bool is_change(const core::CriterionReport& criterion);
/// "limit +10 %", "goal ≥ 8 % after 14 d": the limit as nobody takes it for what was measured; "" without a limit.
std::string bound_text(const core::CriterionReport& criterion);
/// The gate file as those name it who mark its lines: from the root of the checkout, where that is known.
const std::string& marked_file(const core::Report& report);
/// The criterion that decided; nullptr when there is none.
const core::CriterionReport* deciding(const core::MetricReport& metric);

/// The cells of one row; "" where there is nothing to show. All text that came from outside is made printable, and is in
/// `charset` already, so that it is padded at its final width.
struct Cells {
  std::string title;
  std::string before;
  std::string after;
  std::string values;    ///< "312 → 409 ms", "71.4 %", "" without values
  std::string change;    ///< "+31 %"
  std::string interval;  ///< "[+24, +38]", rounded outward; "exact" for a value, "no interval" for two bare numbers
  std::string range;     ///< the same in words, with its unit: "+24 to +38 %"
  std::string limit;     ///< "+10 %", "≤ 800 ms"
  std::string tendency;  ///< "worse", "worse?", "not proven", "better"
  std::string brief;     ///< a few words that stand in place of change, interval and limit: "no data", "due 24 Mar 12:04 UTC"
};
Cells cells_of(const core::MetricReport& metric, Charset charset);

/// "312 ms", "0.11 %": one value of the metric, as in its cells.
std::string value_text(double value, const core::MetricReport& metric);

/// A difference of two values of the metric, as its change would be written: "+31 %" of a share, "+0.03 pp", "−2 ms"; a range
/// of them, rounded outward: "+6.1 to +9.8 %".
std::string move_text(double value, bool relative, const core::MetricReport& metric);
std::string move_range_text(const core::Range& range, bool relative, const core::MetricReport& metric);

/// A limit as a number to draw; harm lies above it, or below.
struct Limit {
  double at = 0.0;
  bool harm_above = true;
};
/// What a chart draws of one criterion, on the scale on which cells_of() writes it: the change for bounds on it (a fraction
/// where these are shares of the baseline), else the value.
struct Drawn {
  double value = 0.0;
  std::optional<core::Range> interval;
  std::vector<Limit> limits;
  bool is_change = false;
};
/// nullopt where there is no number, or no limit that can be drawn beside it.
std::optional<Drawn> drawn_of(const core::MetricReport& metric, const core::CriterionReport& criterion);
/// A number of Drawn with its unit: "+31 %", "+0.03 pp", "312 ms"; ends of intervals are rounded outward by the caller's
/// digits.
std::string drawn_text(double value, const core::MetricReport& metric, const core::CriterionReport& criterion,
                       core::Digits digits = {});
/// "+24 to +38 %": an interval of Drawn, rounded outward.
std::string drawn_range_text(const core::Range& range, const core::MetricReport& metric,
                             const core::CriterionReport& criterion);
/// On the axis of the metric's values: where each limit of the criterion lies, given the baseline.
std::vector<Limit> value_limits(const core::MetricReport& metric, const core::CriterionReport& criterion);

/// What to do about a metric, with what is not proven before it: "looks worse, not proven: needs about 2 h 10 min of …".
std::string advice_of(const core::MetricReport& metric);
/// The first metric whose windows stand for all, of those that were judged where there is one; nullptr without any.
const core::MetricReport* with_windows(const core::Report& report);
/// True when the windows of one judged metric are not those of all: nobody's stand for the others then.
bool windows_differ(const core::Report& report);
/// True when the row of the metric does not hold its reason: too little data, none, a limit that means nothing. Where
/// `brief` is all of it, the row does.
bool needs_sentence(const core::MetricReport& metric);

/// "checkout-api 1.42.0".
std::string who(const core::Report& report);
/// "p99 latency +31 % (limit +10 %), at least +24 % at 95 %".
std::string full_headline(const core::Report& report);
/// "90 %": the level of the intervals that are shown.
std::string interval_level(const core::Report& report);
/// "0.31 s".
std::string seconds_text(core::Duration duration);
/// "1.41.0 → 1.42.0 · before 11:34–12:04, after 12:09–12:34 UTC": of the first metric that has windows; "" without any.
std::string when_text(const core::Report& report);

/// The same, but "windows differ by metric" where they do.
std::string shared_when_text(const core::Report& report);

/// A metric that nothing but time keeps from being judged, whatever the gate file says that this counts as.
bool is_waiting(const core::MetricReport& metric);
/// "1 fail, 2 inconclusive, 1 pending, 5 pass"; what passed is left out where a line of its own says it.
enum class Passing { counted, left_out };
std::string tally(const core::Report& report, Passing passing, std::string_view joiner);

/// Both sides on one scale, `cells` characters each, with a bar between: "▂▂▃┃▆▇▆"; "" with less than two points on the
/// candidate's side.
std::string sparkline(const core::MetricReport& metric, std::size_t cells, Charset charset);
/// One character a value, finite ones.
std::string sparkline(const std::vector<double>& values, Charset charset);

/// "11:34–12:04" in UTC; with the date when `now` is another day.
std::string window_text(const core::Window& window, core::Time now);

}  // namespace gate::report
