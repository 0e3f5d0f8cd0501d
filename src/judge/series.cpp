#include "judge/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/unit.h"
#include "judge/settle.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

/// A question that was asked together with others.
struct Asked {
  core::CriterionReport* criterion = nullptr;
  const config::Metric* metric = nullptr;
};

std::string_view name_of(config::Correction correction) {
  return correction == config::Correction::benjamini_hochberg ? "Benjamini–Hochberg" : "Holm";
}

std::string_view word_of(config::Correction correction) {
  return correction == config::Correction::benjamini_hochberg ? "benjamini-hochberg" : "holm";
}

/// Corrects the p-values of what was asked together; `what` are "series" or "promises".
void correct(const std::vector<Asked>& asked, std::string_view what, config::Correction correction) {
  std::vector<double> p_values;
  p_values.reserve(asked.size());
  for (const Asked& one : asked) p_values.push_back(*one.criterion->p_value);
  const std::vector<double> adjusted =
      correction == config::Correction::benjamini_hochberg ? benjamini_hochberg(p_values) : holm(p_values);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    core::CriterionReport& criterion = *asked[i].criterion;
    const config::Metric& metric = *asked[i].metric;
    criterion.p_value = adjusted[i];
    criterion.p_correction = word_of(correction);
    criterion.p_together = asked.size();
    if (criterion.outcome != core::Outcome::violated || adjusted[i] < 1.0 - metric.rules.level()) continue;
    criterion.outcome = core::Outcome::unproven;
    criterion.within = false;
    if (!criterion.observed) continue;  // beyond the buckets there is no number to speak of
    const Scale scale = criterion.relative ? Scale::relative : Scale::absolute;
    criterion.reason = fmt::format("Looks worse, not proven: {} is beyond {}, but of {} {} one may by chance ({}: p = {}).",
                                   change_text(*criterion.observed, scale, metric), criterion.limit, asked.size(), what,
                                   name_of(correction), core::format_number(adjusted[i], 2));
    criterion.next = "wait for more data";
  }
}

std::vector<std::size_t> ascending(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  return order;
}

void settle_again(core::MetricReport& report, const config::Metric& metric, std::string note, core::Time now) {
  if (report.verdict != core::Verdict::skipped) settle(report, metric, now);
  report.notes.push_back(std::move(note));
}

}  // namespace

std::vector<double> holm(const std::vector<double>& p_values) {
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(p_values.size(), 1.0);
  double highest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    highest = std::max(highest, std::min(1.0, p_values[order[rank]] * static_cast<double>(order.size() - rank)));
    adjusted[order[rank]] = highest;
  }
  return adjusted;
}

std::vector<double> benjamini_hochberg(const std::vector<double>& p_values) {
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(p_values.size(), 1.0);
  double least = 1.0;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const double share = static_cast<double>(order.size()) / static_cast<double>(rank);
    least = std::min(least, p_values[order[rank - 1]] * share);
    adjusted[order[rank - 1]] = least;
  }
  return adjusted;
}

void correct_for_series(std::vector<core::MetricReport>& metrics, const config::Metric& metric, config::Correction family,
                        core::Time now) {
  const config::Correction correction = family == config::Correction::none ? config::Correction::holm : family;
  std::vector<core::MetricReport*> series;
  for (core::MetricReport& report : metrics) {
    if (report.parent == metric.id && report.evidence == core::Evidence::enough) series.push_back(&report);
  }
  if (series.size() < 2) return;
  for (std::size_t k = 0; k < metric.criteria.size(); ++k) {
    std::vector<Asked> asked;
    for (core::MetricReport* report : series)
      if (report->criteria[k].p_value) asked.push_back({&report->criteria[k], &metric});
    correct(asked, "series", correction);
  }
  for (core::MetricReport* report : series)
    settle_again(*report, metric, fmt::format("p-values are corrected for {} series ({})", series.size(), name_of(correction)),
                 now);
}

void correct_for_family(std::vector<core::MetricReport>& metrics, const config::Gate& gate, core::Time now) {
  std::vector<Asked> asked;
  std::vector<std::pair<core::MetricReport*, const config::Metric*>> members;
  for (core::MetricReport& report : metrics) {
    if (!report.required || report.evidence != core::Evidence::enough) continue;
    const config::Metric* metric = gate.find_metric(report.parent.empty() ? report.id : report.parent);
    if (metric->is_guest) continue;
    const std::size_t before = asked.size();
    for (core::CriterionReport& criterion : report.criteria)
      if (criterion.level == core::Level::fail && criterion.p_value) asked.push_back({&criterion, metric});
    if (asked.size() > before) members.emplace_back(&report, metric);
  }
  if (asked.size() < 2) return;
  correct(asked, "promises", gate.family);
  const std::string note = fmt::format("p-values are corrected for the {} promises of the required metrics ({})", asked.size(),
                                       name_of(gate.family));
  for (const auto& [report, metric] : members) settle_again(*report, *metric, note, now);
}

}  // namespace gate::judge
