// One symbol and one word per verdict.
#include <algorithm>

#include "report/layout.h"

namespace gate::report {
namespace {

using core::Verdict;

bool is_pending(const core::MetricReport& metric) {
  return metric.evidence == core::Evidence::pending && metric.verdict == Verdict::inconclusive;
}

}  // namespace

bool is_waiting(const core::MetricReport& metric) {
  if (metric.left_out) return false;
  const bool due = std::any_of(metric.criteria.begin(), metric.criteria.end(),
                               [](const core::CriterionReport& one) { return one.due.has_value(); });
  return is_pending(metric) || (metric.verdict == Verdict::skipped && due);
}

std::string_view pending_symbol(Charset charset) {
  return charset == Charset::unicode ? "…" : ".";
}

std::string_view symbol(Verdict verdict, Charset charset) {
  const bool unicode = charset == Charset::unicode;
  switch (verdict) {
    case Verdict::fail:
      return unicode ? "✗" : "x";
    case Verdict::error:
      return "!";
    case Verdict::inconclusive:
      return "?";
    case Verdict::warn:
      return unicode ? "▲" : "^";
    case Verdict::pass:
      return unicode ? "✓" : "+";
    case Verdict::skipped:
      return "-";
  }
  return "?";
}

std::string_view symbol(const core::MetricReport& metric, Charset charset) {
  if (is_pending(metric)) return pending_symbol(charset);
  return symbol(metric.verdict, charset);
}

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "FAIL";
    case Verdict::error:
      return "ERROR";
    case Verdict::inconclusive:
      return "INCONCLUSIVE";
    case Verdict::warn:
      return "WARN";
    case Verdict::pass:
      return "PASS";
    case Verdict::skipped:
      return "SKIPPED";
  }
  return "INCONCLUSIVE";
}

std::string_view word(const core::MetricReport& metric) {
  return is_pending(metric) ? "PENDING" : word(metric.verdict);
}

bool only_pending(const core::Report& report) {
  if (report.verdict != Verdict::inconclusive) return false;
  bool any = false;
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == Verdict::inconclusive && !is_pending(metric)) return false;
    any = any || is_pending(metric);
  }
  return any;
}

std::string_view symbol(const core::Report& report, Charset charset) {
  return only_pending(report) ? pending_symbol(charset) : symbol(report.verdict, charset);
}

std::string_view word(const core::Report& report) {
  return only_pending(report) ? "PENDING" : word(report.verdict);
}

}  // namespace gate::report
