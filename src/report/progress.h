// Progress: one live line on a terminal while the sources are asked, a line each ten seconds in a log. Not part of any report.
#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>

namespace gate::report {

/// "asked 34/200 · 2.1 s · slowest: prom /api/v1/query_range".
std::string progress_text(std::size_t done, std::size_t total, std::chrono::milliseconds elapsed, const std::string& slowest);

class Progress {
 public:
  /// Nothing is ever written when not `enabled`. `out` must outlive this.
  Progress(std::ostream& out, bool is_terminal, bool enabled);
  /// Called as often as there is news; writes at once on a terminal (a line that is written over), else at most every ten
  /// seconds.
  void update(std::size_t done, std::size_t total, const std::string& slowest);
  /// Takes the live line away.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& out_;
  bool is_terminal_;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point last_ = started_;
};

}  // namespace gate::report
