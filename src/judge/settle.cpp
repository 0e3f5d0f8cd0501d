#include "judge/settle.h"

#include <fmt/format.h>

#include "judge/criterion.h"
#include "judge/goals.h"

namespace gate::judge {
namespace {

/// What is left when nothing else decides: a criterion that waits, though the author skips what does.
void show_waiting(core::MetricReport& report, std::size_t index, core::Time now) {
  report.deciding = index;
  report.evidence = core::Evidence::pending;
  report.due = report.criteria[index].due;
  report.brief = due_text(*report.due, now);
}

}  // namespace

void settle(core::MetricReport& report, const config::Metric& metric, core::Time now) {
  report.verdict = core::Verdict::skipped;
  report.deciding.reset();
  std::optional<std::size_t> skipped;
  for (std::size_t i = 0; i < report.criteria.size(); ++i) {
    const auto& from = metric.criteria[i].from;
    if (from && now < *from) {
      report.criteria[i] = unjudged(metric, metric.criteria[i]);
      report.criteria[i].reason = fmt::format("Not judged before {}.", core::format_time(*from));
      report.criteria[i].due = *from;
      continue;
    }
    const bool ahead = is_ahead(report.criteria[i]);
    if (ahead) say_ahead(report.criteria[i], metric, now);
    if (ahead && metric.rules.on_pending == config::Fallback::skip) {
      if (!skipped) skipped = i;
      continue;
    }
    const core::Verdict verdict =
        verdict_of(report.criteria[i], metric.rules, ahead ? core::Evidence::pending : report.evidence);
    if (report.deciding && verdict <= report.verdict) continue;
    report.verdict = verdict;
    report.deciding = i;
  }
  if (!report.deciding && skipped) show_waiting(report, *skipped, now);
  if (!report.deciding) {
    if (metric.judged) report.notes.emplace_back("no bound applies: shown, not judged");
    return;
  }
  const core::CriterionReport& decisive = report.criteria[*report.deciding];
  if (is_ahead(decisive)) show_waiting(report, *report.deciding, now);
  report.headline = decisive.reason;
  report.next = decisive.next;
  if (decisive.outcome == core::Outcome::not_evaluated && report.brief.empty()) report.brief = "limit not evaluable";
}

}  // namespace gate::judge
