// Html metric: what the template gets of one metric.
#pragma once

#include <string>

#include "core/report.h"
#include "report/charts.h"
#include "report/html_text.h"

namespace gate::report {

/// Whether a metric's charts are drawn: a page of a thousand series keeps them for what needs an eye.
enum class Charts { drawn, left_out };

/// The class that colours a verdict: "fail", "error", "open", "pending", "warn", "pass", "none".
std::string tone_of(const core::MetricReport& metric);
std::string tone_of(core::Verdict verdict);

/// Everything of a card or a row; `anchor` is its id in the page.
Values metric_values(const core::MetricReport& metric, const std::string& anchor, const ChartContext& context, Charts charts);

}  // namespace gate::report
