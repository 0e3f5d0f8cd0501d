// Many runs of many cells on every core, with sums that do not depend on who counted.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <thread>
#include <vector>

namespace gate::bench {

/// The random stream of a row, by its name (FNV-1a), so that a row keeps its data when others come and go.
inline std::uint64_t stream_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return hash;
}

/// `work(sum, cell, run)` for `runs` runs of each of `cells` cells; `Sum` starts empty and has add(const Sum&). A sum for each
/// cell.
template <typename Sum, typename Work>
std::vector<Sum> sum_over_runs(std::size_t cells, std::size_t runs, const Work& work) {
  constexpr std::size_t kChunk = 50;
  const std::size_t chunks = (runs + kChunk - 1) / kChunk;
  std::vector<Sum> parts(cells * chunks);
  std::atomic<std::size_t> next{0};
  const auto take_chunks = [&] {
    for (std::size_t i = next++; i < parts.size(); i = next++) {
      const std::size_t first = i % chunks * kChunk;
      for (std::size_t run = first; run < std::min(first + kChunk, runs); ++run) work(parts[i], i / chunks, run);
    }
  };
  std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
  for (std::thread& thread : threads) thread = std::thread(take_chunks);
  for (std::thread& thread : threads) thread.join();
  std::vector<Sum> sums(cells);
  for (std::size_t i = 0; i < parts.size(); ++i) sums[i / chunks].add(parts[i]);
  return sums;
}

}  // namespace gate::bench
