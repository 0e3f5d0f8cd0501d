#include "plan/present.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/windows.h"

namespace gate::plan {
namespace {

bool compares(const config::Metric& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(),
                     [](const config::Criterion& criterion) { return config::is_change(criterion.rule); });
}

/// The past of the same thing is what a value is compared with.
bool looks_back(const config::Metric& metric, const MetricFacts& facts) {
  return metric.compare.design == config::Design::before_after && !facts.names_baseline;
}

}  // namespace

bool is_present(const config::Metric& metric, const MetricFacts& facts) {
  return metric.kind == config::Kind::status || facts.latest;
}

bool present_needs_deployment(const config::Metric& metric, const MetricFacts& facts) {
  return looks_back(metric, facts) && compares(metric) && !metric.against_history && !metric.compare.anchor;
}

Present make_present(const config::Metric& metric, const MetricFacts& facts, const Clock& clock,
                     core::Diagnostics& diagnostics) {
  Present out;
  const bool is_one_number = metric.kind == config::Kind::value || metric.kind == config::Kind::findings;
  if (metric.kind != config::Kind::status && !is_one_number) {
    diagnostics.push_back({core::Severity::error,
                           {"RG0320",
                            fmt::format("of a part of {} only the newest value is known, and kind = \"{}\" needs many",
                                        metric.id, config::name(metric.kind)),
                            R"(write kind = "value", or ask for something that has a past)",
                            {},
                            metric.location}});
    return out;
  }
  const auto& anchor = metric.compare.anchor;
  out.released_at = anchor ? anchor->time : clock.deployed_at;
  out.has_baseline = config::asks_baseline(metric.compare.design);
  if (metric.against_history) {
    out.has_baseline = false;
  } else if (looks_back(metric, facts)) {
    out.has_baseline = anchor || clock.deployed_at;
    if (out.has_baseline) out.before = make_windows(metric.compare, clock, core::Duration(0), core::Duration(0)).baseline->end;
  } else if (facts.names_baseline) {
    out.before = clock.deployed_at.value_or(clock.now);
  }
  return out;
}

}  // namespace gate::plan
