#include "stats/block_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gate::stats {
namespace {

constexpr double kReach = 8.0;

/// A whole number below `bound`, from 32 random bits: by multiplication (Lemire, ACM TOMACS 29:3, 2019), whose bias is below
/// bound / 2³².
std::size_t below(std::uint64_t bits, std::size_t bound) {
  return static_cast<std::size_t>(((bits & 0xffffffffU) * bound) >> 32U);
}

}  // namespace

std::vector<std::uint32_t> ranks_of(std::span<const double> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
  std::vector<std::uint32_t> ranks(values.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) ranks[order[place]] = place;
  return ranks;
}

double BlockBootstrap::inflation(std::span<const std::uint32_t> ranks, std::size_t length, std::size_t rank) {
  const std::size_t n = ranks.size();
  const double share = static_cast<double>(rank + 1) / static_cast<double>(n);
  const double independent = static_cast<double>(length) * share * (1.0 - share);
  if (independent <= 0.0) return 1.0;
  const double expected = static_cast<double>(length) * share;
  double held = 0.0;
  for (std::size_t i = 0; i < length; ++i) held += ranks[i] <= rank ? 1.0 : 0.0;
  double squares = 0.0;
  for (std::size_t start = 0; start < n; ++start) {
    squares += (held - expected) * (held - expected);
    held += (ranks[(start + length) % n] <= rank ? 1.0 : 0.0) - (ranks[start] <= rank ? 1.0 : 0.0);
  }
  return squares / static_cast<double>(n) / independent;
}

BlockBootstrap::BlockBootstrap(std::span<const double> values, std::size_t length, const Places& places)
    : sorted_(values.begin(), values.end()), length_(length), places_(places) {
  std::sort(sorted_.begin(), sorted_.end());
  watch(ranks_of(values), places);
}

/// Chooses the ranks that are counted one by one, and sums up the others.
void BlockBootstrap::watch(std::span<const std::uint32_t> ranks, const Places& places) {
  const std::size_t n = ranks.size();
  const auto [least, greatest] = std::minmax_element(places.begin(), places.end());
  const auto reach = [&](double place) {
    const std::size_t rank = std::min(static_cast<std::size_t>(place), n - 1);
    const double share = static_cast<double>(rank + 1) / static_cast<double>(n);
    const double variance = static_cast<double>(n) * share * (1.0 - share) * inflation(ranks, length_, rank);
    return kReach * std::sqrt(std::max(variance, 1.0)) + 2.0;
  };
  lowest_ = static_cast<std::size_t>(std::max(0.0, *least - reach(*least)));
  const std::size_t end = std::min(n, static_cast<std::size_t>(*greatest + reach(*greatest)) + 1);
  counts_.assign(end - lowest_, 0);
  before_.reserve(n + 1);
  Before so_far;
  for (const std::uint32_t rank : ranks) {
    before_.push_back(so_far);
    if (rank < lowest_) ++so_far.below;
    if (rank < lowest_ || rank >= end) continue;
    watched_.push_back(rank - static_cast<std::uint32_t>(lowest_));
    ++so_far.watched;
  }
  before_.push_back(so_far);
}

void BlockBootstrap::count_block(std::size_t first, std::size_t end) {
  const Before from = before_[first];
  const Before to = before_[end];
  below_ += to.below - from.below;
  for (std::uint32_t i = from.watched; i < to.watched; ++i) ++counts_[watched_[i]];
}

Places BlockBootstrap::draw(std::mt19937_64& random) {
  const std::size_t n = sorted_.size();
  std::fill(counts_.begin(), counts_.end(), 0U);
  below_ = 0;
  std::uint64_t bits = 0;
  bool is_spent = true;
  for (std::size_t drawn = 0; drawn < n; drawn += length_) {
    bits = is_spent ? random() : bits >> 32U;
    is_spent = !is_spent;
    const std::size_t first = below(bits, n);
    const std::size_t end = first + std::min(length_, n - drawn);
    count_block(first, std::min(end, n));
    if (end > n) count_block(0, end - n);
  }
  Places out{};
  std::transform(places_.begin(), places_.end(), out.begin(), [&](double place) { return at(place); });
  return out;
}

double BlockBootstrap::at(double place) const {
  const auto index = static_cast<std::size_t>(place);
  const double fraction = place - static_cast<double>(index);
  const double lower = nth(index);
  return fraction == 0.0 ? lower : (1.0 - fraction) * lower + fraction * nth(index + 1);
}

/// The value at `place` of the resample, counted from 0.
double BlockBootstrap::nth(std::size_t place) const {
  std::uint64_t up_to = below_;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    up_to += counts_[i];
    if (up_to > place) return sorted_[lowest_ + i];
  }
  return sorted_[lowest_ + counts_.size() - 1];
}

}  // namespace gate::stats
