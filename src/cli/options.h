// What the command line says, as values. Parsing is run.cpp's.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gate::cli {

/// Options that say which gate is meant, at which time, and for which of its metrics.
struct GateOptions {
  std::string file = "gate.toml";
  std::vector<std::string> settings;  ///< --set name=value
  std::string deployed_at;
  std::string now;
  std::string as_of;
  std::string stage;
  std::vector<std::string> only;
};

struct OutputOptions {
  std::string format = "terminal";
  std::vector<std::string> reports;  ///< --report FORMAT=PATH
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
};

/// The looks of `release-gate watch`.
struct WatchOptions {
  std::string every = "1m";
  std::string longest = "30m";  ///< --for
  std::string least;            ///< --min; "" is half of `longest`
  bool past = false;
};

struct CheckOptions {
  GateOptions gate;
  OutputOptions output;
  std::string deadline = "2m";
  std::optional<std::string> wait;  ///< --wait[=1h]; "" means as long as it takes
  std::string override_reason;
  bool exit_zero = false;
  std::string record;
  std::string replay;
  std::optional<WatchOptions> watch;  ///< looks again and again instead of once
};

struct ValidateOptions {
  std::vector<std::string> files;
  std::vector<std::string> settings;
  std::string format = "terminal";
};

struct SourcesOptions {
  std::string type;
  std::string check;  ///< the gate file whose sources are asked; "" lists types
  std::vector<std::string> settings;
  std::vector<std::string> only;
  std::string deadline = "30s";
  std::string format = "terminal";
  bool verbose = false;
};

struct InitOptions {
  std::vector<std::string> sources;
  std::string output = "gate.toml";
  bool force = false;
};

}  // namespace gate::cli
