#include "measure/run.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "measure/build.h"
#include "measure/open.h"
#include "measure/past.h"
#include "sources/source.h"

namespace gate::measure {
namespace {

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

}  // namespace

Measured run(const config::Gate& gate, const plan::Plan& plan, http::Client& client, const core::Past& past) {
  auto open = open_sources(gate, plan, client, Which::due);
  std::vector<http::Task<void>> tasks;
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
  std::map<std::string, std::string> versions;
  for (auto& [id, source] : open) tasks.push_back(ask_version(*source.source, versions[id]));
  client.run(std::move(tasks));
  Measured out;
  for (std::size_t i = 0; i < plan.metrics.size(); ++i) {
    std::vector<core::Measurement> own = build_measurements(plan.metrics[i], replies[i]);
    attach_past(own, plan.metrics[i], past);
    for (core::Measurement& one : own) out.measurements.push_back(std::move(one));
    replies[i].clear();
  }
  const auto skews = client.clock_skews();
  for (auto& [id, source] : open) {
    const auto skew = skews.find(id);
    out.sources.push_back({id, source.config->type, versions[id],
                           skew == skews.end() ? std::nullopt : std::optional<core::Duration>(skew->second)});
  }
  return out;
}

}  // namespace gate::measure
