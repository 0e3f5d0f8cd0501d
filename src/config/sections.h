// Readers of the sections of a gate file that are no metrics: release, compare, tracks, verdict, sources. Private to config.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "config/gate.h"
#include "config/load.h"
#include "config/table_reader.h"

namespace gate::config {

/// Keys that stand under [compare] and may stand in a metric, too.
struct Statistics {
  Method method = Method::automatic;
  std::optional<core::Location> method_place;
  std::size_t min_samples = 5;
  double min_events = 0.0;
  Switch autocorrelation = Switch::automatic;
  Switch dispersion = Switch::automatic;
  OnNan on_nan = OnNan::drop;
  OnPartial on_partial = OnPartial::error;
  std::optional<core::Duration> range;
  std::string cluster;
  std::optional<core::Location> cluster_place;
  bool covariate = false;
  std::optional<core::Location> covariate_place;
};

void read_release(TableReader& reader, Gate& gate);

/// Whether the tables `baseline` and `candidate` hold windows alone, or a metric's own question for one side beside them.
enum class SideKeys { windows, windows_and_question };

/// Reads design, windows, step, … from `reader` over what `compare` holds. With windows_and_question, the keys of a side that
/// are no window, gap or settle (and a side that is a string) are left to the caller.
void read_compare(TableReader& reader, Compare& compare, SideKeys keys, const ReadContext& context);
void read_statistics(TableReader& reader, Statistics& statistics);
void read_rules(TableReader& reader, VerdictRules& rules, const ReadContext& context);
void read_tracks(const core::Node& tracks, Gate& gate, const ReadContext& context);
/// The names of the variables that [compare.tracks] gives, and "track".
std::vector<std::string> track_variable_names(const core::Node& root);

SourceConfig read_source(const std::string& id, const core::Node& node, const LoadOptions& options, const ReadContext& context);

/// A moment: a time, "now", Unix seconds, a TOML date, or a reference.
std::optional<Moment> read_moment(TableReader& reader, std::string_view key, const ReadContext& context);

/// The entry of `type`; nullptr when there is none.
const SourceEntry* find_entry(const LoadOptions& options, std::string_view type);

}  // namespace gate::config
