#include "judge/slo_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "judge/words.h"

namespace gate::judge {
namespace {

using core::Outcome;

/// A digit more than other intervals: an end just beyond 14.4 must not read as 14.
constexpr core::Digits kDownwards{3, core::Rounding::down};
constexpr core::Digits kUpwards{3, core::Rounding::up};

std::string rounded_times(double burn, core::Digits digits) {
  return core::format_number(burn, digits) + " ×";
}

/// "18.2 × over 1 h and 22.1 × over 5 min".
std::string burns_text(const core::CriterionReport& criterion) {
  std::string out;
  for (std::size_t i = 0; i < criterion.windows.size(); ++i) {
    const core::BurnWindow& window = criterion.windows[i];
    if (i > 0) out += i + 1 == criterion.windows.size() ? " and " : ", ";
    out += fmt::format("{} over {}", window.burn ? times_text(*window.burn) : "nothing known",
                       core::describe_duration(window.length));
  }
  return out;
}

/// The window whose upper end is the lowest: the one that shows the bound to hold.
const core::BurnWindow& safest(const core::CriterionReport& criterion) {
  return *std::min_element(
      criterion.windows.begin(), criterion.windows.end(),
      [](const core::BurnWindow& a, const core::BurnWindow& b) { return a.interval->upper < b.interval->upper; });
}

std::string_view in_each(const core::CriterionReport& criterion) {
  return criterion.windows.size() > 1 ? " in each" : "";
}

std::string events_text(double count) {
  return core::format_quantity(std::round(count), core::Unit{});
}

}  // namespace

std::string times_text(double burn) {
  return rounded_times(burn, core::Digits{});
}

std::string burn_sentence(const config::Metric& metric, const core::CriterionReport& criterion) {
  const std::string limit = times_text(*criterion.margin);
  const std::string sure = percent_text(metric.rules.confidence);
  const std::string burning = fmt::format("burning {}", burns_text(criterion));
  if (!criterion.observed_interval) return fmt::format("{} is {} (limit {}).", metric.title, burning, limit);
  const core::Range& range = *criterion.observed_interval;
  switch (criterion.outcome) {
    case Outcome::violated:
      return fmt::format("{} is {} (limit {}). {} sure it is at least {}{}.", metric.title, burning, limit, sure,
                         rounded_times(range.lower, kDownwards), in_each(criterion));
    case Outcome::holds:
      return fmt::format("{} is {}; {} sure it is no more than {} over {} (limit {}).", metric.title, burning, sure,
                         rounded_times(range.upper, kUpwards), core::describe_duration(safest(criterion).length), limit);
    default:
      break;
  }
  if (criterion.within)
    return fmt::format("Probably fine, not proven: {} is {}, inside {}, but it could be {}.", metric.title, burning, limit,
                       rounded_times(range.upper, kUpwards));
  return fmt::format("Burns too fast, not proven: {} is {}, beyond {}, but {} fits the data, too.", metric.title, burning,
                     limit, rounded_times(range.lower, kDownwards));
}

std::string burn_advice(const core::CriterionReport& criterion) {
  switch (criterion.outcome) {
    case Outcome::violated:
      return criterion.level == core::Level::fail ? "hold or roll back" : "no reason to stop; look into it";
    case Outcome::unproven: {
      const std::string again = fmt::format("look again in {}", core::describe_duration(criterion.windows.back().length));
      return criterion.within ? "keep watching; " + again : again + ": too few requests to be sure";
    }
    default:
      return "";
  }
}

std::string budget_sentence(const config::Metric& metric, const core::CriterionReport& criterion) {
  const core::BurnWindow& period = criterion.windows.front();
  const double allowed = (1.0 - metric.slo->objective) * period.total;
  const std::string counts =
      fmt::format("{} of {} were bad, {} may be", events_text(period.events), events_text(period.total), events_text(allowed));
  if (*criterion.observed < 0.0) {
    return fmt::format("{} has overspent its error budget of {} by {} (limit {}): {}.", metric.title,
                       core::describe_duration(period.length), percent_text(-*criterion.observed), criterion.limit, counts);
  }
  return fmt::format("{} has {} of its error budget of {} left (limit {}): {}.", metric.title,
                     percent_text(*criterion.observed), core::describe_duration(period.length), percent_text(*criterion.margin),
                     counts);
}

}  // namespace gate::judge
