// Points: a /render answer read, and its points put on the grid of a question. Knows no transport.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/samples.h"
#include "sources/graphite/query.h"
#include "sources/json_at.h"

namespace gate::sources::graphite {

/// The series of an answer as Graphite dates them, at the starts of their points; null is NaN. The labels are its tags, and
/// `target`, its name. Throws core::SourceError RG1902: not of this form, or times that do not rise.
std::vector<core::Series> read_series(const JsonAt& answer);

/// How long the points of `series` are: how far they are apart. nullopt when there are fewer than two, or they are not apart
/// equally.
std::optional<core::Duration> length_of(const core::Series& series);

/// What was left out on the way to the grid.
struct LeftOut {
  std::size_t outside = 0;  ///< points that reach out of the window
  std::size_t nulls = 0;    ///< points without a number, of the window
  std::size_t points = 0;   ///< of the window, with those
};

/// `series`, whose points are `length` long, with one point for every `interval` of the clock that lies wholly in `window`, at
/// its end, made of its points `by`; NaN where it has no number. `length` divides `interval`.
core::Series on_grid(const core::Series& series, core::Duration length, const core::Window& window, core::Duration interval,
                     Consolidation by, LeftOut& left_out);

/// One point at the end of `window`, made of all points that lie wholly in it.
core::Series over_window(const core::Series& series, core::Duration length, const core::Window& window, Consolidation by,
                         LeftOut& left_out);

}  // namespace gate::sources::graphite
