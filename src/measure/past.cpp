#include "measure/past.h"

#include <algorithm>

#include "measure/findings.h"

namespace gate::measure {
namespace {

bool is_of(const std::string& series, const std::string& metric) {
  return series == metric || series.starts_with(metric + "[");
}

void attach_to(core::Measurement& one, const core::Past& past) {
  if (one.pending || one.left_out || one.error) return;
  if (past.error) {
    one.error = past.error;
    one.through = "the history";
    return;
  }
  if (const auto found = past.metrics.find(one.metric); found != past.metrics.end()) one.past = found->second;
}

/// Series that come and go.
void mark_presence(std::vector<core::Measurement>& measurements, const std::string& metric, const core::Past& past) {
  const bool any = std::any_of(past.metrics.begin(), past.metrics.end(),
                               [&](const auto& series) { return is_of(series.first, metric) && !series.second.last.empty(); });
  const bool measured = std::any_of(measurements.begin(), measurements.end(),
                                    [](const core::Measurement& one) { return !one.parent.empty() && one.candidate.present; });
  for (core::Measurement& one : measurements) one.baseline.present = !any || !one.past.last.empty();
  if (!measured) return;
  const core::Measurement common = measurements.front();
  for (const auto& [id, known] : past.metrics) {
    if (!is_of(id, metric) || !known.in_newest) continue;
    const bool is_there = std::any_of(measurements.begin(), measurements.end(),
                                      [&id = id](const core::Measurement& one) { return one.metric == id; });
    if (is_there) continue;
    core::Measurement gone;
    gone.metric = id;
    gone.parent = metric;
    gone.labels = known.labels;
    gone.past = known;
    gone.baseline.present = true;
    gone.candidate.window = common.candidate.window;
    gone.requests = common.requests;
    gone.queries = common.queries;
    measurements.push_back(std::move(gone));
  }
}

}  // namespace

void attach_past(std::vector<core::Measurement>& measurements, const plan::MetricPlan& plan, const core::Past& past) {
  if (plan.metric->kind == config::Kind::findings) {
    if (!plan.metric->against_history) return;
    for (core::Measurement& one : measurements) {
      if (past.error && !hangs_on_history(*plan.metric)) {
        one.notes.push_back("not compared: " + past.error->code + ", " + past.error->message);
      } else {
        attach_to(one, past);
      }
      compare_findings(one, *plan.metric);
    }
    return;
  }
  if (plan.metric->compare.design != config::Design::previous_releases) return;
  for (core::Measurement& one : measurements) attach_to(one, past);
  if (!plan.metric->each.empty() && !past.error) mark_presence(measurements, plan.metric->id, past);
}

}  // namespace gate::measure
