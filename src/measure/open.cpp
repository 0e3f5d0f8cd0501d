#include "measure/open.h"

#include <functional>

namespace gate::measure {
namespace {

std::function<const core::Settings*(std::string_view)> settings_lookup(const config::Gate& gate) {
  return [&gate](std::string_view id) {
    const config::SourceConfig* source = gate.find_source(id);
    return source == nullptr ? nullptr : &source->settings;
  };
}

/// The folder that files must lie in; "" when they may lie anywhere.
std::string readable_folder(const config::Gate& gate) {
  if (!gate.untrusted) return "";
  return gate.directory.empty() ? "." : gate.directory;
}

bool is_wanted(const plan::MetricPlan& metric, Which which) {
  return which == Which::all || metric.state == plan::MetricPlan::State::due;
}

}  // namespace

std::map<std::string, OpenSource> open_sources(const config::Gate& gate, const plan::Plan& plan, http::Client& client,
                                               Which which) {
  std::map<std::string, OpenSource> open;
  const sources::SourceContext context{&client, client.tape(), gate.directory, settings_lookup(gate), readable_folder(gate)};
  const auto open_one = [&](const std::string& id) -> OpenSource& {
    OpenSource& source = open[id];
    if (source.config == nullptr) {
      source.config = gate.find_source(id);
      source.source = sources::find_type(source.config->type)->make(id, source.config->settings, context);
    }
    return source;
  };
  if (which == Which::all) {
    for (const config::SourceConfig& source : gate.sources) open_one(source.id);
  }
  for (const plan::MetricPlan& metric : plan.metrics) {
    if (!is_wanted(metric, which)) continue;
    for (const plan::Ask& ask : metric.asks) open_one(ask.source).questions.push_back(&ask.question);
  }
  for (auto& [id, source] : open) source.source->prepare(source.questions);
  return open;
}

}  // namespace gate::measure
