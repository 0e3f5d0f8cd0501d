// Sarif: what needs attention as SARIF 2.1.0, so that code scanning shows it on the gate file's lines. A renderer: it computes
// nothing.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// One run with a rule for each kind of bound and a result for each criterion that does not hold: level error for what fails or
/// could not be asked, warning for what warns or blocks because it is open, note for the rest. Results of a pack point at the
/// gate file. No text holds a link or a placeholder. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
std::string to_sarif(const core::Report& report);

}  // namespace gate::report
