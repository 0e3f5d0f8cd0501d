#include "plan/facts.h"

#include <algorithm>

#include "plan/exposure.h"

namespace gate::plan {

const core::SourceTypeSpec& spec_of(const config::Part& part, const config::Gate& gate, const Options& options) {
  return *options.spec(gate.find_source(part.source)->type);
}

bool has_spread(const config::Metric& metric, std::string_view name, const config::Gate& gate, const Options& options) {
  return is_spread(metric, name, [&](const config::Part& part) {
    const core::SourceTypeSpec& spec = spec_of(part, gate, options);
    return spec.facts != nullptr && spec.facts(part.query).uses_window;
  });
}

MetricFacts facts_of(const config::Metric& metric, const config::Gate& gate, const Options& options) {
  MetricFacts facts;
  for (const auto& [name, part] : metric.parts) {
    const core::SourceTypeSpec* spec = &spec_of(part, gate, options);
    if (has_spread(metric, name, gate, options)) {
      facts.spread = true;
      continue;
    }
    (spec->data == core::SourceTypeSpec::Data::rows ? facts.rows : facts.points) = true;
    if (spec->facts == nullptr) continue;
    const core::QueryFacts own = spec->facts(part.query);
    facts.parts[name] = own;
    if (own.longest_range > facts.longest_range) {
      facts.longest_range = own.longest_range;
      facts.range_location = own.range_location;
    }
    facts.beyond_step = std::max(facts.beyond_step, own.beyond_step);
    facts.uses_step = facts.uses_step || own.uses_step;
    facts.uses_window = facts.uses_window || own.uses_window;
    facts.latest = facts.latest || own.latest;
    facts.names_baseline = facts.names_baseline || own.names_baseline;
    for (const std::string& note : own.notes) {
      if (std::find(facts.notes.begin(), facts.notes.end(), note) == facts.notes.end()) facts.notes.push_back(note);
    }
  }
  return facts;
}

core::Duration ingest_delay_of(const config::Metric& metric, const config::Gate& gate, const Options& options) {
  if (metric.compare.ingest_delay) return *metric.compare.ingest_delay;
  core::Duration longest{0};
  for (const auto& [name, part] : metric.parts) {
    longest = std::max(longest, spec_of(part, gate, options).default_ingest_delay);
  }
  return longest;
}

}  // namespace gate::plan
