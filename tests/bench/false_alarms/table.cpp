#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace gate::bench {
namespace {

struct Column {
  Rule rule;
  const char* title;
};
constexpr std::array<Column, 8> kOthers{Column{Rule::ranked, "ours, method rank"},
                                        Column{Rule::means, "ratio of means > 1.1"},
                                        Column{Rule::welch, "Welch"},
                                        Column{Rule::newcombe, "Newcombe"},
                                        Column{Rule::mann_whitney, "Mann–Whitney"},
                                        Column{Rule::kayenta, "Kayenta's rule"},
                                        Column{Rule::minutes, "3 one-minute means > 1.1 × baseline"},
                                        Column{Rule::each_minute, "Mann–Whitney each minute"}};

/// The rules of others that promise 5 %, as ours does: what they see where they keep it is what can be seen.
constexpr std::array<Rule, 4> kRivals{Rule::welch, Rule::newcombe, Rule::mann_whitney, Rule::each_minute};

constexpr auto kNotes =
    "\n–: a rule that cannot be applied. Ranks need points; Newcombe's interval a ratio; Welch, Mann–Whitney and Kayenta more\n"
    "than one number a side; minutes need data by the minute, which whole windows, releases of one value and histograms do "
    "not\n"
    "give, and slices of more than a minute neither. Quantiles have no other rule of ours, and those of others look at their\n"
    "mean. With thirty looks every rule is asked each minute, Mann–Whitney too: in the last column; Newcombe is not asked.\n";

double share(std::size_t count, const Tally& tally) {
  return static_cast<double>(count) / static_cast<double>(tally.asked);
}

std::string percent(std::size_t count, const Tally& tally) {
  return tally.asked == 0 ? "–" : fmt::format("{:.1f}", 100.0 * share(count, tally));
}

/// "4.8 / 89.0 / 100.0": how often a rule claims harm at no change, +10 % and +25 %.
std::string three(const TableRow& row, Rule rule) {
  if (row.results[0].of(rule).asked == 0) return "–";
  std::vector<std::string> out;
  for (const Tallies& tallies : row.results) out.push_back(percent(tallies.of(rule).harm, tallies.of(rule)));
  return fmt::format("{}", fmt::join(out, " / "));
}

/// "4.9, 5.1": how often ours claims harm at exactly the margin of 0 and of 10 %; likewise safety.
std::string wrong(const TableRow& row, std::size_t Tally::*claim) {
  const Tally& zero = row.results[0].of(Rule::ours);
  const Tally& small = row.results[1].of(Rule::at_margin);
  return percent(zero.*claim, zero) + ", " + percent(small.*claim, small);
}

/// How often the best of the rivals sees the change `k`, of those whose false alarms keep the limit.
double best_valid_power(const TableRow& row, std::size_t k) {
  double best = 0.0;
  for (const Rule rule : kRivals) {
    const Tally& none = row.results[0].of(rule);
    if (none.asked == 0 || share(none.harm, none) > row.limits.wrong) continue;
    best = std::max(best, share(row.results[k].of(rule).harm, row.results[k].of(rule)));
  }
  return best;
}

/// Wrong claims of ours above the limit.
struct Excess {
  std::string what;
  double share = 0.0;
};

std::vector<Excess> excesses(const TableRow& row) {
  std::vector<Excess> out;
  const auto look = [&](const std::string& what, std::size_t count, const Tally& tally) {
    if (tally.asked == 0 || share(count, tally) <= row.limits.wrong) return;
    out.push_back({fmt::format("{} in {} %", what, percent(count, tally)), share(count, tally)});
  };
  const auto both = [&](const std::string& rule, const Tally& zero, const Tally& small) {
    look(rule + " claims harm at no change", zero.harm, zero);
    look(rule + " claims safety at a margin of 0", zero.safe, zero);
    look(rule + " claims harm at +10 % with a margin of 10 %", small.harm, small);
    look(rule + " claims safety at +10 % with a margin of 10 %", small.safe, small);
  };
  both("ours", row.results[0].of(Rule::ours), row.results[1].of(Rule::at_margin));
  both("ours by rank", row.results[0].of(Rule::ranked), row.results[1].of(Rule::ranked_at_margin));
  return out;
}

bool is_known(const TableRow& row, const Excess& excess) {
  return row.limits.known && excess.share <= row.limits.known->most;
}

void add_powers(std::vector<std::string>& out, const TableRow& row) {
  for (std::size_t k = 1; k < kChanges.size(); ++k) {
    const Tally& ours = row.results[k].of(Rule::ours);
    const double own = share(ours.harm, ours);
    const double best = best_valid_power(row, k);
    if (own >= best - row.limits.power_lag) continue;
    out.push_back(fmt::format("{}: ours sees +{:.0f} % in {:.1f} % of runs, a rule that keeps the limit in {:.1f} %", row.name,
                              100.0 * kChanges[k], 100.0 * own, 100.0 * best));
  }
  const Tally& ours = row.results.back().of(Rule::ours);
  if (share(ours.harm, ours) >= row.limits.least_power) return;
  out.push_back(fmt::format("{}: ours sees +25 % in {} % of runs, wanted are {:.0f} %", row.name, percent(ours.harm, ours),
                            100.0 * row.limits.least_power));
}

void print_heading() {
  fmt::print("| data | ours | wrong harm at margin 0, 10 % | wrong safety at margin 0, 10 % |");
  for (const Column& column : kOthers) fmt::print(" {} |", column.title);
  fmt::print("\n|---|---|---|---|");
  for (std::size_t i = 0; i < kOthers.size(); ++i) fmt::print("---|");
  fmt::print("\n");
}

}  // namespace

void Table::add(TableRow row) {
  if (rows_.empty()) print_heading();
  fmt::print("| {} | {} | {} | {} |", row.name, three(row, Rule::ours), wrong(row, &Tally::harm), wrong(row, &Tally::safe));
  for (const Column& column : kOthers) fmt::print(" {} |", three(row, column.rule));
  fmt::print("\n");
  std::fflush(stdout);
  fmt::print(stderr, "row {}: {}\n", rows_.size() + 1, row.name);
  rows_.push_back(std::move(row));
}

void Table::print_notes() const {
  if (rows_.empty()) return;
  fmt::print("{}", kNotes);
  for (const TableRow& row : rows_) {
    std::vector<std::string> known;
    for (const Excess& excess : excesses(row))
      if (is_known(row, excess)) known.push_back(excess.what);
    if (!known.empty()) fmt::print("\n- {}: {}.\n  {}.\n", row.name, fmt::join(known, "; "), row.limits.known->why);
  }
}

std::vector<std::string> Table::unexplained() const {
  std::vector<std::string> out;
  for (const TableRow& row : rows_) {
    add_powers(out, row);
    for (const Excess& excess : excesses(row)) {
      if (is_known(row, excess)) continue;
      const double limit = row.limits.known ? row.limits.known->most : row.limits.wrong;
      out.push_back(fmt::format("{}: {}, limit {} %", row.name, excess.what, 100.0 * limit));
    }
  }
  return out;
}

}  // namespace gate::bench
