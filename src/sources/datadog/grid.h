// Grid: which of Datadog's buckets lie in a window. Buckets start at whole multiples of their length since 1970, wherever the
// window starts, and a point stands at the start of its bucket; ours stand at the end.
#pragma once

#include <optional>
#include <vector>

#include "core/samples.h"
#include "core/time.h"

namespace gate::sources::datadog {

/// What is asked for at once. Datadog draws at most 1,500 points a series and widens the buckets beyond that.
/// https://docs.datadoghq.com/dashboards/functions/rollup/#rollup-intervals-enforced-vs-custom
inline constexpr std::int64_t kMostBuckets = 1000;

/// One request: buckets that start at `from` or later, and end at `to` or earlier.
struct Segment {
  core::Time from;
  core::Time to;
  friend bool operator==(const Segment&, const Segment&) = default;
};

/// The whole buckets of `window`, cut into requests; none when not even one fits.
std::vector<Segment> segments(const core::Window& window, core::Duration bucket);

/// The part of `window` that is whole buckets, so that none which begins before it is read; `window` itself when none fits or
/// their length is not known.
core::Window whole_buckets(const core::Window& window, std::optional<core::Duration> bucket);

/// How long the buckets of `series` are, `asked` being what was wanted. Times are multiples of the length of the buckets, so
/// their greatest common divisor bounds it. It is taken for the length when at least four times follow each other without a
/// gap, or there are twelve of them; fewer, as of rare events, may have a divisor in common by chance.
core::Duration widest_bucket(const std::vector<core::Series>& series, core::Duration asked);

/// Keeps the points whose buckets lie wholly in `window` and moves them to the ends of their buckets. How many points were left
/// out.
std::size_t keep_whole_buckets(std::vector<core::Series>& series, const core::Window& window, core::Duration bucket);

}  // namespace gate::sources::datadog
