// From the text of a gate file to a Gate, or to everything that is wrong with it. Asks nothing of any system.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/diagnostic_text.h"
#include "config/gate.h"
#include "config/variables.h"
#include "core/settings.h"

namespace gate::config {

/// What the language needs to know of a type of source; cli fills it from the registry, so that config knows no source.
struct SourceEntry {
  const core::SourceTypeSpec* spec = nullptr;
  std::function<core::Diagnostics(const core::Settings& source)> check_source;
  std::function<core::Diagnostics(const core::Settings& query, const core::Settings& source)> check_query;
};

/// A gate file that nobody vouches for, beside a policy that is trusted.
struct Guest {
  std::string path;
  std::string text;
};

struct LoadOptions {
  Surroundings surroundings;
  std::vector<SourceEntry> sources;
  bool untrusted = false;                                     ///< the file may come from anybody: it may start no programs
  std::optional<Guest> guest;                                 ///< metrics of it are added to those of the file
  std::map<std::string, std::string> packs;                   ///< name → TOML text
  std::vector<std::pair<std::string, std::string>> settings;  ///< --set name=value
};

struct Loaded {
  std::optional<Gate> gate;        ///< absent when there is an error among the diagnostics
  std::optional<Gate> sound_part;  ///< in its place: the metrics without a mistake, to look for further ones in their windows
  core::Diagnostics diagnostics;
  FileTexts files;
  std::vector<core::Secret> secrets;    ///< all values that the file names as such: a slip may have put one into a diagnostic
  std::vector<std::string> file_order;  ///< the names of `files`: the gate file, then its packs
};

/// Orders diagnostics by file (in the order of `files`), line and column, those without a place first; one of several equal
/// ones is kept.
void sort_by_place(core::Diagnostics& diagnostics, const std::vector<std::string>& files);

/// Reads `text`, the gate file at `path`, merges its packs, puts variables in and checks everything that can be checked
/// offline. All mistakes are reported, in the order of the file, not only the first. With a guest, `text` is the policy: the
/// guest's metrics of new names are added (config/guest.h).
Loaded load_gate(const std::string& text, const std::string& path, const LoadOptions& options);

}  // namespace gate::config
