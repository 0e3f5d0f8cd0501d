#include "publish/github_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "publish/ask.h"
#include "publish/history.h"
#include "report/layout.h"
#include "report/markdown.h"
#include "report/standing.h"

namespace gate::publish {
namespace {

using core::Verdict;
using report::Standing;

constexpr std::size_t kMostAnnotationBytes = 4096;
constexpr std::size_t kMostTitleBytes = 200;

static_assert(report::kMostMarkdownCharacters < kMostCheckCharacters);

bool is_well(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::warn;
}

bool is_let_through(const core::Report& report) {
  return report.exit_code == 0 && !is_well(report.verdict);
}

/// Worst first, as they are to be read.
int rank(const report::Finding& finding) {
  switch (finding.standing) {
    case Standing::fails:
      return 4;
    case Standing::errs:
      return 3;
    case Standing::open:
      return finding.blocks ? 2 : 0;
    case Standing::warns:
      return 1;
    case Standing::holds:
      break;
  }
  return 0;
}

const char* level_of(const report::Finding& finding) {
  const int worth = rank(finding);
  if (worth >= 3) return "failure";
  return worth >= 1 ? "warning" : "notice";
}

Json annotation(const report::Finding& finding, const std::string& gate_path) {
  const std::uint32_t line = std::max<std::uint32_t>(finding.line, 1);
  const std::string title = finding.text.substr(0, finding.text.find(": "));
  Json out;
  out["path"] = gate_path;
  out["start_line"] = line;
  out["end_line"] = line;
  out["annotation_level"] = level_of(finding);
  out["title"] = core::shorten(title, kMostTitleBytes);
  out["message"] = core::shorten(finding.text, kMostAnnotationBytes);
  return out;
}

Json output_of(const core::Report& report, const std::string& summary) {
  Json out;
  out["title"] = core::shorten(status_description(report), kMostTitleBytes);
  out["summary"] = summary;
  return out;
}

}  // namespace

std::string check_name(const core::Report& report) {
  return core::shorten("release-gate: " + core::printable(report.gate_name), kMostTitleBytes);
}

std::string check_conclusion(const core::Report& report) {
  if (is_let_through(report)) return "neutral";
  if (is_well(report.verdict)) return "success";
  return report.verdict == Verdict::inconclusive ? "action_required" : "failure";
}

CheckPieces check_pieces(const core::Report& report, const std::string& gate_path, const std::string& sha,
                         const std::string& report_url) {
  std::vector<report::Finding> findings;
  if (!gate_path.empty()) findings = report::findings_of(report);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const report::Finding& a, const report::Finding& b) { return rank(a) > rank(b); });
  std::string summary = report::to_markdown(report);
  if (findings.size() > kMostAnnotationsOfAll) {
    summary += fmt::format("\n{} more findings have no annotation.\n", findings.size() - kMostAnnotationsOfAll);
    findings.resize(kMostAnnotationsOfAll);
  }
  std::vector<Json> outputs;
  for (std::size_t start = 0; start == 0 || start < findings.size(); start += kMostCheckAnnotations) {
    Json output = output_of(report, summary);
    output["annotations"] = Json::array();
    const std::size_t end = std::min(start + kMostCheckAnnotations, findings.size());
    for (std::size_t i = start; i < end; ++i) output["annotations"].push_back(annotation(findings[i], gate_path));
    outputs.push_back(std::move(output));
  }
  Json create;
  create["name"] = check_name(report);
  create["head_sha"] = sha;
  create["status"] = "completed";
  create["conclusion"] = check_conclusion(report);
  create["started_at"] = core::format_time(report.started_at);
  create["completed_at"] = core::format_time(report.finished_at);
  create["external_id"] = report_key(report);
  if (!report_url.empty()) create["details_url"] = report_url;
  create["output"] = outputs.front();
  CheckPieces pieces{body_text(create), {}};
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    Json update;
    update["output"] = outputs[i];
    pieces.updates.push_back(body_text(update));
  }
  return pieces;
}

std::string status_description(const core::Report& report) {
  std::string out = fmt::format("{}: {}", report::word(report), report::full_headline(report));
  if (is_let_through(report)) out = fmt::format("{} let through: {}", report::word(report), report::full_headline(report));
  return out;
}

std::string status_body(const core::Report& report, const std::string& report_url) {
  Json out;
  out["state"] = "failure";
  if (is_well(report.verdict) || is_let_through(report)) out["state"] = "success";
  if (report.verdict == Verdict::error && !is_let_through(report)) out["state"] = "error";
  out["context"] = check_name(report);
  out["description"] = core::shorten(status_description(report), kMostStatusDescription - 3);
  if (!report_url.empty()) out["target_url"] = report_url;
  return body_text(out);
}

}  // namespace gate::publish
