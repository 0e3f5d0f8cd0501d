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

namespace {

using Replies = std::vector<std::vector<Reply>>;

/// The tasks that ask the questions of `plan` which `archive` does not answer; `replies` has a place for each.
std::vector<http::Task<void>> tasks_for(Replies& replies, const plan::Plan& plan, std::map<std::string, OpenSource>& open,
                                        const Archive* archive) {
  std::vector<http::Task<void>> tasks;
  replies.resize(plan.metrics.size());
  for (std::size_t i = 0; i < plan.metrics.size(); ++i) {
    const plan::MetricPlan& metric = plan.metrics[i];
    if (metric.state != plan::MetricPlan::State::due) continue;
    replies[i].resize(metric.asks.size());
    for (std::size_t k = 0; k < metric.asks.size(); ++k) {
      Reply& reply = replies[i][k];
      reply.ask = &metric.asks[k];
      if (archive != nullptr) reply.answer = archive->find(metric.asks[k]);
      if (!reply.answer) tasks.push_back(ask_one(*open.at(metric.asks[k].source).source, reply));
    }
  }
  return tasks;
}

void keep_answers(Archive& archive, const Replies& replies) {
  for (const std::vector<Reply>& of_metric : replies) {
    for (const Reply& reply : of_metric) {
      // What was cut out of a longer answer must not take its place.
      if (reply.answer && !archive.find(*reply.ask)) archive.keep(*reply.ask, *reply.answer);
    }
  }
}

}  // namespace

Measured run(const config::Gate& gate, const plan::Plan& plan, http::Client& client, const core::Past& past, Archive* archive) {
  auto open = open_sources(gate, plan, client, Which::due);
  Replies replies;
  std::vector<http::Task<void>> tasks = tasks_for(replies, plan, open, archive);
  std::map<std::string, std::string> versions;
  if (archive != nullptr) versions = archive->versions;
  for (auto& [id, source] : open) {
    if (!versions.contains(id)) tasks.push_back(ask_version(*source.source, versions[id]));
  }
  client.run(std::move(tasks));
  if (archive != nullptr) {
    keep_answers(*archive, replies);
    for (const auto& [id, version] : versions) {
      if (!version.empty()) archive->versions[id] = version;
    }
  }
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

void fill(Archive& archive, const config::Gate& gate, const plan::Plan& plan, http::Client& client) {
  plan::Plan whole = plan;
  for (plan::MetricPlan& metric : whole.metrics)
    std::erase_if(metric.asks, [](const plan::Ask& ask) { return !can_be_cut(ask) || ask.span; });
  auto open = open_sources(gate, whole, client, Which::due);
  Replies replies;
  client.run(tasks_for(replies, whole, open, nullptr));
  keep_answers(archive, replies);
}

std::vector<core::Measurement> unasked(const plan::Plan& plan, core::Time due) {
  std::vector<core::Measurement> out;
  for (plan::MetricPlan metric : plan.metrics) {
    if (metric.state == plan::MetricPlan::State::due) metric.state = plan::MetricPlan::State::pending;
    if (metric.state == plan::MetricPlan::State::pending && !metric.due) metric.due = due;
    for (core::Measurement& one : build_measurements(metric, {})) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace gate::measure
