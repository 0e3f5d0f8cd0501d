#include "sources/coverage/decode.h"

#include <cctype>

#include "sources/file/block_reader.h"

namespace gate::sources::coverage {
namespace {

bool is_xml(const WorkspaceFile& one) {
  file::BlockReader reader(one.path, nullptr);
  reader.more();
  std::string_view text = reader.rest();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '<';
}

struct Totals {
  double lines = 0.0;
  double covered = 0.0;
  double branches = 0.0;
  double taken = 0.0;
};

Totals totals_of(const CoverageReport& report) {
  Totals out;
  for (const auto& [name, one] : report.files) {
    out.lines += static_cast<double>(one.lines.size());
    for (const auto& [line, covered] : one.lines) out.covered += covered ? 1.0 : 0.0;
    for (const auto& [line, branches] : one.branches) {
      out.branches += static_cast<double>(branches.total);
      out.taken += static_cast<double>(branches.taken);
    }
    out.branches += static_cast<double>(one.named_branches.size());
    for (const auto& [branch, taken] : one.named_branches) out.taken += taken ? 1.0 : 0.0;
  }
  return out;
}

}  // namespace

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, std::uint64_t max_bytes) {
  auto report = std::make_unique<CoverageReport>();
  for (WorkspaceFile& one : files) {
    is_xml(one) ? read_cobertura(one, max_bytes, *report) : read_lcov(one, max_bytes, *report);
  }
  return report;
}

Measured measure(const ReportQuestion& question, const Report& report, const Report* /*before*/) {
  const Totals totals = totals_of(static_cast<const CoverageReport&>(report));
  if (question.measure == "branch_coverage") {
    if (totals.branches == 0.0) return Measured::none("the report knows no branches, which is not 0 %");
    return Measured::one(100.0 * totals.taken / totals.branches);
  }
  if (totals.lines == 0.0) return Measured::none("the report knows no lines to cover, which is not 0 %");
  if (question.measure == "line_coverage") return Measured::one(100.0 * totals.covered / totals.lines);
  if (question.measure == "uncovered_lines") return Measured::one(totals.lines - totals.covered);
  return Measured::one(totals.lines);
}

}  // namespace gate::sources::coverage
