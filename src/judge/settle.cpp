#include "judge/settle.h"

#include <fmt/format.h>

#include "judge/criterion.h"

namespace gate::judge {
void settle(core::MetricReport& report, const config::Metric& metric, core::Time now) {
  report.verdict = core::Verdict::skipped;
  report.deciding.reset();
  for (std::size_t i = 0; i < report.criteria.size(); ++i) {
    const auto& from = metric.criteria[i].from;
    if (from && now < *from) {
      report.criteria[i] = unjudged(metric, metric.criteria[i]);
      report.criteria[i].reason = fmt::format("Not judged before {}.", core::format_time(*from));
      continue;
    }
    const core::Verdict verdict = verdict_of(report.criteria[i], metric.rules, report.evidence);
    if (report.deciding && verdict <= report.verdict) continue;
    report.verdict = verdict;
    report.deciding = i;
  }
  if (!report.deciding) {
    if (metric.judged) report.notes.emplace_back("no bound applies: shown, not judged");
    return;
  }
  const core::CriterionReport& decisive = report.criteria[*report.deciding];
  report.headline = decisive.reason;
  report.next = decisive.next;
  if (decisive.outcome == core::Outcome::not_evaluated && report.brief.empty()) report.brief = "limit not evaluable";
}

}  // namespace gate::judge
