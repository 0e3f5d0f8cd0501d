// The same release looked at thirty times: what rules claim that look each minute while the candidate's data grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "table.h"

namespace gate::bench {

struct LookOptions {
  std::size_t runs = 5000;
  std::uint64_t seed = 1;
  std::string only;  ///< rows whose name holds this text
};

/// All rows that are asked for, at every true change.
class LookTrials {
 public:
  /// Runs them, and adds each to the table: claimed at any look is claimed.
  LookTrials(const LookOptions& options, Table& table);
  ~LookTrials();
  LookTrials(const LookTrials&) = delete;
  LookTrials& operator=(const LookTrials&) = delete;

  /// Prints what has no place in the table: other boundaries, and how soon a change is seen. Returns the rows that see too
  /// little, one line each; neither without rows.
  [[nodiscard]] std::vector<std::string> print() const;
  /// The false alarms after each look, as CSV.
  void write_by_look(const std::string& path) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace gate::bench
