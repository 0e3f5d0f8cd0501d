#include "report/standing.h"

#include <algorithm>

#include "core/text.h"

namespace gate::report {

using core::Outcome;
using core::Verdict;

namespace {

bool has_proven_failure(const core::MetricReport& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(), [](const core::CriterionReport& one) {
    return one.outcome == Outcome::violated && one.level == core::Level::fail;
  });
}

std::string sentence(const std::string& reason, const std::string& next) {
  return core::printable(next.empty() ? reason : reason + " Next: " + next + ".");
}

std::string name_of(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  return core::printable(metric.title + ": " + (criterion.limit.empty() ? criterion.rule : "limit " + criterion.limit));
}

std::string fingerprint_of(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  return core::printable(metric.id + "/" + std::string(core::name(criterion.level)) + "/" + criterion.rule + "/" +
                         criterion.bound);
}

}  // namespace

Standing standing_of(const core::MetricReport& metric) {
  switch (metric.verdict) {
    case Verdict::fail:
      return Standing::fails;
    case Verdict::error:
      return Standing::errs;
    case Verdict::warn:
      return Standing::warns;
    case Verdict::pass:
      return Standing::holds;
    case Verdict::inconclusive:
    case Verdict::skipped:
      break;
  }
  return Standing::open;
}

Standing standing_of(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  if (metric.verdict == Verdict::skipped) return Standing::open;
  if (criterion.outcome == Outcome::violated) return criterion.level == core::Level::fail ? Standing::fails : Standing::warns;
  if (criterion.outcome == Outcome::holds) return Standing::holds;
  if (metric.verdict == Verdict::error) return Standing::errs;
  // on_no_data = "fail", on_unproven = "fail": the gate file says that what is open fails.
  const bool open_fails = metric.verdict == Verdict::fail && !has_proven_failure(metric);
  return open_fails && criterion.level == core::Level::fail ? Standing::fails : Standing::open;
}

std::string criterion_sentence(const core::MetricReport& metric, const core::CriterionReport& criterion) {
  if (criterion.reason.empty()) return sentence(metric.headline, metric.next);
  return sentence(criterion.reason, criterion.next);
}

std::vector<Finding> findings_of(const core::Report& report) {
  std::vector<Finding> out;
  const auto line_in_gate = [&](const std::string& file, std::uint32_t line) { return file == report.gate_file ? line : 0; };
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == Verdict::skipped) continue;
    const bool blocks = metric.required && metric.verdict == Verdict::inconclusive;
    for (const core::CriterionReport& one : metric.criteria) {
      const Standing standing = standing_of(metric, one);
      if (standing == Standing::holds) continue;
      out.push_back({one.rule, name_of(metric, one) + ". " + criterion_sentence(metric, one), fingerprint_of(metric, one),
                     standing, blocks && standing == Standing::open, line_in_gate(one.file, one.line)});
    }
    const Standing standing = standing_of(metric);
    if (!metric.criteria.empty() || standing == Standing::holds) continue;
    out.push_back({"metric", core::printable(metric.title + ": " + metric.headline), core::printable(metric.id), standing,
                   blocks, line_in_gate(metric.file, metric.line)});
  }
  for (const core::Error& error : report.errors)
    out.push_back({"gate", core::printable(error.message), error.code, Standing::errs, false, 0});
  return out;
}

}  // namespace gate::report
