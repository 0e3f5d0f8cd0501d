// Sarif: the results of static analysers and other scanners in SARIF 2.1.0.
#pragma once

#include "sources/findings.h"

namespace gate::sources::sarif {

/// Adds the results of all runs: kind "fail", not absent. Severity by the rule's security-severity, else by level (error is
/// high, warning medium, note low). Throws core::SourceError: RG1401, RG1502, RG1503, RG1504 (a run without results, or that
/// did not succeed). https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& source, FindingsReport& report);

}  // namespace gate::sources::sarif
