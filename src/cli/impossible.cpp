#include "cli/impossible.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "sources/source.h"

namespace gate::cli {
namespace {

core::Location place_of(const config::Metric& metric, const plan::Ask& ask) {
  for (const std::string& name : {std::string(plan::name(ask.side)) + "." + ask.part, ask.part}) {
    const auto found = metric.parts.find(name);
    if (found != metric.parts.end()) return found->second.location;
  }
  return metric.location;
}

}  // namespace

core::Diagnostics impossible_questions(const config::Gate& gate, const plan::Plan& plan) {
  std::map<std::string, std::unique_ptr<sources::Source>> open;
  std::set<std::tuple<std::string, std::string, std::string>> said;
  core::Diagnostics out;
  for (const plan::MetricPlan& metric : plan.metrics) {
    if (metric.state == plan::MetricPlan::State::left_out) continue;
    for (const plan::Ask& ask : metric.asks) {
      auto& source = open[ask.source];
      if (!source) {
        const config::SourceConfig* config = gate.find_source(ask.source);
        source =
            sources::find_type(config->type)->make(ask.source, config->settings, {nullptr, nullptr, gate.directory, nullptr});
      }
      try {
        (void)source->preview(ask.question);
      } catch (const core::SourceError& refused) {
        core::Error error = refused.error();
        if (!said.emplace(metric.metric->id, error.code, error.message).second) continue;
        error.location = place_of(*metric.metric, ask);
        out.push_back({core::Severity::error, std::move(error)});
      }
    }
  }
  return out;
}

}  // namespace gate::cli
