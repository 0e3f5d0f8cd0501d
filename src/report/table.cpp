#include "report/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace gate::report {
namespace {

constexpr std::size_t kMostTitle = 28;
constexpr std::size_t kLeastTitle = 16;
constexpr std::size_t kShortestTitle = 12;
constexpr std::size_t kGap = 2;
constexpr std::size_t kMark = 2;
constexpr std::array<std::size_t, 3> kTrendCells = {8, 6, 5};

}  // namespace

Table::Table(const core::Report& report, const std::vector<const core::MetricReport*>& metrics, std::size_t columns,
             Charset charset)
    : metrics_(metrics), columns_(columns), charset_(charset), head_{"metric",
                                                                     "before",
                                                                     "after",
                                                                     "change",
                                                                     interval_level(report) + " interval",
                                                                     "limit"} {
  for (const core::MetricReport* metric : metrics) cells_.push_back(cells_of(*metric, charset));
  measure();
  make_room();
}

void Table::measure() {
  for (std::size_t i = 0; i < kColumns; ++i) widths_[i] = display_width(head_[i]);
  for (const Cells& cells : cells_) {
    widths_[0] = std::max(widths_[0], std::min(kMostTitle, display_width(cells.title)));
    widths_[1] = std::max(widths_[1], display_width(cells.before));
    widths_[2] = std::max(widths_[2], display_width(cells.after));
    if (!cells.brief.empty()) continue;
    widths_[3] = std::max(widths_[3], display_width(cells.change));
    widths_[4] = std::max(widths_[4], display_width(cells.interval));
    widths_[5] = std::max(widths_[5], display_width(cells.limit));
    tendency_ = std::max(tendency_, display_width(cells.tendency));
  }
}

std::size_t Table::width_of_columns() const {
  std::size_t used = kMark;
  for (const std::size_t width : widths_) used += width + kGap;
  return used - kGap;
}

std::size_t Table::width_of_trend(std::size_t cells) const {
  const std::size_t drawn = cells == 0 ? 0 : 2 * cells + 1;
  return drawn + (tendency_ > 0 ? kGap + tendency_ : 0) + (drawn > 0 ? kGap : 0);
}

void Table::make_room() {
  const bool any = std::any_of(metrics_.begin(), metrics_.end(), [&](const core::MetricReport* metric) {
    return !sparkline(*metric, kTrendCells.back(), charset_).empty();
  });
  const auto room_for_title = [&](std::size_t cells) {
    const std::size_t others = width_of_columns() - widths_[0] + width_of_trend(cells);
    return columns_ > others ? columns_ - others : 0;
  };
  const auto take = [&](std::size_t cells, std::size_t least) {
    if (!any || room_for_title(cells) < least) return false;
    trend_cells_ = cells;
    widths_[0] = std::min(widths_[0], room_for_title(cells));
    return true;
  };
  for (const std::size_t cells : kTrendCells) {
    if (take(cells, widths_[0])) return;
  }
  if (take(kTrendCells.back(), std::min(kLeastTitle, widths_[0]))) return;
  widths_[0] = std::min(widths_[0], std::max(room_for_title(0), kShortestTitle));
}

std::string Table::joined(const Texts& texts, std::size_t count) const {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    const Align align = i == 0 || i == 4 ? Align::left : Align::right;
    out += (i > 0 ? std::string(kGap, ' ') : "") + pad(texts[i], widths_[i], align);
  }
  return out;
}

std::string Table::head() const {
  std::string out = std::string(kMark, ' ') + joined(head_, kColumns);
  if (trend_cells_ > 0) out += "  trend";
  return out;
}

std::string Table::brief_start(std::size_t index) const {
  const Cells& cells = cells_[index];
  return fmt::format("{} {}  ", symbol(*metrics_[index], charset_),
                     joined({fit(cells.title, widths_[0], charset_), cells.before, cells.after, "", "", ""}, 3));
}

bool Table::is_cut(std::size_t index) const {
  return !cells_[index].brief.empty() && display_width(brief_start(index)) + display_width(cells_[index].brief) > columns_;
}

std::string Table::row(std::size_t index) const {
  const Cells& cells = cells_[index];
  if (!cells.brief.empty()) return brief_start(index) + cells.brief;
  std::string out = fmt::format(
      "{} {}", symbol(*metrics_[index], charset_),
      joined({fit(cells.title, widths_[0], charset_), cells.before, cells.after, cells.change, cells.interval, cells.limit},
             kColumns));
  if (trend_cells_ > 0) {
    const std::size_t drawn = 2 * trend_cells_ + 1;
    out += "  " + pad(sparkline(*metrics_[index], trend_cells_, charset_), drawn, Align::left);
  }
  if (!cells.tendency.empty()) out += "  " + cells.tendency;
  return out;
}

}  // namespace gate::report
