#include "plan/doubts.h"

#include <fmt/format.h>

namespace gate::plan {
namespace {

void warn(core::Diagnostics& diagnostics, std::string code, std::string message, std::string hint,
          const core::Location& place) {
  diagnostics.push_back({core::Severity::warning, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

/// Over how long a part counts; 0 where that cannot be told.
core::Duration reach_of(const core::QueryFacts& facts, const Grid& grid) {
  if (!facts.step_is_range) return facts.longest_range;
  return facts.longest_range.count() == 0 ? grid.step : core::Duration(0);
}

/// Failures of five minutes over requests of one minute are no share of anything.
void warn_of_uneven_parts(const config::Metric& metric, const MetricFacts& facts, const Grid& grid,
                          core::Diagnostics& diagnostics) {
  if (metric.kind != config::Kind::ratio || grid.whole_window) return;
  const auto events = facts.parts.find("events");
  const auto total = facts.parts.find("total");
  if (events == facts.parts.end() || total == facts.parts.end()) return;
  const core::Duration above = reach_of(events->second, grid);
  const core::Duration below = reach_of(total->second, grid);
  if (above == below || above.count() == 0 || below.count() == 0) return;
  warn(diagnostics, "RG0315",
       fmt::format("the events of {} are counted over {} and its total over {}: one is no share of the other", metric.id,
                   core::format_duration(above), core::format_duration(below)),
       "write [{{step}}] in both", facts.range_location.known() ? facts.range_location : metric.location);
}

void warn_of_named_unit(const config::Metric& metric, const MetricFacts& facts, core::Diagnostics& diagnostics) {
  const bool measures =
      metric.kind == config::Kind::samples || metric.kind == config::Kind::value || metric.kind == config::Kind::histogram;
  if (!measures) return;
  const core::Unit& unit = metric.unit;
  for (const auto& [name, own] : facts.parts) {
    const bool same_dimension =
        (own.named_unit == "s" && unit.dimension == "time") || (own.named_unit == "B" && unit.dimension == "size");
    if (!same_dimension || unit.scale == 1.0) continue;
    warn(diagnostics, "RG0316",
         fmt::format("the values are taken as {}, and the name says {}", unit.symbol,
                     own.named_unit == "s" ? "seconds" : "bytes"),
         fmt::format(R"(write unit = "{}"; bounds may be in {} all the same)", own.named_unit, unit.symbol),
         own.named_unit_location);
    return;
  }
}

}  // namespace

void warn_of_doubts(const config::Metric& metric, const MetricFacts& facts, const Grid& grid, core::Diagnostics& diagnostics) {
  warn_of_uneven_parts(metric, facts, grid, diagnostics);
  warn_of_named_unit(metric, facts, diagnostics);
}

}  // namespace gate::plan
