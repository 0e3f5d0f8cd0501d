// Backtest: what the verdicts on releases that never were come to. Pure.
#pragma once

#include <vector>

#include "core/backtest.h"
#include "core/report.h"

namespace gate::judge {

/// Shares over `reports`, each of which judged the same gate at another time at which nothing was released. Whatever fails
/// there is a false alarm. Intervals are Clopper and Pearson's (1934); they take the reports as independent, which windows that
/// share no data are but for slow changes. Fills what follows from the reports; the caller sets the rest.
core::BacktestReport summarize_backtest(const std::vector<core::Report>& reports);

}  // namespace gate::judge
