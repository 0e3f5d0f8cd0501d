#include "looks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <thread>

#include "judge/comparison.h"
#include "random.h"
#include "stats/distributions.h"
#include "stats/mean.h"
#include "stats/rank.h"
#include "stats/spending.h"

namespace gate::bench {
namespace {

constexpr std::size_t kLooks = 30;
constexpr std::size_t kPointsPerLook = 4;
constexpr std::size_t kLeastPoints = 5;
constexpr double kLeastEffective = 3.0;
constexpr double kConfidence = 0.95;
constexpr std::array<double, 3> kChanges{0.0, 0.10, 0.30};
constexpr double kMostAlarms = 0.06;
constexpr double kBursty = 0.08;  // as for one look: thirty slices must also teach the dispersion
constexpr double kLeastPower = 0.90;
constexpr std::size_t kChunk = 50;
const double kSpread = std::sqrt(std::log1p(0.25 * 0.25));

enum class Design { before_after, side_by_side };

/// Both sides of a release, all of them; a look sees the first part.
struct Release {
  core::SideMeasurement baseline;
  core::SideMeasurement candidate;
};

struct Row {
  std::string name;
  config::Kind kind = config::Kind::samples;
  Design design = Design::before_after;
  std::size_t per_look = kPointsPerLook;
  std::function<Release(Random& random, double change)> draw;
  double least_power = 0.0;  ///< of ours at the largest change
  double limit = kMostAlarms;
};

/// The first look at which a rule claimed something; nothing when it never did.
using First = std::optional<std::size_t>;

struct Rule {
  std::size_t runs = 0;
  std::array<std::size_t, kLooks> firsts{};

  void add(First first) {
    ++runs;
    if (first) ++firsts[*first];
  }
  void add(const Rule& other) {
    runs += other.runs;
    for (std::size_t i = 0; i < kLooks; ++i) firsts[i] += other.firsts[i];
  }
  [[nodiscard]] std::size_t claims() const {
    std::size_t sum = 0;
    for (const std::size_t count : firsts) sum += count;
    return sum;
  }
  [[nodiscard]] double share() const { return static_cast<double>(claims()) / static_cast<double>(runs); }
  /// Of those that claimed: the look by which half of them had.
  [[nodiscard]] std::size_t median() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < kLooks; ++i) {
      sum += firsts[i];
      if (2 * sum >= claims() && sum > 0) return i + 1;
    }
    return 0;
  }
};

struct Rules {
  Rule spending;       ///< ours: Lan and DeMets, O'Brien and Fleming's shape
  Rule spending_safe;  ///< ours, safety claimed at a margin of the true change
  Rule at_margin;      ///< ours, harm claimed at a margin of the true change
  Rule mixture;        ///< a normal-mixture confidence sequence on the same estimates
  Rule mixture_safe;
  Rule every_look;  ///< the limits of one look at each of them
  Rule mann_whitney;
  Rule means;  ///< three one-minute means above 1.1 × the baseline's

  void add(const Rules& other) {
    for (const auto member : {&Rules::spending, &Rules::spending_safe, &Rules::at_margin, &Rules::mixture, &Rules::mixture_safe,
                              &Rules::every_look, &Rules::mann_whitney, &Rules::means})
      (this->*member).add(other.*member);
  }
};

/// The share of the horizon's information that `look` (from 0) has.
double information(std::size_t look, Design design) {
  const double share = static_cast<double>(look + 1) / static_cast<double>(kLooks);
  return design == Design::side_by_side ? share : 2.0 * share / (1.0 + share);
}

std::array<double, kLooks> spending_levels(Design design) {
  std::array<double, kLooks> levels{};
  stats::SpendingBoundary boundary(kConfidence);
  for (std::size_t k = 0; k < kLooks; ++k) levels[k] = boundary.look(information(k, design));
  return levels;
}

/// The normal-mixture boundary (Robbins, Annals of Mathematical Statistics 41:1397, 1970; Waudby-Smith, Arbour, Sinha, Kennedy
/// & Ramdas, arXiv:2103.06476), as tight as it gets at half of the information.
std::array<double, kLooks> mixture_levels(Design design) {
  constexpr double kTightest = 0.5;
  const double alpha = 2.0 * (1.0 - kConfidence);
  const double logs = -2.0 * std::log(alpha);
  const double rho = kTightest / (logs + std::log(logs + 1.0));
  std::array<double, kLooks> levels{};
  for (std::size_t k = 0; k < kLooks; ++k) {
    const double share = information(k, design);
    levels[k] = stats::normal_cdf(std::sqrt((1.0 + rho / share) * std::log((share + rho) / (rho * alpha * alpha))));
  }
  return levels;
}

core::SideMeasurement first_part(const core::SideMeasurement& side, std::size_t count) {
  const auto cut = [count](std::vector<double>& values) { values.resize(std::min(values.size(), count)); };
  core::SideMeasurement out = side;
  cut(out.samples.values);
  cut(out.counts.events);
  cut(out.counts.totals);
  return out;
}

std::vector<double> plain_points(const core::SideMeasurement& side) {
  if (!side.samples.values.empty()) return side.samples.values;
  std::vector<double> out;
  for (std::size_t i = 0; i < side.counts.events.size(); ++i) out.push_back(side.counts.events[i] / side.counts.totals[i]);
  return out;
}

double mean(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Which of the rules have claimed something so far.
struct Claims {
  First spending, spending_safe, at_margin, mixture, mixture_safe, every_look, mann_whitney, means;
};

void claim(First& first, bool claimed, std::size_t look) {
  if (claimed && !first) first = look;
}

struct Levels {
  std::array<double, kLooks> spending;
  std::array<double, kLooks> mixture;
};

void ask_ours(Claims& claims, const judge::Comparison& comparison, const Levels& levels, std::size_t look, double change) {
  const stats::Contrast at_zero{stats::Direction::increase, stats::MarginKind::absolute, 0.0};
  const stats::Contrast at_change{stats::Direction::increase,
                                  change > 0.0 ? stats::MarginKind::relative : stats::MarginKind::absolute, change};
  const auto harmed = [&](const stats::Contrast& contrast, double level) {
    const auto harm = comparison.harm(contrast, level);
    return harm && harm->interval.lower > 0.0;
  };
  const auto safe = [&](double level) {
    const auto harm = comparison.harm(at_change, level);
    return harm && harm->interval.upper <= 0.0;
  };
  claim(claims.spending, harmed(at_zero, levels.spending[look]), look);
  claim(claims.at_margin, harmed(at_change, levels.spending[look]), look);
  claim(claims.spending_safe, safe(levels.spending[look]), look);
  claim(claims.mixture, harmed(at_zero, levels.mixture[look]), look);
  claim(claims.mixture_safe, safe(levels.mixture[look]), look);
  claim(claims.every_look, harmed(at_zero, kConfidence), look);
}

Claims watch(const Row& row, const config::Metric& metric, const Levels& levels, const Release& release, double change) {
  Claims claims;
  const std::vector<double> before = plain_points(release.baseline);
  const std::vector<double> after = plain_points(release.candidate);
  std::size_t high = 0;
  for (std::size_t look = 0; look < kLooks; ++look) {
    const std::size_t count = (look + 1) * row.per_look;
    core::Measurement measurement;
    measurement.baseline = row.design == Design::side_by_side ? first_part(release.baseline, count) : release.baseline;
    measurement.candidate = first_part(release.candidate, count);
    const std::span<const double> seen(after.data(), count);
    const std::span<const double> compared(before.data(), row.design == Design::side_by_side ? count : before.size());
    if (mean(seen.last(row.per_look)) > 1.1 * mean(compared)) ++high;
    claim(claims.means, high >= 3, look);
    if (count < kLeastPoints) continue;
    if (!claims.mann_whitney) {
      const auto ranks = stats::RankComparison::prepare(compared, seen, stats::Dependence::independent, kConfidence);
      const auto harm = ranks ? ranks->harm({stats::Direction::increase, stats::MarginKind::absolute, 0.0}) : std::nullopt;
      claim(claims.mann_whitney, harm && harm->interval.lower > 0.0, look);
    }
    const judge::MadeComparison made = judge::make_comparison(metric, measurement);
    if (!made.comparison) continue;
    const stats::Change worth = made.comparison->change();
    if (std::min(worth.effective_baseline, worth.effective_candidate) < kLeastEffective) continue;
    ask_ours(claims, *made.comparison, levels, look, change);
  }
  return claims;
}

Release points_of(Random& random, const std::vector<double>& phi, double change) {
  const auto side = [&](double level) {
    core::SideMeasurement out;
    out.samples.values = arma(random, phi, {}, kLooks * kPointsPerLook);
    for (double& value : out.samples.values) value = level * std::exp(kSpread * value - kSpread * kSpread / 2.0);
    return out;
  };
  Release release;
  release.baseline = side(1.0);
  release.candidate = side(1.0 + change);
  return release;
}

Row points(std::string name, const std::vector<double>& phi, Design design, double least_power) {
  const auto draw = [phi](Random& random, double change) { return points_of(random, phi, change); };
  return {std::move(name), config::Kind::samples, design, kPointsPerLook, draw, least_power};
}

/// `per_minute` requests a slice of a minute, 2 % of which fail, moved by a latent process.
Row ratio(std::string name, double per_minute, double spread, double memory, double limit) {
  const auto draw = [=](Random& random, double change) {
    const auto side = [&](double rate) {
      core::SideMeasurement out;
      for (const double level : arma(random, {memory}, {}, kLooks)) {
        const double burst = std::exp(spread * level - spread * spread / 2.0);
        out.counts.totals.push_back(per_minute);
        out.counts.events.push_back(random.binomial(per_minute, rate * burst));
      }
      return out;
    };
    Release release;
    release.baseline = side(0.02);
    release.candidate = side(0.02 * (1.0 + change));
    return release;
  };
  return {std::move(name), config::Kind::ratio, Design::before_after, 1, draw, 0.0, limit};
}

std::vector<Row> rows() {
  return {points("thirty looks, independent", {}, Design::before_after, kLeastPower),
          points("thirty looks, AR(1) 0.6", {0.6}, Design::before_after, kLeastPower),
          points("thirty looks, AR(1) 0.9", {0.9}, Design::before_after, 0.0),
          points("thirty looks, AR(2) (0.5, 0.3)", {0.5, 0.3}, Design::before_after, 0.0),
          points("thirty looks, independent, side by side", {}, Design::side_by_side, kLeastPower),
          points("thirty looks, AR(1) 0.6, side by side", {0.6}, Design::side_by_side, 0.0),
          ratio("thirty looks, ratio 2 % of 500/min", 500, 0.0, 0.0, kMostAlarms),
          ratio("thirty looks, ratio 2 % of 500/min, bursts AR 0.6", 500, 0.5, 0.6, kBursty)};
}

/// By the name (FNV-1a), so that a row keeps its data when others come and go.
std::uint64_t stream_of(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return hash;
}

struct Cell {
  const Row* row = nullptr;
  std::size_t change = 0;
  Levels levels;
};

Rules run_chunk(const Cell& cell, const LookOptions& options, std::size_t first) {
  config::Metric metric;
  metric.kind = cell.row->kind;
  Rules rules;
  const double change = kChanges[cell.change];
  for (std::size_t run = first; run < std::min(first + kChunk, options.runs); ++run) {
    Random random(options.seed, stream_of(cell.row->name) + cell.change, run);
    const Release release = cell.row->draw(random, change);
    const Claims claims = watch(*cell.row, metric, cell.levels, release, change);
    rules.spending.add(claims.spending);
    rules.spending_safe.add(claims.spending_safe);
    rules.at_margin.add(claims.at_margin);
    rules.mixture.add(claims.mixture);
    rules.mixture_safe.add(claims.mixture_safe);
    rules.every_look.add(claims.every_look);
    rules.mann_whitney.add(claims.mann_whitney);
    rules.means.add(claims.means);
  }
  return rules;
}

std::vector<Rules> run_all(const std::vector<Cell>& cells, const LookOptions& options) {
  const std::size_t chunks = (options.runs + kChunk - 1) / kChunk;
  std::vector<Rules> parts(cells.size() * chunks);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < parts.size(); i = next++)
      parts[i] = run_chunk(cells[i / chunks], options, i % chunks * kChunk);
  };
  std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
  for (std::thread& thread : threads) thread = std::thread(work);
  for (std::thread& thread : threads) thread.join();
  std::vector<Rules> sums(cells.size());
  for (std::size_t i = 0; i < parts.size(); ++i) sums[i / chunks].add(parts[i]);
  return sums;
}

using Results = std::array<const Rules*, kChanges.size()>;

/// "4.8 / 89.0 / 100.0".
std::string three(const Results& results, Rule Rules::*rule) {
  std::string out;
  for (const Rules* rules : results) out += fmt::format("{}{:.1f}", out.empty() ? "" : " / ", 100.0 * (rules->*rule).share());
  return out;
}

void print_row(const Row& row, const Results& results) {
  fmt::print("| {} | {} | {} | {:.1f}, {:.1f} | {} | {} | {} | {} | {} | {} |\n", row.name, three(results, &Rules::spending),
             results[2]->spending.median(), 100.0 * results[1]->at_margin.share(), 100.0 * results[1]->spending_safe.share(),
             three(results, &Rules::mixture), results[2]->mixture.median(), three(results, &Rules::every_look),
             three(results, &Rules::mann_whitney), three(results, &Rules::means), results[2]->means.median());
}

void find_excesses(std::vector<std::string>& out, const Row& row, const Results& results) {
  const auto limit = [&](const std::string& what, const Rule& rule) {
    if (rule.share() > row.limit)
      out.push_back(
          fmt::format("{}: {} in {:.1f} % of runs, limit {} %", row.name, what, 100.0 * rule.share(), 100.0 * row.limit));
  };
  limit("harm at no change", results[0]->spending);
  limit("safety at a margin of 0", results[0]->spending_safe);
  limit("harm at +10 % with a margin of 10 %", results[1]->at_margin);
  limit("safety at +10 % with a margin of 10 %", results[1]->spending_safe);
  if (results[2]->spending.share() < row.least_power)
    out.push_back(fmt::format("{}: +30 % seen in {:.1f} % of runs, at least {} % wanted", row.name,
                              100.0 * results[2]->spending.share(), 100.0 * row.least_power));
}

}  // namespace

std::vector<std::string> print_looks(const LookOptions& options) {
  const std::vector<Row> all = rows();
  const std::array<Levels, 2> levels{Levels{spending_levels(Design::before_after), mixture_levels(Design::before_after)},
                                     Levels{spending_levels(Design::side_by_side), mixture_levels(Design::side_by_side)}};
  std::vector<Cell> cells;
  for (const Row& row : all) {
    if (row.name.find(options.only) == std::string::npos) continue;
    for (std::size_t k = 0; k < kChanges.size(); ++k)
      cells.push_back({&row, k, levels[row.design == Design::side_by_side ? 1 : 0]});
  }
  std::vector<std::string> over;
  if (cells.empty()) return over;
  const std::vector<Rules> rules = run_all(cells, options);
  fmt::print(
      "Thirty looks, one a minute, over {} runs (seed {}): harm claimed at any look at no change / +10 % / +30 %, margin 0, "
      "95 %; the median look at which +30 % was seen.\n\n"
      "| data | ours (spending) | look | wrong harm, wrong safety at a margin of 10 % | normal mixture | look | the limits of "
      "one look, each time | Mann–Whitney each time | 3 one-minute means > 1.1 × baseline | look |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n",
      options.runs, options.seed);
  for (std::size_t i = 0; i < cells.size(); i += kChanges.size()) {
    const Results results{&rules[i], &rules[i + 1], &rules[i + 2]};
    print_row(*cells[i].row, results);
    find_excesses(over, *cells[i].row, results);
  }
  fmt::print("\n");
  return over;
}

}  // namespace gate::bench
