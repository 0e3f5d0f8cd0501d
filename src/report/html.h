// Html: the report as one page to open or to keep as an artifact. Holds everything it shows: no request leaves it.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// A self-contained page: the verdict, the scorecard, a card for each metric that needs an eye, a row for each that holds, how
/// it was measured. Its Content-Security-Policy admits its own style and script by their SHA-256 and nothing else; all text
/// that came from outside is escaped, and only http and https are linked. The more metrics, the fewer points are drawn of each.
std::string to_html(const core::Report& report);

}  // namespace gate::report
