#include "looks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>
#include <utility>

#include "look_rules.h"
#include "parallel.h"

namespace gate::bench {
namespace {

/// Those of the table, and one more.
constexpr std::array<double, 4> kTrueChanges{kChanges[0], kChanges[1], kChanges[2], 0.30};

/// How often a rule claimed something, by the look at which it did so first.
struct Firsts {
  std::size_t runs = 0;
  std::array<std::size_t, kLooks> firsts{};

  void add(const std::optional<std::size_t>& first) {
    ++runs;
    if (first) ++firsts[*first];
  }
  void add(const Firsts& other) {
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
  [[nodiscard]] std::size_t claims() const { return std::accumulate(firsts.begin(), firsts.end(), std::size_t{0}); }
  /// Of those that claimed: the look by which half of them had.
  [[nodiscard]] std::size_t median() const {
    for (std::size_t looks = 1; looks <= kLooks; ++looks)
      if (share() > 0.0 && 2.0 * share_by(looks) >= share()) return looks;
    return 0;
  }
};

struct LookTallies {
  std::array<Firsts, kLookRules> rules;

  [[nodiscard]] const Firsts& of(LookRule rule) const { return rules[static_cast<std::size_t>(rule)]; }
  void add(const Claims& claims) {
    for (std::size_t i = 0; i < kLookRules; ++i) rules[i].add(claims[i]);
  }
  void add(const LookTallies& other) {
    for (std::size_t i = 0; i < kLookRules; ++i) rules[i].add(other.rules[i]);
  }
};

/// Of one row: a change each.
using Results = std::array<LookTallies, kTrueChanges.size()>;

/// "4.8 / 89.0 / 100.0": at no change, +10 % and +30 %.
std::string three(const Results& results, LookRule rule) {
  std::vector<double> shares;
  for (const LookTallies* tallies : {&results[0], &results[1], &results.back()})
    shares.push_back(100.0 * tallies->of(rule).share());
  return fmt::format("{:.1f}", fmt::join(shares, " / "));
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
void write_by_look(const std::string& path, const std::vector<LookRow>& rows, const std::vector<Results>& results) {
  std::ofstream out(path);
  out << "data,rule";
  for (std::size_t looks = 1; looks <= kLooks; ++looks) out << "," << looks;
  out << "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Named& named : kDrawn) {
      out << fmt::format("\"{}\",\"{}\"", rows[i].name, named.name);
      for (std::size_t looks = 1; looks <= kLooks; ++looks)
        out << fmt::format(",{:.4f}", results[i][0].of(named.rule).share_by(looks));
      out << "\n";
    }
  }
}

void print_row(const LookRow& row, const Results& results) {
  const auto median = [&](LookRule rule) { return results.back().of(rule).median(); };
  fmt::print("| {} | {} | {} | {} | {} | {} | {} |\n", row.name, three(results, LookRule::ours), median(LookRule::ours),
             three(results, LookRule::mixture), median(LookRule::mixture), three(results, LookRule::every_look),
             median(LookRule::minutes));
}

/// A look row as one of the table.
TableRow table_row(const LookRow& row, const Results& results) {
  constexpr std::array<std::pair<Rule, LookRule>, 6> kSame{
      std::pair{Rule::ours, LookRule::ours},       {Rule::means, LookRule::means},     {Rule::welch, LookRule::welch},
      {Rule::each_minute, LookRule::mann_whitney}, {Rule::kayenta, LookRule::kayenta}, {Rule::minutes, LookRule::minutes}};
  TableRow out{row.name, row.limits, {}};
  for (std::size_t k = 0; k < kChanges.size(); ++k) {
    const LookTallies& from = results[k];
    Tallies& to = out.results[k];
    for (const auto& [rule, look_rule] : kSame) to.of(rule) = {from.of(look_rule).runs, from.of(look_rule).claims(), 0};
    to.of(Rule::ours).safe = from.of(LookRule::ours_safe).claims();
    const Firsts& at_margin = from.of(LookRule::ours_at_margin);
    to.of(Rule::at_margin) = {at_margin.runs, at_margin.claims(), from.of(LookRule::ours_safe).claims()};
  }
  return out;
}

}  // namespace

struct LookTrials::Content {
  std::vector<LookRow> rows;
  std::vector<Results> results;
};

LookTrials::LookTrials(const LookOptions& options, Table& table) : content_(std::make_unique<Content>()) {
  for (LookRow& row : look_rows()) {
    if (row.name.find(options.only) == std::string::npos) continue;
    const LookLevels levels = look_levels(row.design);
    const auto work = [&](LookTallies& sum, std::size_t change, std::size_t run) {
      Random random(options.seed, stream_of(row.name) + change, run);
      const Release release = row.draw(random, kTrueChanges[change]);
      sum.add(watch(row, levels, release, kTrueChanges[change]));
    };
    const auto sums = sum_over_runs<LookTallies>(kTrueChanges.size(), options.runs, work);
    Results results;
    std::copy(sums.begin(), sums.end(), results.begin());
    table.add(table_row(row, results));
    content_->rows.push_back(std::move(row));
    content_->results.push_back(results);
  }
}

LookTrials::~LookTrials() = default;

std::vector<std::string> LookTrials::print() const {
  std::vector<std::string> over;
  if (content_->rows.empty()) return over;
  fmt::print(
      "\nThirty looks, one a minute: harm claimed at any look at no change / +10 % / +30 %, and the median look at which +30 % "
      "was seen.\n\n"
      "| data | ours (spending) | look | normal mixture | look | ours, the limits of one look | look of 3 minutes > 1.1 × "
      "baseline "
      "|\n|---|---|---|---|---|---|---|\n");
  for (std::size_t i = 0; i < content_->rows.size(); ++i) {
    const LookRow& row = content_->rows[i];
    const Results& results = content_->results[i];
    print_row(row, results);
    const double found = results.back().of(LookRule::ours).share();
    if (found < row.least_found)
      over.push_back(fmt::format("{}: +30 % seen in {:.1f} % of runs, at least {} % wanted", row.name, 100.0 * found,
                                 100.0 * row.least_found));
  }
  return over;
}

void LookTrials::write_by_look(const std::string& path) const {
  bench::write_by_look(path, content_->rows, content_->results);
}

}  // namespace gate::bench
