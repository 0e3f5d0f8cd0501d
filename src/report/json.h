// Json: the report for machines; the contract of docs/verdict.md. A renderer: it computes nothing.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// The report as indented JSON with a newline at its end: keys in a fixed order, numbers finite or null, times RFC 3339 in UTC.
/// Text that is not UTF-8 is written with replacement characters. The same report gives the same bytes.
std::string to_json(const core::Report& report);

}  // namespace gate::report
