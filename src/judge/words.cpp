#include "judge/words.h"

#include <fmt/format.h>

#include <cmath>

#include "judge/goals.h"
#include "judge/kayenta.h"

namespace gate::judge {
namespace {

using config::Rule;

bool is_proportion(const config::Metric& metric) {
  return metric.kind == config::Kind::ratio || metric.unit.is_percent();
}

/// "800ms" is read better as "800 ms"; a bare number is in the metric's unit.
std::string quantity_text(const std::string& written, const config::Metric& metric, std::string_view sign) {
  const auto quantity = core::parse_quantity(written);
  if (!quantity) return std::string(sign) + written;
  const std::string& unit = quantity->bare ? metric.unit.symbol : quantity->unit.symbol;
  const std::string digits = fmt::format("{}", std::abs(quantity->value));
  std::string number = std::string(quantity->value < 0.0 ? "−" : sign) + digits;
  if (unit == "1" || metric.unit.is_rating()) return number;
  return number + (unit.starts_with('/') ? "" : " ") + unit;
}

/// The bounds of a list, each with `sign`.
std::string bounds_text(const config::Metric& metric, const config::Criterion& criterion, std::string_view sign) {
  std::string out;
  for (const config::Bound& bound : criterion.bounds)
    out += (out.empty() ? "" : " and ") + quantity_text(bound.text, metric, sign);
  return out;
}

std::string target_text(const config::Metric& metric, const config::Criterion& criterion) {
  static constexpr std::string_view kJoiner = " ± ";
  std::string out = bounds_text(metric, criterion, "");
  const std::size_t at = criterion.text.find(kJoiner);
  if (at != std::string::npos)
    out += std::string(kJoiner) + quantity_text(criterion.text.substr(at + kJoiner.size()), metric, "");
  return out;
}

bool gains_by_rising(const config::Metric& metric) {
  return metric.better == config::Better::higher;
}

std::string both(const config::Metric& metric, const ChangeWords& words) {
  return fmt::format("{} → {}, {}", value_text(words.baseline, metric), value_text(words.candidate, metric),
                     change_text(words.change, words.scale, metric));
}

/// True when harm lies below: the ends of the interval change their meaning.
bool harms_by_falling(const config::Criterion& criterion, const ChangeWords& words) {
  return criterion.rule == Rule::decrease_over || (criterion.rule == Rule::change_over && words.change < 0.0);
}

std::string lower_end(const config::Metric& metric, const ChangeWords& words) {
  return change_text(words.interval->lower, words.scale, metric, kDown);
}

std::string upper_end(const config::Metric& metric, const ChangeWords& words) {
  return change_text(words.interval->upper, words.scale, metric, kUp);
}

/// The end of the interval that speaks for the least harm, and the one that speaks for the most.
std::string mild_end(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  return harms_by_falling(criterion, words) ? upper_end(metric, words) : lower_end(metric, words);
}
std::string bad_end(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  const bool two_sided = criterion.rule == Rule::change_over;
  const bool falls = two_sided ? -words.interval->lower > words.interval->upper : harms_by_falling(criterion, words);
  return falls ? lower_end(metric, words) : upper_end(metric, words);
}

std::string best_gain(const config::Metric& metric, const ChangeWords& words) {
  return gains_by_rising(metric) ? upper_end(metric, words) : lower_end(metric, words);
}
std::string least_gain(const config::Metric& metric, const ChangeWords& words) {
  return gains_by_rising(metric) ? lower_end(metric, words) : upper_end(metric, words);
}

/// What the design allows to be said: before and after is not because of. A change_over has no worse side.
std::string got_worse(const config::Metric& metric, const config::Criterion& criterion, const std::string& against) {
  const bool changed = criterion.rule == Rule::change_over;
  if (!against.empty()) return fmt::format("{} {}", changed ? "differs from" : "is worse than", against);
  switch (metric.compare.design) {
    case config::Design::side_by_side:
      return changed ? "differs in the new version" : "is worse in the new version";
    case config::Design::snapshot:
      return changed ? "differs from the baseline" : "is worse than the baseline";
    default:
      return changed ? "changed since the release" : "got worse since the release";
  }
}

std::string unproven_gain(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  const std::string what = fmt::format("Gain not proven: {}, demanded is {}", change_text(words.change, words.scale, metric),
                                       limit_text(metric, criterion));
  if (!words.interval) return what + ".";
  return fmt::format("{}; anything from {} to {} fits the data.", what, lower_end(metric, words), upper_end(metric, words));
}

}  // namespace

std::string_view plain_limit(std::string_view limit) {
  static constexpr std::string_view kAtMost = "≤ ";
  return limit.starts_with(kAtMost) ? limit.substr(kAtMost.size()) : limit;
}

std::string percent_text(double share) {
  return core::format_number(share * 100.0) + " %";
}

std::string value_text(double value, const config::Metric& metric) {
  if (metric.unit.is_percent()) return core::format_number(value) + " %";
  const core::Style style = metric.kind == config::Kind::ratio ? core::Style::proportion : core::Style::plain;
  return core::format_quantity(value, metric.unit, style);
}

std::string limit_of_zero_text(double limit, const config::Metric& metric) {
  if (metric.unit.is_percent()) return core::format_number(limit, kUp) + " %";
  const core::Style style = metric.kind == config::Kind::ratio ? core::Style::proportion : core::Style::plain;
  return core::format_quantity(limit, metric.unit, style, kUp);
}

std::string interval_text(const core::Range& range, Scale scale, const config::Metric& metric) {
  const auto end = [&](double value, core::Digits digits) {
    std::string text = change_text(value, scale, metric, digits);
    for (const std::string_view unit : {" %", " pp"}) {
      if (text.ends_with(unit)) text.resize(text.size() - unit.size());
    }
    return text;
  };
  return fmt::format("[{}, {}]", end(range.lower, kDown), end(range.upper, kUp));
}

std::string change_text(double change, Scale scale, const config::Metric& metric, core::Digits digits) {
  if (!std::isfinite(change)) return change > 0 ? "+∞" : "−∞";
  if (scale == Scale::relative) return core::format_signed(change * 100.0, digits) + " %";
  if (is_proportion(metric)) return core::format_signed(change * metric.unit.scale * 100.0, digits) + " pp";
  return core::format_signed_quantity(change, metric.unit, digits);
}

std::string observed_text(const config::Metric& metric, const config::Criterion& criterion, double observed) {
  if (criterion.rule == Rule::budget_left_below) return percent_text(observed) + " of its budget left";
  return value_text(observed, metric);
}

std::string limit_text(const config::Metric& metric, const config::Criterion& criterion) {
  switch (criterion.rule) {
    case Rule::above:
      return "≤ " + bounds_text(metric, criterion, "");
    case Rule::below:
      return "≥ " + bounds_text(metric, criterion, "");
    case Rule::equals:
      return "≠ " + bounds_text(metric, criterion, "");
    case Rule::target:
      return target_text(metric, criterion);
    case Rule::worse_than:
      return criterion.text + " or better";
    case Rule::goals:
      return goal_text(metric, criterion);
    case Rule::status:
      return "";
    case Rule::kayenta:
      return kayenta_limit(*metric.kayenta);
    case Rule::increase_over:
      return bounds_text(metric, criterion, "+");
    case Rule::decrease_over:
      return bounds_text(metric, criterion, "−");
    case Rule::change_over:
      return bounds_text(metric, criterion, "±");
    case Rule::improve_by:
      return gains_by_rising(metric) ? "≥ " + bounds_text(metric, criterion, "+") : "≤ " + bounds_text(metric, criterion, "−");
    case Rule::burn_over:
      return "≤ " + bounds_text(metric, criterion, "");
    case Rule::budget_left_below:
      return fmt::format("≥ {} left", percent_text(criterion.bounds.front().value));
  }
  return criterion.text;
}

std::string at_least(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (!words.interval) return "";
  if (criterion.rule == Rule::improve_by) return "at best " + best_gain(metric, words);
  return "at least " + mild_end(metric, criterion, words);
}

std::string violated_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  const std::string limit = limit_text(metric, criterion);
  const bool gain = criterion.rule == Rule::improve_by;
  const std::string verb = gain ? "did not improve as demanded" : got_worse(metric, criterion, words.against);
  std::string out = fmt::format("{} {}: {} (limit {}).", metric.title, verb, both(metric, words), limit);
  if (words.interval)
    out += fmt::format(" {} sure it is {}.", percent_text(words.confidence), at_least(metric, criterion, words));
  return out;
}

std::string holds_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  const std::string limit = limit_text(metric, criterion);
  if (!words.interval) return fmt::format("{}: {} (limit {}).", metric.title, both(metric, words), limit);
  const std::string end = criterion.rule == Rule::improve_by ? "at least " + least_gain(metric, words)
                                                             : "no worse than " + bad_end(metric, criterion, words);
  return fmt::format("{}: {}; {} sure it is {} (limit {}).", metric.title, both(metric, words), percent_text(words.confidence),
                     end, limit);
}

std::string unproven_within(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (criterion.rule == Rule::improve_by) return unproven_gain(metric, criterion, words);
  const std::string what = fmt::format("Probably fine, not proven: {} is inside {}",
                                       change_text(words.change, words.scale, metric), limit_text(metric, criterion));
  if (!words.interval) return what + ", but the data cannot rule out more.";
  const std::string end = criterion.rule == Rule::improve_by ? least_gain(metric, words) : bad_end(metric, criterion, words);
  return fmt::format("{}, but it could be {}.", what, end);
}

std::string unproven_beyond(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (criterion.rule == Rule::improve_by) return unproven_gain(metric, criterion, words);
  const std::string what = fmt::format("Looks worse, not proven: {} is beyond {}",
                                       change_text(words.change, words.scale, metric), limit_text(metric, criterion));
  if (!words.interval) return what + ", but the data cannot rule out less.";
  return fmt::format("{}, but anything from {} to {} fits the data.", what, lower_end(metric, words), upper_end(metric, words));
}

std::string bare_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  return fmt::format("{} went {} (limit {}). No uncertainty available: two bare numbers.", metric.title, both(metric, words),
                     limit_text(metric, criterion));
}

std::string value_sentence(const config::Metric& metric, const config::Criterion& criterion, double value,
                           core::Outcome outcome) {
  const std::string is = value_text(value, metric);
  const std::string limit = limit_text(metric, criterion);
  const bool violated = outcome == core::Outcome::violated;
  switch (criterion.rule) {
    case Rule::goals:
      return fmt::format("{} is {}; the goal {} {}.", metric.title, is, limit, violated ? "is missed" : "is reached");
    case Rule::equals:
      return fmt::format("{} is {}; the limit is {}.", metric.title, is, limit);
    case Rule::target:
      return fmt::format("{} is {}{}; the target is {}.", metric.title, is, violated ? ", off target" : "", limit);
    default:
      return fmt::format("{} is {}; the limit is {}.", metric.title, is, plain_limit(limit));
  }
}

}  // namespace gate::judge
