// Csv: one row a criterion, for spreadsheets and databases. A renderer: it computes nothing.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// RFC 4180 with a header line and CRLF; a metric without criteria has one row. Numbers are in the metric's unit (`observed` of
/// a bound in per cent is a fraction), "" for what is not there. A text that a spreadsheet would take for a formula (=, +, -,
/// @, at its start) begins with an apostrophe: https://owasp.org/www-community/attacks/CSV_Injection
std::string to_csv(const core::Report& report);

}  // namespace gate::report
