#include "judge/derived.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "judge/comparison.h"
#include "judge/evidence.h"
#include "judge/formula_value.h"
#include "judge/releases.h"
#include "judge/words.h"
#include "stats/distributions.h"

namespace gate::judge {
namespace {

constexpr double kFewEvents = 5.0;

/// One metric of the formula.
struct PartOfFormula {
  const config::Metric* metric = nullptr;
  core::Measurement measurement;
  std::optional<stats::EstimatePair> estimates;
};

enum class Which { baseline, candidate };

const core::SideMeasurement& side_of(const core::Measurement& measurement, Which which) {
  return which == Which::baseline ? measurement.baseline : measurement.candidate;
}

std::optional<stats::EstimatePair> derived_estimates(const core::Measurement& measurement) {
  const auto estimate_of = [](const core::SideMeasurement& side) {
    return stats::Estimate{side.value.value_or(0.0), *side.doubt.standard_error, side.doubt.degrees, side.doubt.effective};
  };
  if (!measurement.baseline.doubt.standard_error || !measurement.candidate.doubt.standard_error) return std::nullopt;
  return stats::EstimatePair{estimate_of(measurement.baseline), estimate_of(measurement.candidate)};
}

std::vector<PartOfFormula> parts_of(const config::Gate& gate, const config::Metric& metric,
                                    const std::vector<core::Measurement>& measurements, core::Time now, Derived& known) {
  std::vector<PartOfFormula> parts;
  for (const std::string& id : metric.formula->formula.metrics) {
    PartOfFormula part;
    part.metric = gate.find_metric(id);
    const auto found =
        std::find_if(measurements.begin(), measurements.end(), [&](const core::Measurement& one) { return one.metric == id; });
    part.measurement = *found;
    const bool derived = part.metric->kind == config::Kind::derived;
    if (derived) part.measurement = derive(gate, *part.metric, *found, measurements, now, known);
    if (!part.measurement.error && !part.measurement.pending)
      part.estimates = derived ? derived_estimates(part.measurement) : estimates(*part.metric, part.measurement);
    parts.push_back(std::move(part));
  }
  return parts;
}

/// A part that could not be asked, or whose time has not come. True when there is one.
bool take_over_trouble(core::Measurement& out, const std::vector<PartOfFormula>& parts) {
  for (const PartOfFormula& part : parts) {
    if (!part.measurement.error) continue;
    out.error = part.measurement.error;
    out.through = part.measurement.through.empty() ? part.metric->id : part.measurement.through;
    return true;
  }
  for (const PartOfFormula& part : parts) {
    if (!part.measurement.pending) continue;
    const bool later = !out.due || (part.measurement.due && *part.measurement.due > *out.due);
    if (out.pending && !later) continue;
    out.pending = true;
    out.due = part.measurement.due;
    out.through = part.measurement.through.empty() ? part.metric->id : part.measurement.through;
  }
  return out.pending;
}

/// The window that all parts share; nothing when they differ.
std::optional<core::Window> shared_window(const std::vector<PartOfFormula>& parts, Which which) {
  const auto& first = side_of(parts.front().measurement, which).window;
  const bool shared = std::all_of(parts.begin(), parts.end(),
                                  [&](const PartOfFormula& part) { return side_of(part.measurement, which).window == first; });
  return shared ? first : std::nullopt;
}

void lack(core::Doubt& doubt, const PartOfFormula& part, const SideEvidence& evidence) {
  doubt.why_not = fmt::format("Made of {}: {}", part.metric->title, evidence.why);
  doubt.brief = fmt::format("{}: {}", part.metric->title, evidence.brief);
  doubt.next = evidence.next;
  doubt.too_little = evidence.evidence == core::Evidence::thin;
}

bool has_few_events(const PartOfFormula& part, const core::SideMeasurement& side) {
  const core::Counts& counts = side.counts;
  if (counts.events.empty()) return side.doubt.trouble == core::Doubt::Trouble::few_events;
  const double events = std::accumulate(counts.events.begin(), counts.events.end(), 0.0);
  const double total = std::accumulate(counts.totals.begin(), counts.totals.end(), 0.0);
  return events < kFewEvents || (part.metric->kind == config::Kind::ratio && total - events < kFewEvents);
}

/// What the formula works with: numbers in base units, and their errors where all parts have one.
struct Inputs {
  std::vector<double> values;
  std::vector<double> errors;
  std::vector<stats::Estimate> estimates;  ///< in base units, as many as errors
};

Inputs inputs_of(const std::vector<PartOfFormula>& parts, Which which) {
  Inputs out;
  const bool sure =
      std::all_of(parts.begin(), parts.end(), [](const PartOfFormula& part) { return part.estimates.has_value(); });
  for (const PartOfFormula& part : parts) {
    const double scale = part.metric->unit.scale;
    out.values.push_back(*estimate(*part.metric, side_of(part.measurement, which)) * scale);
    if (!sure) continue;
    stats::Estimate own = which == Which::baseline ? part.estimates->baseline : part.estimates->candidate;
    own.value *= scale;
    own.standard_error *= scale;
    out.errors.push_back(own.standard_error);
    out.estimates.push_back(own);
  }
  return out;
}

void fill_side(core::SideMeasurement& out, const config::Metric& metric, const std::vector<PartOfFormula>& parts, Which which,
               core::Time now) {
  const std::string_view name = which == Which::baseline ? "baseline" : "candidate";
  for (const PartOfFormula& part : parts) {
    const core::SideMeasurement& side = side_of(part.measurement, which);
    const SideEvidence evidence = evidence_of({*part.metric, part.measurement, side, name, now});
    if (evidence.evidence != core::Evidence::enough && (out.doubt.why_not.empty() || !estimate(*part.metric, side)))
      lack(out.doubt, part, evidence);
    if (!estimate(*part.metric, side)) return;
    out.dropped += side.dropped;
    if (which == Which::baseline) continue;
    const SideEvidence silence = silence_of({*part.metric, part.measurement, side, name, now});
    if (silence.evidence == core::Evidence::enough) continue;
    out.doubt.silence = fmt::format("Made of {}: {}", part.metric->title, silence.why);
    out.doubt.silence_brief = fmt::format("{}: {}", part.metric->title, silence.brief);
  }
  const Inputs inputs = inputs_of(parts, which);
  const FormulaValue found = evaluate(metric.formula->formula, inputs.values, inputs.errors);
  if (!found.value) {
    out.doubt.too_little = false;
    out.doubt.why_not =
        found.divisor.empty()
            ? fmt::format("{} cannot be computed for the {}: the numbers are too large or too small.", metric.title, name)
            : fmt::format("{} cannot be computed for the {}: {} is zero.", metric.title, name, found.divisor);
    out.doubt.brief = found.divisor.empty() ? "not computable" : found.divisor + " is zero";
    out.doubt.next = "look at the numbers, and at the formula";
    return;
  }
  out.value = *found.value / metric.unit.scale;
  if (inputs.estimates.empty()) return;
  const stats::Estimate result = stats::propagate(*found.value, found.gradient, inputs.estimates);
  out.doubt.standard_error = result.standard_error / metric.unit.scale;
  out.doubt.degrees = result.degrees;
  out.doubt.effective = result.effective;
  for (const PartOfFormula& part : parts) {
    if (has_few_events(part, side_of(part.measurement, which))) out.doubt.trouble = core::Doubt::Trouble::few_events;
  }
  if (found.least_divisor <= stats::normal_quantile(metric.rules.level()))
    out.doubt.trouble = core::Doubt::Trouble::divisor_near_zero;
}

/// "cost 12.3 → 14.1 EUR", for each part.
std::string made_of(const std::vector<PartOfFormula>& parts, bool has_baseline) {
  std::string out = "made of ";
  for (const PartOfFormula& part : parts) {
    const auto text = [&](const core::SideMeasurement& side) {
      const auto value = estimate(*part.metric, side);
      return value ? value_text(*value, *part.metric) : std::string("–");
    };
    if (&part != &parts.front()) out += ", ";
    out += part.metric->title + " ";
    if (has_baseline) out += text(part.measurement.baseline) + " → ";
    out += text(part.measurement.candidate);
  }
  return out;
}

std::string without_error(const std::vector<PartOfFormula>& parts) {
  std::string names;
  for (const PartOfFormula& part : parts) {
    if (!part.estimates) names += (names.empty() ? "" : ", ") + part.metric->title;
  }
  return names.empty() ? "" : fmt::format("no uncertainty available: none is known of {}", names);
}

/// The formula on each earlier day that all parts know; a note where some know none.
void fill_days(core::Measurement& out, const config::Metric& metric, const std::vector<PartOfFormula>& parts, core::Time now) {
  const auto knows = [&](const PartOfFormula& part) {
    return part.measurement.placebo &&
           (!parts.front().measurement.placebo ||
            part.measurement.placebo->days.size() == parts.front().measurement.placebo->days.size());
  };
  const bool all = std::all_of(parts.begin(), parts.end(), knows);
  if (!all && std::any_of(parts.begin(), parts.end(), [](const PartOfFormula& part) { return part.measurement.placebo; }))
    out.notes.emplace_back("earlier days are not taken into account: not every part of the formula has the same ones");
  if (!all || !metric.compare.placebo) return;
  out.placebo = parts.front().measurement.placebo;
  for (std::size_t i = 0; i < out.placebo->days.size(); ++i) {
    core::PlaceboDay& day = out.placebo->days[i];
    std::vector<PartOfFormula> then = parts;
    for (PartOfFormula& part : then) {
      const core::PlaceboDay& own = part.measurement.placebo->days[i];
      part.measurement.baseline = own.baseline;
      part.measurement.candidate = own.candidate;
      if (day.left_out.empty()) day.left_out = own.left_out;
    }
    day.baseline = {};
    day.candidate = {};
    if (!day.left_out.empty()) continue;
    fill_side(day.baseline, metric, then, Which::baseline, now);
    fill_side(day.candidate, metric, then, Which::candidate, now);
  }
}

core::Measurement evaluated(const config::Gate& gate, const config::Metric& metric, const core::Measurement& blank,
                            const std::vector<core::Measurement>& measurements, core::Time now, Derived& known) {
  core::Measurement out = blank;
  if (out.left_out) return out;
  const bool asked = config::asks_baseline(metric.compare.design);
  out.has_baseline = asked || has_releases(metric);
  out.queries.push_back({"formula", "candidate", metric.formula->formula.text});
  const std::vector<PartOfFormula> parts = parts_of(gate, metric, measurements, now, known);
  out.candidate.window = shared_window(parts, Which::candidate);
  if (asked) out.baseline.window = shared_window(parts, Which::baseline);
  if (take_over_trouble(out, parts)) return out;
  if (asked) fill_side(out.baseline, metric, parts, Which::baseline, now);
  fill_side(out.candidate, metric, parts, Which::candidate, now);
  out.notes.push_back(made_of(parts, asked));
  if (asked) fill_days(out, metric, parts, now);
  if (asked) {
    if (std::string note = without_error(parts); !note.empty() && !out.placebo) out.notes.push_back(std::move(note));
  }
  return out;
}

}  // namespace

const core::Measurement& derive(const config::Gate& gate, const config::Metric& metric, const core::Measurement& blank,
                                const std::vector<core::Measurement>& measurements, core::Time now, Derived& known) {
  const auto found = known.find(metric.id);
  if (found != known.end()) return found->second;
  return known.emplace(metric.id, evaluated(gate, metric, blank, measurements, now, known)).first->second;
}

}  // namespace gate::judge
