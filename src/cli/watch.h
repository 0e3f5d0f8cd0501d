// Watch: takes the looks of a release one after the other, as they come due, from stored data, or as they were recorded. What
// they mean is judge/watch.h's.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "cli/asking.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "core/looks.h"

namespace gate::cli {

/// The looks of a run as its evidence keeps them.
struct WatchRecord {
  core::Looks looks;
  bool past = false;
  std::vector<std::size_t> taken;
  int signal = 0;  ///< that ended it, 0 for none
};

/// The looks that `options` asks for over the metrics of `input`, planned for one evaluation. RG0005, and RG0009 for looks that
/// cannot be taken, are printed; nullopt then.
std::optional<WatchRecord> looks_of(const WatchOptions& options, const Input& input, World& world);

enum class Replaying { no, yes };

/// Takes looks until one decides or a signal comes, and puts down those that were taken, and the signal, in `record`; under
/// replay those that it holds, without waiting. `input.plan` becomes that of the last look. Shows each look on standard error
/// unless `asking` shows nothing. nullopt when a look cannot be planned, which was printed.
std::optional<Found> take_looks(WatchRecord& record, Input& input, const Asking& asking, Replaying replaying,
                                const OutputOptions& output, World& world);

}  // namespace gate::cli
