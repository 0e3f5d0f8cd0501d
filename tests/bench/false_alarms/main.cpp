// How often the gate claims what is not so, and how often it sees what is: a table in Markdown, from data drawn at random with
// a known change. Options: --runs N, --seed S, --only TEXT (scenarios whose name holds it), --check (exit 1 when a limit
// on wrong claims or on power is passed), --by-look FILE (false alarms after each of thirty looks, as CSV). The same seed gives
// the same table.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "looks.h"
#include "releases.h"
#include "rules.h"
#include "scenarios.h"

namespace {

using gate::bench::Random;
using gate::bench::Scenario;
using gate::bench::Tallies;
using gate::bench::Tally;

constexpr double kSmall = 0.10;
constexpr double kLarge = 0.25;
constexpr std::array<double, 3> kChanges{0.0, kSmall, kLarge};
constexpr std::size_t kChunk = 100;

struct Options {
  std::size_t runs = 5000;
  std::uint64_t seed = 1;
  std::string only;
  std::string by_look;
  bool check = false;
};

/// One scenario with one true change.
struct Cell {
  const Scenario* scenario = nullptr;
  double change = 0.0;
  std::uint64_t stream = 0;
};

/// By the name (FNV-1a), so that a scenario keeps its data when others come and go.
std::uint64_t stream_of(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return hash;
}

Tallies run_chunk(const Cell& cell, const Options& options, std::size_t first) {
  Tallies tallies;
  for (std::size_t run = first; run < std::min(first + kChunk, options.runs); ++run) {
    Random random(options.seed, cell.stream, run);
    const auto draw = cell.scenario->draw(cell.scenario->metric, random, cell.change);
    ask_rules(tallies, *cell.scenario, draw, cell.change);
  }
  return tallies;
}

/// All cells, on every core; sums do not depend on who counted.
std::vector<Tallies> run_all(const std::vector<Cell>& cells, const Options& options) {
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

double share(std::size_t count, const Tally& tally) {
  return static_cast<double>(count) / static_cast<double>(tally.asked);
}

std::string percent(std::size_t count, const Tally& tally) {
  return tally.asked == 0 ? "–" : fmt::format("{:.1f}", 100.0 * share(count, tally));
}

using Results = std::array<Tallies, kChanges.size()>;
using Member = Tally Tallies::*;

/// "4.8 / 89.0 / 100.0": how often a rule claims harm at no change, +10 % and +25 %.
std::string three(const Results& results, Member rule) {
  if ((results[0].*rule).asked == 0) return "–";
  std::string out;
  for (const Tallies& tallies : results) out += (out.empty() ? "" : " / ") + percent((tallies.*rule).harm, tallies.*rule);
  return out;
}

/// "4.9, 5.1": how often a rule claims harm at exactly the margin of 0 and of 10 %; likewise safety.
std::string wrong(const Results& results, Member at_zero, Member at_margin, std::size_t Tally::*claim) {
  const Tally& zero = results[0].*at_zero;
  const Tally& small = results[1].*at_margin;
  if (zero.asked == 0) return "–";
  return percent(zero.*claim, zero) + ", " + percent(small.*claim, small);
}

void print_row(const Scenario& scenario, const Results& results) {
  fmt::print("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", scenario.name, three(results, &Tallies::ours),
             wrong(results, &Tallies::ours, &Tallies::at_margin, &Tally::harm),
             wrong(results, &Tallies::ours, &Tallies::at_margin, &Tally::safe), three(results, &Tallies::ours_ranked),
             three(results, &Tallies::welch), three(results, &Tallies::newcombe), three(results, &Tallies::mann_whitney),
             three(results, &Tallies::means));
}

/// How often the best of the other rules sees the change `k`, of those whose false alarms keep the limit.
double best_valid_power(const Results& results, std::size_t k, double limit) {
  double best = 0.0;
  for (const Member rule : {&Tallies::welch, &Tallies::newcombe, &Tallies::mann_whitney}) {
    const Tally& none = results[0].*rule;
    if (none.asked == 0 || share(none.harm, none) > limit) continue;
    best = std::max(best, share((results[k].*rule).harm, results[k].*rule));
  }
  return best;
}

/// What passes its limit, one line each.
std::vector<std::string> excesses(const Scenario& scenario, const Results& results) {
  std::vector<std::string> out;
  const auto look = [&](const std::string& what, std::size_t count, const Tally& tally) {
    if (tally.asked == 0 || share(count, tally) <= scenario.limit) return;
    out.push_back(
        fmt::format("{}: {} in {} % of runs, limit {} %", scenario.name, what, percent(count, tally), 100.0 * scenario.limit));
  };
  const auto both = [&](const std::string& rule, const Tally& zero, const Tally& small) {
    look(rule + " claims harm at no change", zero.harm, zero);
    look(rule + " claims safety at a margin of 0", zero.safe, zero);
    look(rule + " claims harm at +10 % with a margin of 10 %", small.harm, small);
    look(rule + " claims safety at +10 % with a margin of 10 %", small.safe, small);
  };
  for (std::size_t k = 1; k < kChanges.size() && scenario.limit < 1.0; ++k) {
    const double best = best_valid_power(results, k, scenario.limit);
    const double own = share(results[k].ours.harm, results[k].ours);
    if (own >= best - scenario.power_lag) continue;
    out.push_back(fmt::format("{}: ours sees +{:.0f} % in {:.1f} % of runs, a rule that keeps the limit in {:.1f} %",
                              scenario.name, 100.0 * kChanges[k], 100.0 * own, 100.0 * best));
  }
  if (const double seen = share(results.back().ours.harm, results.back().ours); seen < scenario.least_power) {
    out.push_back(fmt::format("{}: ours sees +25 % in {:.1f} % of runs, wanted are {:.0f} %", scenario.name, 100.0 * seen,
                              100.0 * scenario.least_power));
  }
  both("ours", results[0].ours, results[1].at_margin);
  both("ours by rank", results[0].ours_ranked, results[1].ranked_at_margin);
  return out;
}

void print_cells(const std::vector<Cell>& cells, const Options& options, std::vector<std::string>& over) {
  const std::vector<Tallies> tallies = run_all(cells, options);

  fmt::print(
      "Share of {} runs (seed {}) in per cent. Three figures: harm claimed at no change / +10 % / +25 %, margin 0, 95 %.\n\n"
      "| data | ours | wrong harm at margin 0, 10 % | wrong safety at margin 0, 10 % | ours, method rank | Welch | "
      "Newcombe | Mann–Whitney | ratio of means > 1.1 |\n|---|---|---|---|---|---|---|---|---|\n",
      options.runs, options.seed);
  for (std::size_t i = 0; i < cells.size(); i += kChanges.size()) {
    const Results results{tallies[i], tallies[i + 1], tallies[i + 2]};
    print_row(*cells[i].scenario, results);
    for (const std::string& line : excesses(*cells[i].scenario, results)) over.push_back(line);
  }
  fmt::print("\n");
}

int run(const Options& options) {
  const std::vector<Scenario> all = gate::bench::scenarios();
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name.find(options.only) == std::string::npos) continue;
    for (std::size_t k = 0; k < kChanges.size(); ++k) cells.push_back({&all[i], kChanges[k], stream_of(all[i].name) + k});
  }
  std::vector<std::string> over;
  if (!cells.empty()) print_cells(cells, options, over);
  for (std::string& line : gate::bench::print_release_trials({options.runs, options.seed, options.only}))
    over.push_back(std::move(line));
  for (const std::string& line : gate::bench::print_looks({options.runs, options.seed, options.only, options.by_look}))
    over.push_back(line);
  for (const std::string& line : over) fmt::print("over its limit: {}\n", line);
  if (over.empty())
    fmt::print("every wrong claim of ours stays within its limit, and no rule that keeps it sees 10 points more\n");
  return options.check && !over.empty() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"False alarms and power of the gate's rules, by simulation"};
  Options options;
  app.add_option("--runs", options.runs, "runs of each cell")->check(CLI::Range(1, 10000000));
  app.add_option("--seed", options.seed, "seed of all random numbers");
  app.add_option("--only", options.only, "scenarios whose name holds this text");
  app.add_option("--by-look", options.by_look, "a CSV file for the false alarms after each of thirty looks");
  app.add_flag("--check", options.check, "exit 1 when a limit is passed");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
