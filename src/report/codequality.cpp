#include "report/codequality.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "report/json_text.h"
#include "report/standing.h"

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

const char* severity_of(const core::MetricReport& metric, Standing standing) {
  if (standing == Standing::fails) return "critical";
  if (standing == Standing::errs) return "major";
  const bool blocks = metric.required && metric.verdict == core::Verdict::inconclusive;
  return standing == Standing::warns || blocks ? "minor" : "info";
}

/// GitLab wants a line: the first one where it is not in the gate file itself.
Json finding(const core::Report& report, const std::string& text, const std::string& rule, const std::string& print,
             const char* severity, std::uint32_t line) {
  Json out;
  out["description"] = text;
  out["check_name"] = rule;
  out["fingerprint"] = print;
  out["severity"] = severity;
  out["location"] = Json{{"path", core::printable(report.gate_file)}, {"lines", Json{{"begin", std::max(line, 1U)}}}};
  return out;
}

std::uint32_t line_in(const core::Report& report, const std::string& file, std::uint32_t line) {
  return file == report.gate_file ? line : 0;
}

}  // namespace

std::string to_codequality(const core::Report& report) {
  Json findings = Json::array();
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == core::Verdict::skipped) continue;
    for (const core::CriterionReport& one : metric.criteria) {
      const Standing standing = standing_of(metric, one);
      if (standing == Standing::holds) continue;
      findings.push_back(finding(report, criterion_name(metric, one) + ". " + criterion_sentence(metric, one), one.rule,
                                 fingerprint(metric, one), severity_of(metric, standing), line_in(report, one.file, one.line)));
    }
    const Standing standing = standing_of(metric);
    if (!metric.criteria.empty() || standing == Standing::holds) continue;
    findings.push_back(finding(report, core::printable(metric.title + ": " + metric.headline), "metric",
                               core::printable(metric.id), severity_of(metric, standing),
                               line_in(report, metric.file, metric.line)));
  }
  for (const core::Error& error : report.errors)
    findings.push_back(finding(report, core::printable(error.message), error.code, error.code, "major", 0));
  std::string out;
  append_json(out, findings, 0);
  return core::with_json_escapes(out + "\n");
}

}  // namespace gate::report
