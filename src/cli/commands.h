// One function a command; each returns the program's exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/streams.h"

namespace gate::cli {

int check(const CheckOptions& options, World& world);
int publish_report(const PublishCommandOptions& options, World& world);
int validate(const ValidateOptions& options, World& world);
int plan(const GateOptions& options, World& world);
int query(const CheckOptions& options, const std::string& metric, World& world);
int init(const InitOptions& options, World& world);
int import_kayenta(const ImportOptions& options, World& world);
int print_schema(const std::string& which, World& world);
int list_sources(const std::string& type, World& world);
int check_sources(const SourcesOptions& options, World& world);
int backtest(const BacktestOptions& options, World& world);
int history(const HistoryOptions& options, World& world);
int serve_hook(const ServeHookOptions& options, World& world);
int list_packs(const std::string& name, World& world);
int explain(const std::string& code, World& world);
int completion(const std::string& shell, World& world);

}  // namespace gate::cli
