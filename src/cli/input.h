// What every command about a gate file does first: read it, check it, plan it, and say what is wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/streams.h"
#include "cli/trust.h"
#include "config/gate.h"
#include "config/load.h"
#include "plan/plan.h"

namespace gate::cli {

/// The types of sources that this program has, as config and plan need them.
std::vector<config::SourceEntry> source_entries();
const core::SourceTypeSpec* source_spec(std::string_view type);

/// The packs that the program carries: name → TOML.
const std::map<std::string, std::string>& embedded_packs();

/// A file's bytes with its name; RG0002 when it cannot be read.
core::Result<std::string> read_gate_text(const std::string& path, const World& world);

/// "name=value" pairs; RG0003 for one without "=".
core::Result<std::vector<std::pair<std::string, std::string>>> parse_settings(const std::vector<std::string>& texts);

/// A time of the command line: RFC 3339, Unix seconds, or "now". RG0004.
core::Result<core::Time> parse_time_option(const std::string& option, const std::string& text, core::Time now);
/// RG0005.
core::Result<core::Duration> parse_duration_option(const std::string& option, const std::string& text);

/// What is to be read: a gate file, or a policy and the file that adds to it.
struct GateTexts {
  std::string file;
  std::string text;
  std::optional<config::Guest> guest;
};

/// The gate file at `path`, under the policy if `trust` names one. RG0002: one of them cannot be read; RG1501: it is not
/// trusted, and is a link, no plain file, or outside of the working directory.
core::Result<GateTexts> read_gate_texts(const std::string& path, const Trust& trust, const World& world);

/// What reading a gate file needs: the sources and the packs of this program.
config::LoadOptions load_options(const std::vector<std::pair<std::string, std::string>>& settings,
                                 const config::Surroundings& surroundings);

/// Reads and checks `texts` with what `trust` leaves of `surroundings`; mistakes are diagnostics, in which secrets are masked.
config::Loaded load(const GateTexts& texts, const std::vector<std::pair<std::string, std::string>>& settings,
                    const config::Surroundings& surroundings, const Trust& trust);

/// A gate file ready to run: text, gate and plan.
struct Input {
  std::string text;
  config::Gate gate;
  plan::Plan plan;
  plan::Options options;
};

/// Says whether a missing time of deployment is an error.
enum class Deployment { needed, assumed };

/// Plans what was read, or what is right of it; what is wrong with windows and steps is added to the diagnostics. nullopt when
/// there is an error among them.
std::optional<plan::Plan> plan_loaded(config::Loaded& loaded, Deployment deployment, plan::Options& options);

/// Reads, checks and plans; prints what is wrong (errors and warnings) to world.err. nullopt when there is an error.
std::optional<Input> read_input(const GateOptions& options, Deployment deployment, World& world);

/// Writes `text` to a file that is not there yet, or with `force`; says what is in the way: RG0010, RG0011.
bool write_new(const std::string& path, bool force, const std::string& text, World& world);

/// Prints errors that have no place in a gate file.
void print_error(const core::Error& error, World& world);
void print_diagnostics(const core::Diagnostics& diagnostics, const config::FileTexts& files, World& world);

}  // namespace gate::cli
