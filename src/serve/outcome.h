// Outcome: what one run of `release-gate check` came to, told from its exit code and its JSON report. A run that cannot be
// believed in every respect is no verdict.
#pragma once

#include <string>
#include <vector>

namespace gate::serve {

enum class Verdict {
  pass,
  warn,
  fail,
  inconclusive,
  pending,     ///< inconclusive, and only because windows are not over
  error,       ///< a source could not be asked
  unusable,    ///< the gate file, or what the request set, is wrong
  unfinished,  ///< the run was ended, crashed, or said what cannot be
};

/// "pass", …: for logs and bodies.
std::string name(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::unfinished;
  std::string gate;                   ///< its name; "" when it could not be read
  std::string headline;               ///< one line, printable
  int exit_code = 5;                  ///< of the run; 5 when it was ended
  std::vector<std::string> blocking;  ///< ids of the required metrics whose verdict is the gate's
  std::string due;                    ///< of pending: the time (RFC 3339) when all is due
};

/// How a child process ended.
struct Finished {
  int exit_code = -1;  ///< -1 when a signal ended it
  bool timed_out = false;
  bool too_large = false;  ///< it wrote more than may be kept
  std::string out;
  std::string err;
};

/// Reads the report in `finished.out`. Verdict and exit code must agree as docs/verdict.md says; where they do not, or there is
/// no report, the outcome is unusable (exit code 2) or unfinished.
Outcome outcome_of(const Finished& finished);

}  // namespace gate::serve
