// Decode: the pages of a /metrics/query answer, put together. Knows no transport.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/samples.h"
#include "sources/dynatrace/query.h"
#include "sources/dynatrace_api.h"
#include "sources/json_at.h"

namespace gate::sources::dynatrace {

struct Decoded {
  /// By dimensions: the points at the ends of their slots, oldest first, each time once; null is NaN.
  std::map<core::Labels, std::map<core::Time, double>> series;
  std::string resolution;  ///< of the answer: "1m", "Inf"; "" when it is not said
  DynatraceWarnings warnings;
  std::string next_page;                  ///< "" when this was the last one
  std::optional<core::Time> answered_at;  ///< by the server's clock, the first page
};

/// Adds a page. A dimension without a value, which holds what a limit left over, is "(remainder)". Throws core::SourceError
/// RG1902: not of this form, a value that is no number, or a time that comes twice.
/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/get-data-points,
/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/metric-faq
void add_page(Decoded& decoded, const JsonAt& page);

/// Why the points of `decoded` are not those that `span` asked for; "" when they are. The server takes its own slots where it
/// has none of that length, and such that reach out of the window for one number: behind its end by their times, before its
/// start by how long data of that age is kept.
/// https://docs.dynatrace.com/docs/manage/data-privacy-and-security/data-privacy/data-retention-periods
std::string mismatch(const Decoded& decoded, const Span& span);

/// The series of `decoded` that have a number, without the points whose slots do not lie in `span` whole; how many those were
/// is added to `outside`.
std::vector<core::Series> series_of(const Decoded& decoded, const Span& span, std::size_t& outside);

}  // namespace gate::sources::dynatrace
