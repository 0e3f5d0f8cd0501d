// CycloneDx: the vulnerabilities of a CycloneDX BOM, and what VEX says of them.
#pragma once

#include "sources/findings.h"

namespace gate::sources::cyclonedx {

/// Adds one finding for each component that a vulnerability affects. An analysis of not_affected, false_positive or resolved,
/// in the document or in those that the source's `vex` names, suppresses it. Throws core::SourceError: RG1401, RG1403, RG1501
/// to RG1504 (a BOM without vulnerabilities was not scanned). https://cyclonedx.org/docs/1.6/json/#vulnerabilities
void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& source, FindingsReport& report);

}  // namespace gate::sources::cyclonedx
