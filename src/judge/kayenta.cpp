#include "judge/kayenta.h"

#include <fmt/format.h>

#include "core/text.h"
#include "judge/change_report.h"
#include "judge/comparison.h"
#include "judge/criterion.h"
#include "judge/settle.h"
#include "judge/words.h"
#include "stats/kayenta.h"

namespace gate::judge {
namespace {

using Class = stats::KayentaResult::Class;
using Direction = config::Kayenta::Direction;

stats::KayentaRules rules_of(const config::Kayenta& rules) {
  stats::KayentaRules out;
  switch (rules.direction) {
    case Direction::increase:
      out.direction = stats::KayentaRules::Direction::increase;
      break;
    case Direction::decrease:
      out.direction = stats::KayentaRules::Direction::decrease;
      break;
    case Direction::either:
      out.direction = stats::KayentaRules::Direction::either;
      break;
  }
  out.tolerance_ratio = rules.tolerance_ratio;
  out.confidence = rules.confidence;
  out.effect_size = rules.cles ? stats::KayentaRules::EffectSize::cles : stats::KayentaRules::EffectSize::mean_ratio;
  out.allowed_increase = rules.allowed_increase;
  out.allowed_decrease = rules.allowed_decrease;
  out.critical = rules.critical;
  out.critical_increase = rules.critical_increase;
  out.critical_decrease = rules.critical_decrease;
  out.replace_nan = rules.replace_nan;
  out.must_have_data = rules.must_have_data;
  out.outlier_factor = rules.outlier_factor;
  return out;
}

core::ChangeReport report_of(const stats::KayentaResult& result, const core::MetricReport& out, const config::Metric& metric) {
  core::ChangeReport change;
  if (out.baseline && out.baseline->value && out.candidate && out.candidate->value)
    change = bare_change_report(*out.baseline->value, *out.candidate->value, metric);
  if (result.shift) change.absolute = *result.shift;
  if (result.interval) change.interval = core::Range{result.interval->lower, result.interval->upper};
  change.interval_level = metric.kayenta->confidence;
  change.method = "kayenta";
  change.classification = stats::name(result.classification);
  change.critical = result.critical;
  return change;
}

/// "mean 1.31 ×": the size of the effect.
std::string effect_text(double effect, const config::Kayenta& rules) {
  const std::string number = core::format_number(effect, 3);
  return rules.cles ? fmt::format("{} % of pairs are higher", core::format_number(effect * 100.0, 3))
                    : fmt::format("the mean is {} × the baseline's", number);
}

std::string sentence(const stats::KayentaResult& result, const config::Metric& metric) {
  const std::string said =
      fmt::format("Kayenta's rules: {}{}", stats::name(result.classification), result.critical ? ", critical" : "");
  switch (result.classification) {
    case Class::nodata:
    case Class::nodata_fail:
      return fmt::format("{}. A side has no data.", said);
    case Class::failed:
      return fmt::format("{}. All values are tied: no interval can be computed.", said);
    default:
      break;
  }
  if (!result.interval) {
    return fmt::format("{}. {}.", said,
                       metric.kayenta->replace_nan ? "The sides are alike, or one has no data" : "The sides are alike");
  }
  const core::Range range{result.interval->lower, result.interval->upper};
  std::string out = fmt::format("{}. Shift {} {}, bound ±{}", said, change_text(*result.shift, Scale::absolute, metric),
                                interval_text(range, Scale::absolute, metric), value_text(result.bound, metric));
  if (result.effect) out += "; " + effect_text(*result.effect, *metric.kayenta);
  return out + ".";
}

void note_outliers(core::MetricReport& out, const stats::KayentaResult& result) {
  if (result.dropped_baseline + result.dropped_candidate == 0) return;
  out.notes.push_back(fmt::format("outliers dropped: {} of the baseline, {} of the candidate", result.dropped_baseline,
                                  result.dropped_candidate));
}

}  // namespace

std::string kayenta_limit(const config::Kayenta& rules) {
  const double neutral = rules.cles ? 0.5 : 1.0;
  const auto side = [&](const char* word, double allowed) {
    if (allowed == neutral) return fmt::format("no {}", word);
    return rules.cles ? fmt::format("{} to {}", word, core::format_number(allowed, 3))
                      : fmt::format("{} to {} ×", word, core::format_number(allowed, 3));
  };
  if (rules.direction == Direction::increase) return side("rise", rules.allowed_increase);
  if (rules.direction == Direction::decrease) return side("fall", rules.allowed_decrease);
  return side("rise", rules.allowed_increase) + ", " + side("fall", rules.allowed_decrease);
}

void judge_kayenta(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement,
                   core::Time now) {
  const std::vector<double> baseline = ranked_values(measurement.baseline);
  const std::vector<double> candidate = ranked_values(measurement.candidate);
  const stats::KayentaResult result = stats::kayenta(baseline, candidate, rules_of(*metric.kayenta));
  core::CriterionReport criterion = unjudged(metric, metric.criteria.front());
  criterion.reason = sentence(result, metric);
  out.evidence = core::Evidence::enough;
  switch (result.classification) {
    case Class::pass:
      criterion.outcome = core::Outcome::holds;
      break;
    case Class::high:
    case Class::low:
    case Class::nodata_fail:
      criterion.outcome = core::Outcome::violated;
      criterion.next = "hold or roll back";
      break;
    case Class::nodata:
    case Class::failed:
      out.evidence = core::Evidence::none;
      out.brief = result.classification == Class::nodata ? "no data" : "not comparable";
      criterion.next = "look at the numbers, and at the query";
      break;
  }
  if (result.effect && !metric.kayenta->cles) criterion.observed = *result.effect;
  out.change = report_of(result, out, metric);
  note_outliers(out, result);
  out.notes.emplace_back("judged as Kayenta would: points taken as independent, nothing left unproven");
  out.criteria.push_back(std::move(criterion));
  settle(out, metric, now);
}

}  // namespace gate::judge
