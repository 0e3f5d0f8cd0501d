#include "judge/words.h"

#include <fmt/format.h>

#include <cmath>

namespace gate::judge {
namespace {

core::Style style_of(const config::Metric& metric) {
  return metric.kind == config::Kind::ratio || metric.unit.is_percent() ? core::Style::proportion : core::Style::plain;
}

bool is_proportion(const config::Metric& metric) {
  return metric.kind == config::Kind::ratio || metric.unit.is_percent();
}

std::string both(const config::Metric& metric, const ChangeWords& words) {
  return fmt::format("{} → {}, {}", value_text(words.baseline, metric), value_text(words.candidate, metric),
                     change_text(words.change, words.scale, metric));
}

bool falls(const config::Criterion& criterion) {
  return criterion.rule == config::Rule::decrease_over;
}

/// The end of the interval that speaks for harm at least, and the one that speaks for harm at most.
double mild_end(const config::Criterion& criterion, const core::Range& range) {
  return falls(criterion) ? range.upper : range.lower;
}
double bad_end(const config::Criterion& criterion, const core::Range& range) {
  return falls(criterion) ? range.lower : range.upper;
}

std::string end_text(double end, core::Rounding rounding, const config::Metric& metric, const ChangeWords& words) {
  return change_text(end, words.scale, metric, rounding);
}

core::Rounding outward(const config::Criterion& criterion, bool mild) {
  return falls(criterion) == mild ? core::Rounding::up : core::Rounding::down;
}

}  // namespace

std::string percent_text(double share) {
  return core::format_number(share * 100.0) + " %";
}

std::string value_text(double value, const config::Metric& metric) {
  if (metric.unit.is_percent()) return core::format_number(value) + " %";
  return core::format_quantity(value, metric.unit, metric.kind == config::Kind::ratio ? style_of(metric) : core::Style::plain);
}

std::string change_text(double change, Scale scale, const config::Metric& metric, core::Rounding rounding) {
  if (!std::isfinite(change)) return change > 0 ? "+∞" : "−∞";
  const int digits = rounding == core::Rounding::nearest ? 3 : 2;
  if (scale == Scale::relative) return core::format_signed(change * 100.0, digits, rounding) + " %";
  if (is_proportion(metric)) return core::format_signed(change * metric.unit.scale * 100.0, digits, rounding) + " pp";
  const std::string text = core::format_quantity(change, metric.unit);
  return change > 0 ? "+" + text : text;
}

std::string limit_text(const config::Criterion& criterion) {
  const char* sign = criterion.rule == config::Rule::increase_over   ? "+"
                     : criterion.rule == config::Rule::decrease_over ? "−"
                     : criterion.rule == config::Rule::change_over   ? "±"
                                                                     : "";
  if (criterion.rule == config::Rule::improve_by) return fmt::format("at least {} better", criterion.text);
  return fmt::format("limit {}{}", sign, criterion.text);
}

std::string violated_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (criterion.rule == config::Rule::improve_by) {
    return fmt::format("{} did not improve as demanded: {} ({}).", metric.title, both(metric, words), limit_text(criterion));
  }
  if (!words.interval)
    return fmt::format("{} got worse since the release: {} ({}).", metric.title, both(metric, words), limit_text(criterion));
  const double end = mild_end(criterion, *words.interval);
  return fmt::format("{} got worse since the release: {} ({}). {} sure it is at least {}.", metric.title, both(metric, words),
                     limit_text(criterion), percent_text(words.confidence),
                     end_text(end, outward(criterion, true), metric, words));
}

std::string holds_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (criterion.rule == config::Rule::improve_by) {
    return fmt::format("{} improved as demanded: {} ({}).", metric.title, both(metric, words), limit_text(criterion));
  }
  if (!words.interval) return fmt::format("{}: {} ({}).", metric.title, both(metric, words), limit_text(criterion));
  const double end = bad_end(criterion, *words.interval);
  return fmt::format("{}: {}; {} sure it is no worse than {} ({}).", metric.title, both(metric, words),
                     percent_text(words.confidence), end_text(end, outward(criterion, false), metric, words),
                     limit_text(criterion));
}

std::string unproven_within(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (!words.interval)
    return fmt::format("{}: {}, inside the limit but not proven ({}).", metric.title, both(metric, words),
                       limit_text(criterion));
  return fmt::format("Probably fine, not proven: {} {} is inside the {}, but it could be {}.", metric.title,
                     change_text(words.change, words.scale, metric), limit_text(criterion),
                     end_text(bad_end(criterion, *words.interval), outward(criterion, false), metric, words));
}

std::string unproven_beyond(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words) {
  if (!words.interval)
    return fmt::format("{}: {}, beyond the limit but not proven ({}).", metric.title, both(metric, words),
                       limit_text(criterion));
  return fmt::format("Looks worse, not proven: {} {} is beyond the {}, but anything from {} to {} fits the data.", metric.title,
                     change_text(words.change, words.scale, metric), limit_text(criterion),
                     end_text(words.interval->lower, core::Rounding::down, metric, words),
                     end_text(words.interval->upper, core::Rounding::up, metric, words));
}

std::string bare_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words,
                        core::Outcome outcome) {
  return fmt::format("{} went {} ({}){} No uncertainty available: two bare numbers.", metric.title, both(metric, words),
                     limit_text(criterion), outcome == core::Outcome::violated ? ", beyond it." : ", inside it.");
}

std::string value_sentence(const config::Metric& metric, const config::Criterion& criterion, double value,
                           core::Outcome outcome) {
  const std::string is = value_text(value, metric);
  const std::string state = outcome == core::Outcome::violated ? "" : ", and that holds";
  switch (criterion.rule) {
    case config::Rule::above:
      return fmt::format("{} is {}; the limit is {}{}.", metric.title, is, criterion.text, state);
    case config::Rule::below:
      return fmt::format("{} is {}; at least {} is demanded{}.", metric.title, is, criterion.text, state);
    case config::Rule::equals:
      return fmt::format("{} is {}; it must not be {}{}.", metric.title, is, criterion.text, state);
    default:
      return fmt::format("{} is {}; the target is {}{}.", metric.title, is, criterion.text, state);
  }
}

}  // namespace gate::judge
