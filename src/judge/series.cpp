#include "judge/series.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/unit.h"
#include "judge/settle.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

/// Criterion `k` of all series, corrected.
void correct(const std::vector<core::MetricReport*>& series, std::size_t k, const config::Metric& metric) {
  std::vector<core::CriterionReport*> judged;
  std::vector<double> p_values;
  for (core::MetricReport* report : series) {
    if (!report->criteria[k].p_value) continue;
    judged.push_back(&report->criteria[k]);
    p_values.push_back(*report->criteria[k].p_value);
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    core::CriterionReport& criterion = *judged[i];
    criterion.p_value = adjusted[i];
    if (criterion.outcome != core::Outcome::violated || adjusted[i] < 1.0 - metric.rules.level()) continue;
    criterion.outcome = core::Outcome::unproven;
    criterion.within = false;
    if (!criterion.observed) continue;  // beyond the buckets there is no number to speak of
    const Scale scale = criterion.relative ? Scale::relative : Scale::absolute;
    criterion.reason = fmt::format(
        "Looks worse, not proven: {} is beyond {}, but of {} series one may by chance (Holm: p = {}).",
        change_text(*criterion.observed, scale, metric), criterion.limit, judged.size(), core::format_number(adjusted[i], 2));
    criterion.next = "wait for more data";
  }
}

}  // namespace

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size(), 1.0);
  double highest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    highest = std::max(highest, std::min(1.0, p_values[order[rank]] * static_cast<double>(order.size() - rank)));
    adjusted[order[rank]] = highest;
  }
  return adjusted;
}

void correct_for_series(std::vector<core::MetricReport>& metrics, const config::Metric& metric, core::Time now) {
  std::vector<core::MetricReport*> series;
  for (core::MetricReport& report : metrics) {
    if (report.parent == metric.id && report.evidence == core::Evidence::enough) series.push_back(&report);
  }
  if (series.size() < 2) return;
  for (std::size_t k = 0; k < metric.criteria.size(); ++k) correct(series, k, metric);
  for (core::MetricReport* report : series) {
    const bool skipped = report->verdict == core::Verdict::skipped;
    if (!skipped) settle(*report, metric, now);
    report->notes.push_back(fmt::format("p-values are corrected for {} series (Holm)", series.size()));
  }
}

}  // namespace gate::judge
