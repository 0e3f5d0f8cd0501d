// Trivy: vulnerabilities, misconfigurations, secrets and licences of Trivy's JSON report.
#pragma once

#include "sources/findings.h"

namespace gate::sources::trivy {

/// Adds what a report of schema version 2 found; what Trivy itself left out by VEX or an ignore file is suppressed. Throws
/// core::SourceError: RG1401, RG1502, RG1503, RG1504. https://trivy.dev/latest/docs/configuration/reporting/#json
void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& source, FindingsReport& report);

}  // namespace gate::sources::trivy
