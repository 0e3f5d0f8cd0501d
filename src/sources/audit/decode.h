// Results of audits: controls that passed, failed or are waived for a time, from a CSV or JSON file whose form is documented in
// docs/sources/audit.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sources/findings.h"

namespace gate::sources::audit {

enum class Result { passed, failed, waived, not_applicable };

/// One control, on one system where `where` says so.
struct Control {
  std::string id;
  std::string where;
  Result result = Result::failed;
  FindingSeverity severity = FindingSeverity::unknown;
  std::optional<core::Time> waived_until;  ///< of a waived one, which fails from then on
  std::optional<core::Time> due;           ///< when one that fails must be mended
};

/// Its findings are the controls that fail or are waived: what is open at a moment follows from their waivers.
struct AuditReport final : FindingsReport {
  std::vector<Control> controls;
};

/// Reads all files. Throws core::SourceError: RG1401, RG1503 (no CSV with the columns id and result, no JSON), RG1504 (a
/// control without an id, twice, with another result than the four, a waiver without an end, an end that is no day).
std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, const Workspace& workspace, const core::Settings& source);

/// failed, passed, waived, expired, past_due, controls, pass_rate; and total, new, persisting, fixed and suppressed as of any
/// findings. No control is no data.
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

}  // namespace gate::sources::audit
