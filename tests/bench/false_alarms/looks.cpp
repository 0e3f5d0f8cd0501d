#include "looks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <thread>

#include "look_rules.h"

namespace gate::bench {
namespace {

constexpr std::array<double, 3> kChanges{0.0, 0.10, 0.30};
constexpr std::size_t kChunk = 50;

/// How often a rule claimed something, by the look at which it did so first.
struct Tally {
  std::size_t runs = 0;
  std::array<std::size_t, kLooks> firsts{};

  void add(const std::optional<std::size_t>& first) {
    ++runs;
    if (first) ++firsts[*first];
  }
  void add(const Tally& other) {
    runs += other.runs;
    for (std::size_t i = 0; i < kLooks; ++i) firsts[i] += other.firsts[i];
  }
  /// Of all runs: those in which it had claimed something after `looks` looks.
  [[nodiscard]] double share_by(std::size_t looks) const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < looks; ++i) sum += firsts[i];
    return static_cast<double>(sum) / static_cast<double>(runs);
  }
  [[nodiscard]] double share() const { return share_by(kLooks); }
  /// Of those that claimed: the look by which half of them had.
  [[nodiscard]] std::size_t median() const {
    for (std::size_t looks = 1; looks <= kLooks; ++looks)
      if (share() > 0.0 && 2.0 * share_by(looks) >= share()) return looks;
    return 0;
  }
};

struct Tallies {
  std::array<Tally, kLookRules> rules;

  [[nodiscard]] const Tally& of(LookRule rule) const { return rules[static_cast<std::size_t>(rule)]; }
  void add(const Claims& claims) {
    for (std::size_t i = 0; i < kLookRules; ++i) rules[i].add(claims[i]);
  }
  void add(const Tallies& other) {
    for (std::size_t i = 0; i < kLookRules; ++i) rules[i].add(other.rules[i]);
  }
};

/// By the name (FNV-1a), so that a row keeps its data when others come and go.
std::uint64_t stream_of(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return hash;
}

struct Cell {
  const LookRow* row = nullptr;
  std::size_t change = 0;
  LookLevels levels;
};

Tallies run_chunk(const Cell& cell, const LookOptions& options, std::size_t first) {
  Tallies tallies;
  const double change = kChanges[cell.change];
  for (std::size_t run = first; run < std::min(first + kChunk, options.runs); ++run) {
    Random random(options.seed, stream_of(cell.row->name) + cell.change, run);
    const Release release = cell.row->draw(random, change);
    tallies.add(watch(*cell.row, cell.levels, release, change));
  }
  return tallies;
}

std::vector<Tallies> run_all(const std::vector<Cell>& cells, const LookOptions& options) {
  const std::size_t chunks = (options.runs + kChunk - 1) / kChunk;
  std::vector<Tallies> parts(cells.size() * chunks);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < parts.size(); i = next++)
      parts[i] = run_chunk(cells[i / chunks], options, i % chunks * kChunk);
  };
  std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
  for (std::thread& thread : threads) thread = std::thread(work);
  for (std::thread& thread : threads) thread.join();
  std::vector<Tallies> sums(cells.size());
  for (std::size_t i = 0; i < parts.size(); ++i) sums[i / chunks].add(parts[i]);
  return sums;
}

/// Of one row: a change each.
using Results = std::array<const Tallies*, kChanges.size()>;

/// "4.8 / 89.0 / 100.0".
std::string three(const Results& results, LookRule rule) {
  std::string out;
  for (const Tallies* tallies : results)
    out += fmt::format("{}{:.1f}", out.empty() ? "" : " / ", 100.0 * tallies->of(rule).share());
  return out;
}

void print_row(const LookRow& row, const Results& results) {
  const auto median = [&](LookRule rule) { return results[2]->of(rule).median(); };
  fmt::print("| {} | {} | {} | {:.1f}, {:.1f} | {} | {} | {} | {} | {} | {} | {} | {} |\n", row.name,
             three(results, LookRule::ours), median(LookRule::ours), 100.0 * results[1]->of(LookRule::ours_at_margin).share(),
             100.0 * results[1]->of(LookRule::ours_safe).share(), three(results, LookRule::mixture), median(LookRule::mixture),
             three(results, LookRule::every_look), three(results, LookRule::welch), three(results, LookRule::mann_whitney),
             three(results, LookRule::kayenta), three(results, LookRule::minutes), median(LookRule::minutes));
}

void find_excesses(std::vector<std::string>& out, const LookRow& row, const Results& results) {
  const auto limit = [&](const std::string& what, std::size_t change, LookRule rule) {
    const double share = results[change]->of(rule).share();
    if (share > row.limit)
      out.push_back(fmt::format("{}: {} in {:.1f} % of runs, limit {} %", row.name, what, 100.0 * share, 100.0 * row.limit));
  };
  limit("harm at no change", 0, LookRule::ours);
  limit("safety at a margin of 0", 0, LookRule::ours_safe);
  limit("harm at +10 % with a margin of 10 %", 1, LookRule::ours_at_margin);
  limit("safety at +10 % with a margin of 10 %", 1, LookRule::ours_safe);
  const double power = results[2]->of(LookRule::ours).share();
  if (power < row.least_power)
    out.push_back(fmt::format("{}: +30 % seen in {:.1f} % of runs, at least {} % wanted", row.name, 100.0 * power,
                              100.0 * row.least_power));
}

struct Named {
  LookRule rule;
  const char* name;
};
constexpr std::array<Named, 6> kDrawn{Named{LookRule::minutes, "3 minutes > 1.1 × baseline"},
                                      Named{LookRule::mann_whitney, "Mann–Whitney"},
                                      Named{LookRule::welch, "Welch"},
                                      Named{LookRule::kayenta, "Kayenta's rule"},
                                      Named{LookRule::every_look, "ours, the limits of one look"},
                                      Named{LookRule::ours, "ours"}};

/// A line for each row and rule: how many of the unchanged releases the rule had stopped after one look, two, and so on.
void write_by_look(const std::string& path, const std::vector<Cell>& cells, const std::vector<Tallies>& tallies) {
  std::ofstream out(path);
  out << "data,rule";
  for (std::size_t looks = 1; looks <= kLooks; ++looks) out << "," << looks;
  out << "\n";
  for (std::size_t i = 0; i < cells.size(); i += kChanges.size()) {
    for (const Named& named : kDrawn) {
      out << fmt::format("\"{}\",\"{}\"", cells[i].row->name, named.name);
      for (std::size_t looks = 1; looks <= kLooks; ++looks)
        out << fmt::format(",{:.4f}", tallies[i].of(named.rule).share_by(looks));
      out << "\n";
    }
  }
}

}  // namespace

std::vector<std::string> print_looks(const LookOptions& options) {
  const std::vector<LookRow> all = look_rows();
  std::vector<Cell> cells;
  for (const LookRow& row : all) {
    if (row.name.find(options.only) == std::string::npos) continue;
    for (std::size_t k = 0; k < kChanges.size(); ++k) cells.push_back({&row, k, look_levels(row.design)});
  }
  std::vector<std::string> over;
  if (cells.empty()) return over;
  const std::vector<Tallies> tallies = run_all(cells, options);
  fmt::print(
      "Thirty looks, one a minute, over {} runs (seed {}): harm claimed at any look at no change / +10 % / +30 %, margin 0, "
      "95 %; the median look at which +30 % was seen.\n\n"
      "| data | ours (spending) | look | wrong harm, wrong safety at a margin of 10 % | normal mixture | look | ours, the "
      "limits "
      "of one look | Welch | Mann–Whitney | Kayenta's rule | 3 one-minute means > 1.1 × baseline | look |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n",
      options.runs, options.seed);
  for (std::size_t i = 0; i < cells.size(); i += kChanges.size()) {
    const Results results{&tallies[i], &tallies[i + 1], &tallies[i + 2]};
    print_row(*cells[i].row, results);
    find_excesses(over, *cells[i].row, results);
  }
  fmt::print("\n");
  if (!options.by_look.empty()) write_by_look(options.by_look, cells, tallies);
  return over;
}

}  // namespace gate::bench
