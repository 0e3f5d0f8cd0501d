// The command line of `backtest`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/options.h"

namespace gate::cli {

/// Adds the command; `chosen` is called when it was.
void add_backtest(CLI::App& app, BacktestOptions& options, const std::function<void()>& chosen);

}  // namespace gate::cli
