// CoverageReport: which lines and branches tests reached, from Cobertura XML and LCOV trace files, merged over all files.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sources/report_source.h"

namespace gate::sources::coverage {

struct Branches {
  std::uint64_t total = 0;
  std::uint64_t taken = 0;
};

/// One source file. A line is covered when any report says so.
struct SourceFile {
  std::map<std::uint64_t, bool> lines;
  std::map<std::uint64_t, Branches> branches;               ///< by line; of several reports, the one that took most
  std::map<std::string, bool, std::less<>> named_branches;  ///< LCOV: "line,block,branch"
};

struct CoverageReport final : Report {
  std::map<std::string, SourceFile> files;
};

/// Reads reports, told apart by their first character. Throws core::SourceError: RG1401, RG1502, RG1503, RG1504.
std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, std::uint64_t max_bytes);

/// Adds a Cobertura report: the lines of its classes, each once.
/// https://github.com/cobertura/web/blob/master/htdocs/xml/coverage-04.dtd
void read_cobertura(WorkspaceFile& file, std::uint64_t max_bytes, CoverageReport& report);

/// Adds an LCOV trace file. https://manpages.debian.org/bookworm/lcov/geninfo.1.en.html
void read_lcov(WorkspaceFile& file, std::uint64_t max_bytes, CoverageReport& report);

/// line_coverage, branch_coverage (%), lines, uncovered_lines (counts).
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

}  // namespace gate::sources::coverage
