// What an audit comes to at a moment: a waiver whose day is over counts as a failure.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/text.h"
#include "sources/audit/decode.h"

namespace gate::sources::audit {
namespace {

constexpr std::array<std::string_view, 5> kAsFindings = {"total", "new", "persisting", "fixed", "suppressed"};

bool has_expired(const Control& control, core::Time as_of) {
  return control.result == Result::waived && as_of >= *control.waived_until;
}

bool fails(const Control& control, core::Time as_of) {
  return control.result == Result::failed || has_expired(control, as_of);
}

struct Counts {
  double passed = 0.0;
  double failed = 0.0;  ///< expired ones among them
  double waived = 0.0;
  double expired = 0.0;
  double past_due = 0.0;

  [[nodiscard]] double all() const { return passed + failed + waived; }
};

void count(Counts& counts, const Control& control, core::Time as_of) {
  if (control.result == Result::passed) counts.passed += 1.0;
  if (control.result == Result::waived && !has_expired(control, as_of)) counts.waived += 1.0;
  if (has_expired(control, as_of)) counts.expired += 1.0;
  if (!fails(control, as_of)) return;
  counts.failed += 1.0;
  if (control.due && as_of >= *control.due) counts.past_due += 1.0;
}

/// Nothing for a share of no controls.
std::optional<double> value_of(const std::string& measure, const Counts& counts) {
  if (measure == "passed") return counts.passed;
  if (measure == "waived") return counts.waived;
  if (measure == "expired") return counts.expired;
  if (measure == "past_due") return counts.past_due;
  if (measure == "controls") return counts.all();
  if (measure != "pass_rate") return counts.failed;
  if (counts.all() <= 0.0) return std::nullopt;
  return 100.0 * counts.passed / counts.all();
}

/// "AC-2 on db-1, AC-7 and 3 more": those of `report` that `is_meant`; "" when there are none.
template <typename Meant>
std::string named(const AuditReport& report, Meant is_meant) {
  constexpr std::size_t kMostNamed = 5;
  std::string out;
  std::size_t number = 0;
  for (const Control& one : report.controls) {
    if (!is_meant(one) || ++number > kMostNamed) continue;
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", core::shorten(core::printable(one.id), 80),
                       one.where.empty() ? "" : " on " + core::shorten(core::printable(one.where), 80));
  }
  if (number > kMostNamed) out += fmt::format(" and {} more", number - kMostNamed);
  return out;
}

using Severities = std::set<FindingSeverity>;

/// Every severity, when the question names none.
bool is_wanted(const Control& control, const Severities& severities) {
  return severities.empty() || severities.contains(control.severity);
}

void note_past_due(const AuditReport& report, const Severities& severities, core::Time as_of, Measured& out) {
  const std::string names = named(report, [&](const Control& one) {
    return is_wanted(one, severities) && fails(one, as_of) && one.due && as_of >= *one.due;
  });
  if (!names.empty()) out.notes.push_back("past due: " + names);
}

void note_expired(const AuditReport& report, const Severities& severities, core::Time as_of, Measured& out) {
  const std::string names =
      named(report, [&](const Control& one) { return is_wanted(one, severities) && has_expired(one, as_of); });
  if (!names.empty()) out.notes.push_back("the waiver has expired: " + names);
}

Severities wanted(const core::Settings& query) {
  Severities out;
  for (const std::string& word : query.text_list("severity")) out.insert(severity_of_word(word));
  return out;
}

}  // namespace

Measured measure(const ReportQuestion& question, const Report& report, const Report* before) {
  const auto& audit = static_cast<const AuditReport&>(report);
  if (audit.controls.empty()) return Measured::none("the audit has no control");
  const Severities severities = wanted(question.query);
  if (std::find(kAsFindings.begin(), kAsFindings.end(), question.measure) != kAsFindings.end()) {
    Measured out = measure_findings(question, report, before);
    note_expired(audit, severities, question.as_of, out);
    return out;
  }
  std::map<std::string, Counts> counts;
  if (question.each.empty()) counts[""] = {};
  for (const Control& one : audit.controls) {
    if (!is_wanted(one, severities)) continue;
    count(counts[question.each.empty() ? "" : std::string(name(one.severity))], one, question.as_of);
  }
  Measured out;
  for (const auto& [label, one] : counts) {
    if (const auto value = value_of(question.measure, one)) out.values[label] = *value;
  }
  if (out.values.empty()) out.absence = "the audit has no control that passed, failed or is waived";
  note_past_due(audit, severities, question.as_of, out);
  note_expired(audit, severities, question.as_of, out);
  return out;
}

}  // namespace gate::sources::audit
