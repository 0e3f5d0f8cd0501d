// The same release looked at thirty times: what rules claim that look each minute while the candidate's data grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gate::bench {

struct LookOptions {
  std::size_t runs = 5000;
  std::uint64_t seed = 1;
  std::string only;     ///< rows whose name holds this text
  std::string by_look;  ///< a CSV file for the false alarms after each look; "" for none
};

/// Prints the table and returns what passes its limit, one line each; neither when no row is asked for.
std::vector<std::string> print_looks(const LookOptions& options);

}  // namespace gate::bench
