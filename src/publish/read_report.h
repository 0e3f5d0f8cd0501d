// Read report: a JSON report back into the value it was written from, so that another program than the one that measured can
// publish it. The text may come from anybody (a fork's artifact): whatever is not of our schema is refused.
#pragma once

#include <cstddef>
#include <string>

#include "core/report.h"
#include "core/result.h"

namespace gate::publish {

/// A report of two hundred metrics with their points has about 4 MB.
inline constexpr std::size_t kMostReportBytes = std::size_t{64} << 20U;

/// The inverse of report::to_json(): writing the result again gives the same text. RG3005, with the place in the document, when
/// `text` is no JSON, of another schema, or holds a value of another form; words that renderers show as they are (kinds, types,
/// rules, versions) must be words.
core::Result<core::Report> read_report(const std::string& text);

}  // namespace gate::publish
