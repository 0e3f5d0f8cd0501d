// What the command line says, as values. Parsing is run.cpp's.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gate::cli {

/// How far a gate file is trusted.
struct TrustOptions {
  bool untrusted = false;
  std::string policy;                   ///< a gate file that is trusted; "" when there is none
  std::vector<std::string> allow_env;   ///< --allow-env NAME=sources.ID.KEY
  std::vector<std::string> allow_host;  ///< --allow-host https://HOST[:PORT]
};

/// Options that say which gate is meant, at which time, and for which of its metrics.
struct GateOptions {
  std::string file = "gate.toml";
  std::vector<std::string> settings;  ///< --set name=value
  std::string deployed_at;
  std::string now;
  std::string as_of;
  std::string stage;
  std::vector<std::string> only;
  TrustOptions trust;
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

/// What check and publish are told about publishing.
struct PublishOptions {
  std::vector<std::string> targets;  ///< "github,slack"; may be given several times
  std::string deadline = "1m";
  std::string pull_request;
  std::string head_sha;
  std::string report_url;
  std::string comment;  ///< "quiet" or "always"; "" is what the gate file says
  bool required = false;
};

struct CheckOptions {
  GateOptions gate;
  OutputOptions output;
  PublishOptions publish;
  std::string deadline = "2m";
  std::optional<std::string> wait;  ///< --wait[=1h]; "" means as long as it takes
  std::string override_reason;
  bool exit_zero = false;
  std::string record;
  std::string replay;
  std::optional<WatchOptions> watch;  ///< looks again and again instead of once
  std::string history;                ///< "sqlite:PATH", "postgres://…"; "" leaves it to the environment
  bool require_history = false;
  std::string run_id;  ///< "" makes one up
};

struct ValidateOptions {
  std::vector<std::string> files;
  std::vector<std::string> settings;
  TrustOptions trust;
  std::string format = "terminal";
};

struct SourcesOptions {
  std::string type;
  std::string check;  ///< the gate file whose sources are asked; "" lists types
  std::vector<std::string> settings;
  TrustOptions trust;
  std::vector<std::string> only;
  std::string deadline = "30s";
  std::string format = "terminal";
  bool verbose = false;
};

struct HistoryOptions {
  std::string action;  ///< list, show, trend, mark, prune
  std::string name;    ///< a run, metric or release
  std::string mark;    ///< good, bad or none
  std::string history;
  std::string gate;
  std::string release;
  std::optional<std::size_t> last;
  std::string reason;
  std::string older_than;
  bool dry_run = false;
  std::string format = "terminal";
};

struct BacktestOptions {
  GateOptions gate;
  int days = 14;
  std::string from;
  std::string to;
  std::string every;
  std::string history;
  std::string deadline = "10m";
  std::string record;
  std::string replay;
  std::string format = "terminal";
  bool quiet = false;
};

struct ServeHookOptions {
  std::string file;   ///< "" means gate.toml, when there is no folder of gates
  std::string gates;  ///< the folder
  std::string listen = "127.0.0.1:9720";
  std::string token_env;  ///< "" means the usual one, which need not be set
  std::string token_file;
  bool allow_anonymous = false;
  std::vector<std::string> accept;
  std::string deadline = "8s";
  std::size_t concurrency = 4;
};

struct PublishCommandOptions {
  std::string report;  ///< a JSON report
  PublishOptions publish;
  bool quiet = false;
};

struct ImportOptions {
  std::string tool;
  std::string file;  ///< "-": standard input
  std::string output = "gate.toml";
  bool force = false;
};

struct InitOptions {
  std::vector<std::string> sources;
  std::vector<std::string> packs;
  std::vector<std::string> settings;  ///< "system=datadog": which flavour of a pack
  std::string output = "gate.toml";
  bool force = false;
};

}  // namespace gate::cli
