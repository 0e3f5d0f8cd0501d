#include "judge/headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/unit.h"
#include "judge/words.h"

namespace gate::judge {
namespace {

using core::Verdict;

struct Written {
  const config::Metric* metric = nullptr;
  const config::Criterion* criterion = nullptr;
};

/// The criterion of the gate file behind criterion `index` of a report: they stand in the same order.
Written written(const config::Gate& gate, const core::MetricReport& report, std::size_t index) {
  const config::Metric* metric = gate.find_metric(report.parent.empty() ? report.id : report.parent);
  if (metric == nullptr || index >= metric->criteria.size()) return {};
  return {metric, &metric->criteria[index]};
}

ChangeWords words_of(const core::MetricReport& report, const core::CriterionReport& criterion, const config::Metric& metric) {
  ChangeWords words;
  words.change = *criterion.observed;
  words.scale = criterion.relative ? Scale::relative : Scale::absolute;
  words.confidence = metric.rules.confidence;
  if (report.change) words.interval = criterion.relative ? report.change->relative_interval : report.change->interval;
  return words;
}

/// "p99 latency +31 % (limit +10 %)", "coverage 71.4 % (limit ≥ 80 %)"; the metric's own words where there are no numbers.
std::string short_reason(const config::Gate& gate, const core::MetricReport& report) {
  if (!report.deciding) return report.headline;
  if (report.status) {
    return fmt::format("{} is {}{}", report.title, *report.status, report.brief.empty() ? "" : ": " + report.brief);
  }
  const core::CriterionReport& criterion = report.criteria[*report.deciding];
  const Written from = written(gate, report, *report.deciding);
  if (from.metric == nullptr || !criterion.observed || criterion.outcome == core::Outcome::not_evaluated)
    return report.brief.empty() ? report.headline : fmt::format("{}: {}", report.title, report.brief);
  const std::string observed =
      config::is_change(from.criterion->rule)
          ? change_text(*criterion.observed, criterion.relative ? Scale::relative : Scale::absolute, *from.metric)
          : observed_text(*from.metric, *from.criterion, *criterion.observed);
  std::string out = fmt::format("{} {} ({} {})", report.title, observed, criterion.goal ? "goal" : "limit", criterion.limit);
  if (criterion.outcome != core::Outcome::unproven) return out;
  if (criterion.rule == "improve_by") return out + ": gain not proven";
  return out + (criterion.within ? " is probably fine, not proven" : " looks worse, not proven");
}

/// "at least +24 % at 95 %" for proven harm.
std::string certainty_of(const config::Gate& gate, const core::MetricReport& report) {
  if (!report.deciding) return "";
  const core::CriterionReport& criterion = report.criteria[*report.deciding];
  const Written from = written(gate, report, *report.deciding);
  const bool change = from.metric != nullptr && config::is_change(from.criterion->rule);
  const bool is_known = criterion.harm_interval && criterion.observed;
  if (!change || criterion.outcome != core::Outcome::violated || !is_known) return "";
  const std::string least = at_least(*from.metric, *from.criterion, words_of(report, criterion, *from.metric));
  return least.empty() ? "" : fmt::format("{} at {}", least, percent_text(from.metric->rules.confidence));
}

/// The metric that the headline speaks of: the first required one with the gate's verdict; for a warning any that is not well.
const core::MetricReport* deciding_metric(const core::Report& report) {
  const core::MetricReport* found = nullptr;
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.required && metric.verdict == report.verdict) return &metric;
    const bool optional_trouble = report.verdict == Verdict::warn && metric.verdict > Verdict::pass;
    if (optional_trouble && (found == nullptr || metric.verdict > found->verdict)) found = &metric;
  }
  return found;
}

std::size_t count_judged(const core::Report& report) {
  const auto skipped = std::count_if(report.metrics.begin(), report.metrics.end(),
                                     [](const core::MetricReport& metric) { return metric.verdict == Verdict::skipped; });
  return report.metrics.size() - static_cast<std::size_t>(skipped);
}

/// Two bare numbers are inside their limit; they show nothing beyond themselves.
bool is_bare_change(const config::Gate& gate, const core::MetricReport& metric, std::size_t index) {
  const Written from = written(gate, metric, index);
  return from.criterion != nullptr && config::is_change(from.criterion->rule) && !metric.criteria[index].harm_interval;
}

bool everything_is_shown(const config::Gate& gate, const core::Report& report) {
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == Verdict::skipped) continue;
    for (std::size_t i = 0; i < metric.criteria.size(); ++i) {
      if (metric.criteria[i].outcome != core::Outcome::holds || is_bare_change(gate, metric, i)) return false;
    }
  }
  return true;
}

std::string pass_headline(const config::Gate& gate, const core::Report& report) {
  const std::size_t judged = count_judged(report);
  const std::string who = judged == 1 ? "the one metric" : fmt::format("all {} metrics", judged);
  if (everything_is_shown(gate, report))
    return fmt::format("{} shown to be within {} limits", judged == 1 ? who + " is" : who, judged == 1 ? "its" : "their");
  return fmt::format("{} {}", who, judged == 1 ? "passes" : "pass");
}

/// How much of what its limit allows a criterion that holds may have used: 1 is at the limit. Nothing where that has no
/// meaning.
std::optional<double> share_used(const core::CriterionReport& criterion) {
  if (criterion.outcome != core::Outcome::holds || !criterion.observed || !criterion.margin || !(*criterion.margin > 0.0))
    return std::nullopt;
  if (criterion.harm_interval && criterion.rule != "improve_by")
    return 1.0 + criterion.harm_interval->upper / *criterion.margin;
  if (!criterion.observed || !(*criterion.observed > 0.0)) return std::nullopt;
  if (criterion.rule == "above" || criterion.rule == "worse_than" || criterion.rule == "burn_over")
    return *criterion.observed / *criterion.margin;
  if (criterion.goal && !criterion.goal->at_least) return *criterion.observed / *criterion.margin;
  if (criterion.rule == "below" || criterion.goal) return *criterion.margin / *criterion.observed;
  return std::nullopt;
}

std::string standing(const core::MetricReport& metric, const core::CriterionReport& criterion, const Written& from) {
  const ChangeWords words = words_of(metric, criterion, *from.metric);
  const bool change = config::is_change(from.criterion->rule);
  std::string out = fmt::format("{} {}", metric.title,
                                change ? change_text(words.change, words.scale, *from.metric)
                                       : observed_text(*from.metric, *from.criterion, words.change));
  if (change && words.interval) out += " " + interval_text(*words.interval, words.scale, *from.metric);
  return out + (criterion.goal ? ", goal " : ", limit ") + criterion.limit;
}

/// "p99 latency +3.1 % [+0.9, +5.4], limit +10 %". Changes come before values: a value of 1 of at least 0.95 is close and tells
/// nothing about the release.
std::string closest_of(const config::Gate& gate, const core::Report& report) {
  std::string out;
  std::pair<bool, double> most{false, -1.0};
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict != Verdict::pass) continue;
    for (std::size_t i = 0; i < metric.criteria.size(); ++i) {
      const auto used = share_used(metric.criteria[i]);
      const Written from = written(gate, metric, i);
      if (!used || from.metric == nullptr) continue;
      const std::pair<bool, double> rank{metric.criteria[i].harm_interval.has_value(), *used};
      if (rank <= most) continue;
      most = rank;
      out = standing(metric, metric.criteria[i], from);
    }
  }
  return out;
}

std::string error_advice(const core::Report& report) {
  std::size_t judged = 0;
  std::size_t total = 0;
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == Verdict::skipped) continue;
    ++total;
    judged += metric.verdict != Verdict::error ? 1 : 0;
  }
  return fmt::format("not a verdict on the release: {} of {} judged, none failed", judged, total);
}

bool any_violation(const core::Report& report) {
  for (const core::MetricReport& metric : report.metrics) {
    for (const core::CriterionReport& criterion : metric.criteria) {
      if (criterion.outcome == core::Outcome::violated) return true;
    }
  }
  return false;
}

std::string advice_of(const core::Report& report, const core::MetricReport* deciding) {
  switch (report.verdict) {
    case Verdict::fail:
      return "hold or roll back";
    case Verdict::error:
      return error_advice(report);
    case Verdict::inconclusive:
      break;
    default:
      return "";
  }
  if (deciding == nullptr) return R"(give a metric a `fail`, or mark one with required = true)";
  if (deciding->evidence == core::Evidence::pending) return deciding->next;
  return fmt::format(R"({}; {}, or accept with --override "reason")",
                     any_violation(report) ? "no failure is proven" : "nothing is proven wrong", deciding->next);
}

/// The others, when only time is missing.
std::string pending_headline(const core::Report& report, const core::MetricReport& metric) {
  const auto count = [&](Verdict verdict) {
    return std::count_if(report.metrics.begin(), report.metrics.end(),
                         [&](const core::MetricReport& one) { return one.verdict == verdict; });
  };
  std::string out = fmt::format("{} is {}", metric.title, metric.brief);
  const auto others = static_cast<std::ptrdiff_t>(count_judged(report)) - 1;
  const auto passed = count(Verdict::pass);
  if (others > 0 && passed == others)
    out += fmt::format("; the other {}", others == 1 ? "one passes" : fmt::format("{} pass", others));
  return out;
}

}  // namespace

void write_headline(const config::Gate& gate, core::Report& report) {
  report.certainty.clear();
  if (report.verdict == Verdict::pass) {
    report.headline = pass_headline(gate, report);
    report.closest = closest_of(gate, report);
    return;
  }
  const core::MetricReport* metric = deciding_metric(report);
  report.next = advice_of(report, metric);
  if (metric == nullptr) {
    report.headline = count_judged(report) == 0 ? "no metric was judged" : "no required metric was judged";
  } else if (metric->evidence == core::Evidence::error && metric->error) {
    const char* what = metric->error->code.starts_with("RG20") ? "judged" : "asked";
    report.headline = fmt::format("{} could not be {}: {}", metric->title, what, metric->error->message);
  } else if (metric->evidence == core::Evidence::pending && metric->verdict == Verdict::inconclusive) {
    report.headline = pending_headline(report, *metric);
  } else {
    report.headline = short_reason(gate, *metric);
    report.certainty = certainty_of(gate, *metric);
  }
}

}  // namespace gate::judge
