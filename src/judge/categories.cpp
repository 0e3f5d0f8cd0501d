#include "judge/categories.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gate::judge {
namespace {

using core::Verdict;

constexpr std::array<std::string_view, 10> kOfThePacks = {"adoption",    "performance", "scalability", "experience",
                                                          "reliability", "security",    "business",    "maintainability",
                                                          "delivery",    "support"};

std::vector<std::string> names_in(const std::vector<core::MetricReport>& metrics) {
  std::vector<std::string> names(kOfThePacks.begin(), kOfThePacks.end());
  bool nameless = false;
  for (const core::MetricReport& metric : metrics) {
    nameless = nameless || metric.category.empty();
    if (metric.category.empty() || std::find(names.begin(), names.end(), metric.category) != names.end()) continue;
    names.push_back(metric.category);
  }
  if (nameless) names.emplace_back();
  return names;
}

/// When the first of its criteria that wait is due; nothing when none waits.
std::optional<core::Time> first_due(const core::MetricReport& metric) {
  std::optional<core::Time> first;
  if (metric.left_out) return first;
  for (const core::CriterionReport& one : metric.criteria) {
    if (one.due && (!first || *one.due < *first)) first = one.due;
  }
  return first;
}

bool is_evaluated(const core::MetricReport& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(),
                     [](const core::CriterionReport& one) { return one.outcome != core::Outcome::not_evaluated; });
}

Verdict verdict_of(const std::vector<const core::MetricReport*>& metrics) {
  const Verdict worst = worst_of(metrics);
  if (worst != Verdict::skipped) return worst;
  Verdict found = Verdict::skipped;
  for (const core::MetricReport* metric : metrics) {
    if (metric->verdict != Verdict::skipped) found = std::max(found, std::min(metric->verdict, Verdict::warn));
  }
  return found;
}

/// The first required metric with the verdict of its category; for a warning of optional metrics the worst of these.
std::optional<std::size_t> deciding(const core::CategoryReport& category, const std::vector<core::MetricReport>& metrics) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const core::MetricReport& metric = metrics[i];
    if (metric.category != category.name || metric.verdict == Verdict::skipped) continue;
    if (metric.required && metric.verdict == category.verdict) return i;
    if (!metric.required && category.verdict <= Verdict::warn && (!best || metric.verdict > metrics[*best].verdict)) best = i;
  }
  return best;
}

}  // namespace

Verdict worst_of(const std::vector<const core::MetricReport*>& metrics) {
  Verdict worst = Verdict::skipped;
  bool optional_trouble = false;
  for (const core::MetricReport* metric : metrics) {
    if (metric->verdict == Verdict::skipped) continue;
    if (metric->required) {
      worst = std::max(worst, metric->verdict);
    } else {
      optional_trouble = optional_trouble || metric->verdict > Verdict::pass;
    }
  }
  return worst == Verdict::pass && optional_trouble ? Verdict::warn : worst;
}

std::vector<core::CategoryReport> categories_of(const std::vector<core::MetricReport>& metrics) {
  std::vector<core::CategoryReport> out;
  for (std::string& name : names_in(metrics)) {
    core::CategoryReport category;
    std::vector<const core::MetricReport*> members;
    for (const core::MetricReport& metric : metrics) {
      if (metric.category != name) continue;
      members.push_back(&metric);
      if (const auto due = first_due(metric)) {
        ++category.pending;
        category.due = std::min(category.due.value_or(*due), *due);
      }
      if (metric.verdict == Verdict::skipped) continue;
      ++category.metrics;
      category.evaluated += is_evaluated(metric) ? 1 : 0;
    }
    category.name = std::move(name);
    category.verdict = verdict_of(members);
    category.deciding = deciding(category, metrics);
    out.push_back(std::move(category));
  }
  return out;
}

}  // namespace gate::judge
