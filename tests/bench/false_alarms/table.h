// The one table: what every rule claims of every kind of data, and which wrong claims of ours pass their limit.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "rules.h"

namespace gate::bench {

/// The true changes of a row's three columns.
inline constexpr std::array<double, 3> kChanges{0.0, 0.10, 0.25};

struct TableRow {
  std::string name;
  Limits limits;
  std::array<Tallies, kChanges.size()> results;
};

/// Prints its rows as they come.
class Table {
 public:
  /// Prints the heading with the first row. How far it is goes to standard error.
  void add(TableRow row);
  /// Prints beneath the rows why a rule has no figure somewhere, and why a known excess of ours is one.
  void print_notes() const;
  /// What passes its limit without being known, one line each.
  [[nodiscard]] std::vector<std::string> unexplained() const;

 private:
  std::vector<TableRow> rows_;
};

}  // namespace gate::bench
