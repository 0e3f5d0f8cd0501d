// Codequality: what needs attention as GitLab's code quality report, which the merge request shows. A renderer.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// A JSON list with an entry for each criterion that does not hold; `fingerprint` is the same for every run over the same gate,
/// so that GitLab can tell new findings from old. Severity: critical for what fails, major for what could not be asked, minor
/// for what warns or blocks because it is open, info for the rest.
/// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
std::string to_codequality(const core::Report& report);

}  // namespace gate::report
