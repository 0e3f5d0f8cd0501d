#include "plan/pre_period.h"

#include <cstddef>

#include "plan/windows.h"

namespace gate::plan {

void add_pre_period(MetricPlan& metric, const Clock& clock) {
  if (!metric.metric->covariate) return;
  metric.pre_period = window_before(metric.metric->compare, clock);
  const std::size_t own = metric.asks.size();
  for (std::size_t i = 0; i < own; ++i) {
    if (metric.asks[i].part == kSplitPart) continue;
    Ask ask = metric.asks[i];
    ask.pre_period = true;
    ask.question.window = metric.pre_period;
    metric.asks.push_back(std::move(ask));
  }
}

}  // namespace gate::plan
