// What a gate file that nobody vouches for (the guest: one of a fork) may add to a file that is trusted (the policy): metrics
// of new names on the policy's sources. Everything that the policy says stands. Private to config.
#pragma once

#include <set>
#include <string>

#include "config/gate.h"
#include "config/load.h"
#include "config/loading.h"
#include "config/table_reader.h"
#include "core/node.h"

namespace gate::config {

/// Adds the metrics of the guest (load.options.guest) that `tree`, the policy with its packs, has not; their names go to
/// load.guests. Where the guest says something else than `written`, the policy's own text, a warning (RG0416) says that the
/// policy stands. False (RG0101) when the guest is no TOML.
bool add_guests(Loading& load, core::Node& tree, const core::Node& written);

/// Variables of the tracks in `tree` that come from outside, or are made of such: names that no guest may use.
std::set<std::string> withheld_tracks(const core::Node& tree, const Variables& variables);

/// Makes `metric`, which was read of the guest, one that can only make the verdict worse: it has no weight in a score, and no
/// part in a correction for many metrics. RG1960: its source starts programs; RG1961: it names a file or an address, or words
/// that could change something there.
void settle_guest(Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context);

}  // namespace gate::config
