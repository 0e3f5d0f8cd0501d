// Findings: what scanners found, compared by identity with the version before, less what is suppressed. Not for how a scanner
// writes it down: that is each format's.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sources/report_source.h"

namespace gate::sources {

/// From the worst on.
enum class FindingSeverity { critical, high, medium, low, none, unknown };

std::string_view name(FindingSeverity severity);
/// The qualitative rating of a CVSS score; unknown when it is outside of 0 to 10.
/// https://www.first.org/cvss/v3-1/specification-document#Qualitative-Severity-Rating-Scale
FindingSeverity severity_of_score(double score);
/// "CRITICAL", "high", "MODERATE", "info", …; unknown for what is none of them.
FindingSeverity severity_of_word(std::string_view word);

/// What a scanner itself says about a comparison (SARIF's baselineState).
enum class SinceBaseline { unsaid, is_new, is_known };

struct Finding {
  std::string id;        ///< "CVE-2021-44228", a rule's id
  std::string where;     ///< the package, the file
  std::string identity;  ///< the same in two versions when the finding is: no line numbers, no versions
  FindingSeverity severity = FindingSeverity::unknown;
  bool is_suppressed = false;  ///< by the scanner or in its report
  SinceBaseline since = SinceBaseline::unsaid;
  std::vector<std::string> aliases;          ///< other ids that a waiver may name
  std::optional<core::Time> waived_until{};  ///< by its own report: suppressed before, open from then on
};

/// One line of a waivers file: a finding that is accepted until a moment.
struct Waiver {
  std::string id;
  std::string where;  ///< a part of Finding::where; "" is everywhere
  std::optional<core::Time> until;
  std::string place;  ///< "waivers.csv:3"
};

struct FindingsReport : Report {
  std::vector<Finding> findings;
  std::vector<Waiver> waivers;
};

/// Reads one file of a format and adds its findings. Throws core::SourceError.
using ReadFindings = void (*)(WorkspaceFile& file, const Workspace& workspace, const core::Settings& source,
                              FindingsReport& report);

/// Reads `files` by `read_one`, and the source's `waivers`. Throws core::SourceError: RG1401, RG1403, RG1501 to RG1504.
std::unique_ptr<const Report> read_findings(std::vector<WorkspaceFile>& files, const Workspace& workspace,
                                            const core::Settings& source, ReadFindings read_one);

/// ReportType::read of a format whose files are read by `kReadOne`.
template <ReadFindings kReadOne>
std::unique_ptr<const Report> read_findings_as(std::vector<WorkspaceFile>& files, const Workspace& workspace,
                                               const core::Settings& source) {
  return read_findings(files, workspace, source, kReadOne);
}

/// total, new, fixed, persisting, suppressed: counts, of all severities or of those that `severity` names. Several of the same
/// identity are compared by their number.
Measured measure_findings(const ReportQuestion& question, const Report& report, const Report* before);

/// The end of a day ("2026-03-17", UTC), or a moment. Throws RG1504 about `key` at `place`.
core::Time end_of_day(std::string_view text, std::string_view key, const std::string& place);

/// What all formats share: measures, keys, `each`, the checks, the example of a metric. The format sets its names, the example
/// of a source and `read`.
ReportType findings_type();

}  // namespace gate::sources
