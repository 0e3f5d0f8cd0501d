// The options of `history`, which has several actions. Private to run.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/options.h"

namespace gate::cli {

/// Adds the command; `chosen` is called when it is the one that was given and its arguments fit its action.
void add_history(CLI::App& app, HistoryOptions& options, const std::function<void()>& chosen);

}  // namespace gate::cli
