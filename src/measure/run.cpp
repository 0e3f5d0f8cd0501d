#include "measure/run.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "measure/build.h"
#include "sources/source.h"

namespace gate::measure {
namespace {

struct OpenSource {
  const config::SourceConfig* config = nullptr;
  std::unique_ptr<sources::Source> source;
  std::vector<const core::Question*> questions;
  std::string version;
};

core::Error unexpected(const std::exception& exception) {
  return {
      "RG9001", fmt::format("internal error while asking: {}", exception.what()), "this is a bug: please report it", {}, {}};
}

http::Task<void> ask_one(sources::Source& source, Reply& reply) {
  try {
    auto task = source.ask(reply.ask->question);
    reply.answer = co_await task;
  } catch (const core::SourceError& failure) {
    reply.error = failure.error();
  } catch (const std::exception& failure) {
    reply.error = unexpected(failure);
  }
}

http::Task<void> ask_version(sources::Source& source, std::string& version) {
  try {
    auto task = source.version();
    version = co_await task;
  } catch (const std::exception&) {
    version.clear();
  }
}

std::function<const core::Settings*(std::string_view)> settings_lookup(const config::Gate& gate) {
  return [&gate](std::string_view id) {
    const config::SourceConfig* source = gate.find_source(id);
    return source == nullptr ? nullptr : &source->settings;
  };
}

/// The sources that the plan asks, with their questions in the order of the plan.
std::map<std::string, OpenSource> open_sources(const config::Gate& gate, const plan::Plan& plan, http::Client& client) {
  std::map<std::string, OpenSource> open;
  const sources::SourceContext context{&client, client.tape(), gate.directory, settings_lookup(gate)};
  for (const plan::MetricPlan& metric : plan.metrics) {
    if (metric.state != plan::MetricPlan::State::due) continue;
    for (const plan::Ask& ask : metric.asks) {
      OpenSource& source = open[ask.source];
      if (source.config == nullptr) {
        source.config = gate.find_source(ask.source);
        source.source = sources::find_type(source.config->type)->make(ask.source, source.config->settings, context);
      }
      source.questions.push_back(&ask.question);
    }
  }
  return open;
}

}  // namespace

Measured run(const config::Gate& gate, const plan::Plan& plan, http::Client& client) {
  auto open = open_sources(gate, plan, client);
  std::vector<http::Task<void>> tasks;
  for (auto& [id, source] : open) {
    source.source->prepare(source.questions);
  }
  std::vector<std::vector<Reply>> replies(plan.metrics.size());
  for (std::size_t i = 0; i < plan.metrics.size(); ++i) {
    const plan::MetricPlan& metric = plan.metrics[i];
    if (metric.state != plan::MetricPlan::State::due) continue;
    replies[i].resize(metric.asks.size());
    for (std::size_t k = 0; k < metric.asks.size(); ++k) {
      replies[i][k].ask = &metric.asks[k];
      tasks.push_back(ask_one(*open.at(metric.asks[k].source).source, replies[i][k]));
    }
  }
  for (auto& [id, source] : open) tasks.push_back(ask_version(*source.source, source.version));
  client.run(std::move(tasks));
  Measured out;
  for (std::size_t i = 0; i < plan.metrics.size(); ++i) {
    for (core::Measurement& one : build_measurements(plan.metrics[i], replies[i])) out.measurements.push_back(std::move(one));
    replies[i].clear();
  }
  const auto skews = client.clock_skews();
  for (auto& [id, source] : open) {
    const auto skew = skews.find(id);
    out.sources.push_back({id, source.config->type, source.version,
                           skew == skews.end() ? std::nullopt : std::optional<core::Duration>(skew->second)});
  }
  return out;
}

}  // namespace gate::measure
