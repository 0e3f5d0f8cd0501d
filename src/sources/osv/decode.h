// Osv: the vulnerabilities of OSV-Scanner's JSON report, one a group of aliases.
#pragma once

#include "sources/findings.h"

namespace gate::sources::osv {

/// Adds the groups of every package. Severity by max_severity (a CVSS score), else by what the databases of its vulnerabilities
/// say. Throws core::SourceError: RG1401, RG1502, RG1503, RG1504. https://google.github.io/osv-scanner/output/#json
void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& source, FindingsReport& report);

}  // namespace gate::sources::osv
