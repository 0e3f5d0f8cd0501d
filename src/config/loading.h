// What one load of a gate file carries from step to step. Private to config.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"
#include "config/references.h"
#include "core/node.h"

namespace gate::config {

struct Loading {
  const LoadOptions& options;
  Loaded out;
  std::vector<std::string> notes;
  std::vector<std::string> packs;
  std::vector<Reference> references;
  std::set<std::string> used_in_use;  ///< variables that stand in a `use`
  std::set<std::string> guests{};     ///< metrics that the guest adds

  void error(std::string code, std::string message, const core::Location& place, std::string hint = {});
};

/// The tree of `text`, which is kept for excerpts in diagnostics; nullopt (RG0101) when it is no TOML.
std::optional<core::Node> parse_file(Loading& load, const std::string& text, const std::string& file);

/// The packs that `root`'s `use` names, in order, and `root` laid over them. A name may hold variables of the
/// file it stands in and of the files that use that one. RG0102, RG0106, RG0401, RG0402, RG0405, RG0409, RG0410, RG0414.
core::Node with_packs(Loading& load, core::Node root, const std::string& file);

/// What the one variable in `written`, an entry of the list `use`, may be so that it names a pack of `packs`: "datadog" for
/// "performance-{{system}}". What a longer entry of the same list is about is not among it.
std::vector<std::string> flavours_of(const std::map<std::string, std::string>& packs, const std::string& written,
                                     const core::Node& use);

/// The variables of [vars], with --set over them. Names in `track_names` get their value later. RG0401 to RG0413.
Variables read_variables(Loading& load, const core::Node& root, const std::vector<std::string>& track_names);

/// Adds the names in {{…}} of `text` to `names`.
void collect_variables(std::string_view text, std::set<std::string>& names);

/// RG0220 for every variable that `file` itself declares and nothing in `root` uses.
void warn_of_unused_variables(Loading& load, const core::Node& root, const std::string& file);

}  // namespace gate::config
