#include "sources/datadog/grid.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace gate::sources::datadog {

std::vector<Segment> segments(const core::Window& window, core::Duration bucket) {
  std::vector<Segment> all;
  if (bucket <= core::Duration(0)) return all;
  const auto first = std::chrono::ceil<core::Duration>(window.start).time_since_epoch();
  const core::Time start(first % bucket == core::Duration(0) ? first : (first / bucket + 1) * bucket);
  const core::Time end(window.end.time_since_epoch() / bucket * bucket);
  for (core::Time from = start; from < end; from += kMostBuckets * bucket) {
    all.push_back({from, std::min(end, from + kMostBuckets * bucket)});
  }
  return all;
}

core::Window whole_buckets(const core::Window& window, std::optional<core::Duration> bucket) {
  if (!bucket) return window;
  const std::vector<Segment> all = segments(window, *bucket);
  return all.empty() ? window : core::Window{all.front().from, all.back().to};
}

core::Duration widest_bucket(const std::vector<core::Series>& series, core::Duration asked) {
  std::set<core::Time> times;
  for (const core::Series& one : series) times.insert(one.times.begin(), one.times.end());
  constexpr std::size_t kFewestDense = 4;
  constexpr std::size_t kFewestSparse = 12;
  if (times.size() < kFewestDense) return asked;
  std::int64_t common = 0;
  for (const core::Time time : times) common = std::gcd(common, time.time_since_epoch().count());
  const core::Duration bucket(common);
  const bool is_dense = bucket * static_cast<std::int64_t>(times.size() - 1) == *times.rbegin() - *times.begin();
  return is_dense || times.size() >= kFewestSparse ? std::max(asked, bucket) : asked;
}

std::size_t keep_whole_buckets(std::vector<core::Series>& series, const core::Window& window, core::Duration bucket) {
  std::size_t left_out = 0;
  for (core::Series& one : series) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < one.times.size(); ++i) {
      const core::Time end = one.times[i] + bucket;
      if (one.times[i] < window.start || end > window.end) continue;
      one.times[kept] = end;
      one.values[kept] = one.values[i];
      ++kept;
    }
    left_out += one.times.size() - kept;
    one.times.resize(kept);
    one.values.resize(kept);
  }
  std::erase_if(series, [](const core::Series& one) { return one.times.empty(); });
  return left_out;
}

}  // namespace gate::sources::datadog
