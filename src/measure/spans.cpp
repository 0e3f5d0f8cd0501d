#include "measure/spans.h"

#include <algorithm>
#include <utility>

#include "measure/place.h"
#include "measure/reduce.h"

namespace gate::measure {
namespace {

/// Rows come when they come; points of a database can be missing.
std::size_t expected_points(const plan::MetricPlan& plan, const core::Question& question) {
  if (plan.rows || question.shape != core::Shape::range) return plan.rows ? 0 : 1;
  const core::Duration length = question.window->length() - question.first;
  return length.count() < 0 ? 0 : static_cast<std::size_t>(length / question.step) + 1;
}

void show(core::Measurement& out, const core::SpanMeasurement& span, double allowed) {
  const core::Counts& counts = span.counts;
  for (std::size_t i = 0; i < counts.times.size(); ++i) {
    if (counts.totals[i] <= 0.0) continue;
    out.candidate.shown.times.push_back(counts.times[i]);
    out.candidate.shown.values.push_back(counts.events[i] / counts.totals[i] / allowed);
  }
}

/// The longest window of any burn rate; without one, the longest there is.
std::size_t shown_span(const plan::MetricPlan& plan) {
  core::Duration longest{0};
  for (const config::Criterion& criterion : plan.metric->criteria) {
    for (const core::Duration length : criterion.windows) longest = std::max(longest, length);
  }
  for (std::size_t i = 0; i < plan.spans.size(); ++i) {
    if (plan.spans[i].window.length() == longest) return i;
  }
  return 0;
}

}  // namespace

void fill_spans(core::Measurement& out, const plan::MetricPlan& plan, const std::vector<Reply>& replies) {
  const config::Metric& metric = *plan.metric;
  bool silent = false;
  for (std::size_t i = 0; i < plan.spans.size(); ++i) {
    core::Series events;
    core::Series totals;
    std::size_t expected = 0;
    const plan::Ask* ask = nullptr;
    for (const Reply& reply : replies) {
      if (reply.ask->span != i) continue;
      auto series = single_series(*reply.answer, metric);
      if (!series) {
        out.error = with_place(series.error(), *reply.ask);
        return;
      }
      (reply.ask->part == "events" ? events : totals) = std::move(series).value();
      expected = std::max(expected, expected_points(plan, reply.ask->question));
      ask = reply.ask;
    }
    auto counts = pair_up(events, totals, expected, metric);
    if (!counts) {
      out.error = ask == nullptr ? counts.error() : with_place(counts.error(), *ask);
      return;
    }
    silent = silent || (events.times.empty() && !totals.times.empty());
    out.spans.push_back({plan.spans[i].window, plan.spans[i].step, std::move(counts).value()});
  }
  if (silent) out.notes.push_back(no_events_note("total", metric));
  const core::SpanMeasurement& shown = out.spans[shown_span(plan)];
  out.candidate.dropped = shown.counts.dropped;
  show(out, shown, 1.0 - metric.slo->objective);
}

}  // namespace gate::measure
