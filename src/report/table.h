// Table: the rows of the terminal's wide layout. Decides which columns there is room for; judges nothing.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "report/layout.h"

namespace gate::report {

/// Rows of `columns` columns at most: metric, before, after, change, interval, limit, trend. Where there is little room the
/// trend gets shorter, then titles, then the trend goes.
class Table {
 public:
  Table(const core::Report& report, const std::vector<const core::MetricReport*>& metrics, std::size_t columns,
        Charset charset);

  [[nodiscard]] std::string head() const;
  [[nodiscard]] std::string row(std::size_t index) const;
  /// True when the few words that stand for the numbers of row `index` were cut.
  [[nodiscard]] bool is_cut(std::size_t index) const;

 private:
  static constexpr std::size_t kColumns = 6;
  using Texts = std::array<std::string, kColumns>;

  void measure();
  void make_room();
  [[nodiscard]] std::size_t width_of_columns() const;
  [[nodiscard]] std::size_t width_of_trend(std::size_t cells) const;
  [[nodiscard]] std::string joined(const Texts& texts, std::size_t count) const;
  [[nodiscard]] std::string brief_start(std::size_t index) const;

  const std::vector<const core::MetricReport*>& metrics_;
  std::size_t columns_;
  Charset charset_;
  Texts head_;
  std::vector<Cells> cells_;
  std::array<std::size_t, kColumns> widths_{};
  std::size_t tendency_ = 0;     ///< width of the widest tendency
  std::size_t trend_cells_ = 0;  ///< of one side; 0 without a trend
};

}  // namespace gate::report
