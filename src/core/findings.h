// Findings by identity: what scanners found, as it is compared between releases and kept in the history. No text of a finding
// is in it but its rule's or vulnerability's id, so that a secret that a scanner found stays where it was found.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/time.h"

namespace gate::core {

/// Findings of one identity.
struct KnownFinding {
  std::string fingerprint;  ///< SHA-256 of what makes it the same in two versions, its first 32 hexadecimal digits
  std::string id;           ///< "CVE-2021-44228", a rule's id; printable, at most 80 bytes
  std::size_t count = 1;
};

/// What one report has, in the order of the fingerprints.
struct FindingSet {
  std::vector<KnownFinding> open;
  std::vector<KnownFinding> suppressed;  ///< by the scanner, or waived
};

/// More identities than this of one metric are neither kept nor compared: 20,000 take about 1.5 MB of a history.
inline constexpr std::size_t kMostFindings = 20'000;

/// What was open at the release before.
struct PastFindings {
  std::string run;
  std::string version;  ///< "" when its gate was not told
  Time released_at{};
  std::vector<KnownFinding> open;
};

/// How the findings of a metric compare with those of the release before. The three counts add up to no sum: fixed ones are
/// gone.
struct FindingsChange {
  std::string run;
  std::string version;
  Time released_at{};
  std::size_t fresh = 0;
  std::size_t persisting = 0;
  std::size_t fixed = 0;
};

}  // namespace gate::core
