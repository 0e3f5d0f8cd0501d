#include "judge/placebo.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "judge/words.h"
#include "stats/placebo.h"

namespace gate::judge {
namespace {

bool counts(const core::PlaceboDayReport& day) {
  return day.left_out.empty();
}

std::size_t usable(const core::PlaceboReport& report) {
  return static_cast<std::size_t>(std::count_if(report.all.begin(), report.all.end(), counts));
}

std::string days_text(const config::Placebo& placebo) {
  if (placebo.days == config::Placebo::Days::weekdays) return "earlier weekdays";
  return placebo.every % 7 == 0 ? "earlier weeks" : "earlier days";
}

/// A bound that is a share makes days comparable by their ratio: shares of one day's level are shares of another's.
bool by_factor(const config::Metric& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(), [](const config::Criterion& criterion) {
    return config::is_change(criterion.rule) && std::any_of(criterion.bounds.begin(), criterion.bounds.end(),
                                                            [](const config::Bound& bound) { return bound.relative; });
  });
}

core::PlaceboDayReport day_report(const config::Metric& metric, const core::Measurement& measurement,
                                  const core::PlaceboDay& day, core::Time now) {
  core::PlaceboDayReport out{day.baseline_window, day.candidate_window, std::nullopt, std::nullopt, day.left_out};
  if (!out.left_out.empty()) return out;
  out.baseline = estimate(metric, day.baseline);
  out.candidate = estimate(metric, day.candidate);
  for (const core::SideMeasurement* side : {&day.baseline, &day.candidate}) {
    const core::Evidence worth = evidence_of({metric, measurement, *side, "earlier", now}).evidence;
    if (worth == core::Evidence::enough) continue;
    out.left_out = worth == core::Evidence::none ? "no data" : "too little data";
  }
  if (out.left_out.empty() && (!out.baseline || !out.candidate)) out.left_out = "no data";
  return out;
}

stats::Evaluated<stats::PlaceboComparison> prepare(const config::Metric& metric, const core::PlaceboReport& report,
                                                   double candidate) {
  std::vector<stats::DayPair> days;
  for (const core::PlaceboDayReport& day : report.all)
    if (counts(day)) days.push_back({*day.baseline, *day.candidate});
  return stats::PlaceboComparison::prepare(days, {*report.before, candidate},
                                           report.relative ? stats::Moves::by_factor : stats::Moves::by_amount,
                                           metric.rules.level());
}

/// Days as a comparison.
class OverDays final : public Comparison {
 public:
  explicit OverDays(stats::PlaceboComparison comparison) : comparison_(comparison) {}

  [[nodiscard]] stats::Evaluated<stats::Harm> harm(const stats::Contrast& contrast, double confidence) const override {
    return comparison_.harm(contrast, confidence);
  }
  [[nodiscard]] stats::Change change() const override { return comparison_.change(); }
  [[nodiscard]] std::optional<double> needs_factor(const stats::Contrast& contrast, double confidence) const override {
    return stats::PlaceboComparison::needs_factor(contrast, confidence);
  }

 private:
  stats::PlaceboComparison comparison_;
};

/// "2 earlier weeks left out: 3 Mar (a release), 10 Mar (no data)", at most four of them by name.
std::string left_out_text(const core::PlaceboReport& report, core::Time now) {
  constexpr std::size_t kNamed = 4;
  std::vector<std::string> named;
  for (const core::PlaceboDayReport& day : report.all) {
    if (!counts(day)) named.push_back(fmt::format("{} ({})", core::format_day(day.candidate_window.start, now), day.left_out));
  }
  if (named.empty()) return "";
  const std::size_t more = named.size() - std::min(named.size(), kNamed);
  std::string out = fmt::format("{} left out: {}", named.size(),
                                fmt::join(named.end() - static_cast<std::ptrdiff_t>(named.size() - more), named.end(), ", "));
  if (more > 0) out += fmt::format(" and {} before them", more);
  return out;
}

}  // namespace

core::PlaceboReport placebo_report(const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  const config::Placebo& placebo = *metric.compare.placebo;
  core::PlaceboReport out;
  out.days = days_text(placebo);
  out.zone = placebo.zone_name;
  out.relative = by_factor(metric);
  out.before = estimate(metric, measurement.baseline);
  for (const core::PlaceboDay& day : measurement.placebo->days) out.all.push_back(day_report(metric, measurement, day, now));
  return out;
}

SideEvidence placebo_evidence(const config::Metric& metric, const core::Measurement& measurement,
                              const core::PlaceboReport& report) {
  const std::size_t have = usable(report);
  if (have >= config::kLeastPlaceboDays) return {};
  SideEvidence out;
  out.evidence = have == 0 ? core::Evidence::none : core::Evidence::thin;
  const std::string& because = measurement.placebo->none_because;
  out.why = fmt::format("Too few {}: {} of at least {} can be used", report.days, have, config::kLeastPlaceboDays);
  if (!because.empty()) out.why += fmt::format("; {}", because);
  std::map<std::string, std::size_t> reasons;
  for (const core::PlaceboDayReport& day : report.all)
    if (!counts(day)) ++reasons[day.left_out];
  std::string left_out;
  for (const auto& [reason, times] : reasons)
    left_out += fmt::format("{}{} with {}", left_out.empty() ? "" : ", ", times, reason);
  out.why += left_out.empty() ? "." : fmt::format(" ({}).", left_out);
  out.brief = fmt::format("{} of {} {}", have, config::kLeastPlaceboDays, report.days);
  out.next = metric.compare.placebo->days == config::Placebo::Days::weekdays
                 ? "wait until there are more, or compare with the same day of earlier weeks"
                 : "wait until there are more, or take days that are nearer: every = \"1d\"";
  return out;
}

MadeComparison compare_placebo(const config::Metric& metric, const core::PlaceboReport& report, double candidate) {
  if (usable(report) < config::kLeastPlaceboDays || !report.before) return {nullptr, stats::Unusable::no_data};
  const auto prepared = prepare(metric, report, candidate);
  if (!prepared) return {nullptr, prepared.reason()};
  return {std::make_unique<OverDays>(*prepared), std::nullopt};
}

void fill_expected(core::PlaceboReport& report, const config::Metric& metric, double candidate) {
  if (usable(report) < config::kLeastPlaceboDays || !report.before) return;
  const auto comparison = prepare(metric, report, candidate);
  if (!comparison) return;
  const stats::Interval interval = comparison->expected_interval();
  report.expected = comparison->expected();
  report.expected_interval = core::Range{interval.lower, interval.upper};
}

std::string placebo_text(const core::PlaceboReport& report) {
  return fmt::format("what {} {} did at these hours", usable(report), report.days);
}

std::vector<std::string> placebo_notes(const config::Metric& metric, const core::Measurement& measurement,
                                       const core::PlaceboReport& report, core::Time now) {
  std::vector<std::string> out;
  if (report.expected && report.before) {
    out.push_back(fmt::format("it was {} before the release; as {} {} moved at these hours ({}), {} was to be expected",
                              value_text(*report.before, metric), usable(report), report.days, report.zone,
                              value_text(*report.expected, metric)));
  }
  if (std::string text = left_out_text(report, now); !text.empty()) out.push_back(report.days + ": " + text);
  if (!measurement.placebo->releases_known && metric.compare.placebo->releases.empty()) {
    out.emplace_back(
        "no earlier release is known, so that none of the days was left out for one: give --history, or releases of the "
        "placebo");
  }
  return out;
}

}  // namespace gate::judge
