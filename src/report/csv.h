// Csv: one row a criterion, for spreadsheets and databases. A renderer: it computes nothing.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// RFC 4180 with a header line and CRLF; a metric without criteria has one row. Numbers are in the metric's unit (`observed` of
/// a bound in per cent is a fraction), "" for what is not there. What a spreadsheet would take for a formula (=, +, -, @ at the
/// start of a text, or behind a semicolon, which ends a cell elsewhere) has an apostrophe before it:
/// https://owasp.org/www-community/attacks/CSV_Injection
std::string to_csv(const core::Report& report);

}  // namespace gate::report
