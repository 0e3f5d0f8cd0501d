// Backtest: how often a gate would have alarmed at nothing, for people and for programs. Computes nothing but layout.
#pragma once

#include <string>

#include "core/backtest.h"

namespace gate::report {

std::string backtest_to_terminal(const core::BacktestReport& report, core::Time now);
/// Schema "release-gate/backtest/v1".
std::string backtest_to_json(const core::BacktestReport& report);

}  // namespace gate::report
