#include "report/pending.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "report/layout.h"

namespace gate::report {

std::vector<Pending> pending_of(const core::Report& report) {
  std::vector<Pending> out;
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.left_out) continue;
    Pending first{&metric, nullptr};
    for (const core::CriterionReport& one : metric.criteria) {
      if (one.due && (first.criterion == nullptr || *one.due < *first.criterion->due)) first.criterion = &one;
    }
    if (first.criterion != nullptr) out.push_back(first);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Pending& a, const Pending& b) { return *a.criterion->due < *b.criterion->due; });
  return out;
}

std::string due_text(core::Time due, core::Time now) {
  return "due " + core::format_moment(std::chrono::ceil<std::chrono::minutes>(due), now);
}

std::string pending_text(const Pending& pending, core::Time now) {
  const std::string bound = bound_text(*pending.criterion);
  return fmt::format("{}{}{}, {}", core::printable(pending.metric->title), bound.empty() ? "" : ", ", bound,
                     due_text(*pending.criterion->due, now));
}

}  // namespace gate::report
