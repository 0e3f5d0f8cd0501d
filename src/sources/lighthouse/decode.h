// LighthouseReport: the runs of Lighthouse over pages, from its JSON reports or a manifest of Lighthouse CI.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sources/report_source.h"

namespace gate::sources::lighthouse {

/// What one audit says in numbers.
struct Audit {
  std::optional<double> number;   ///< numericValue
  std::string unit;               ///< numericUnit: "millisecond", "byte", "element", "unitless"; "" where it does not say
  std::optional<double> savings;  ///< overallSavingsBytes: what the page would not have to load, in bytes
};

/// One run over one page.
struct Run {
  std::string url;
  std::string form_factor;                            ///< "mobile", "desktop"
  std::string version;                                ///< of Lighthouse
  std::string trouble;                                ///< why the run has failed: "NO_FCP"; "" when it has not
  std::map<std::string, double, std::less<>> scores;  ///< of categories, 0 to 1; those without one are missing
  std::map<std::string, Audit, std::less<>> audits;   ///< those that did not fail
  std::optional<bool> is_representative;              ///< by the manifest of Lighthouse CI
};

struct LighthouseReport final : Report {
  std::vector<Run> runs;
};

/// Reads reports, and the reports that manifests name: where they say, else beside the manifest. Throws core::SourceError:
/// RG1401, RG1403, RG1501 to RG1504.
/// https://github.com/GoogleChrome/lighthouse/blob/main/docs/understanding-results.md,
/// https://github.com/GoogleChrome/lighthouse-ci/blob/main/docs/configuration.md#outputdir
std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, const Workspace& workspace);

/// The run whose first contentful paint and time to interactive are nearest to the medians of all, of several as near the one
/// that was interactive first (Lighthouse's median run); the one that a manifest names, when there is one. `runs` is not empty
/// and none has failed. Throws RG1504 when one has not both.
/// https://github.com/GoogleChrome/lighthouse/blob/main/core/lib/median-run.js
const Run& median_run(const std::vector<const Run*>& runs);

/// Scores of categories (0 to 100) and numbers of audits: the median over the runs of a page, or the median run's.
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

/// The audit behind a measure: "largest-contentful-paint" of "lcp"; "" for others.
std::string_view audit_of(std::string_view measure);

}  // namespace gate::sources::lighthouse
