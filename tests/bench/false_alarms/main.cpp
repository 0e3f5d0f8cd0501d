// How often the gate claims what is not so, and how often it sees what is: a table in Markdown, from data drawn at random with
// a known change. Options: --runs N, --seed S, --only TEXT (rows whose name holds it), --check (exit 1 when a limit on wrong
// claims or on power is passed), --by-look FILE (false alarms after each of thirty looks, as CSV). The same seed gives the same
// table. Progress goes to standard error.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "looks.h"
#include "parallel.h"
#include "releases.h"
#include "table.h"

namespace {

using gate::bench::kChanges;
using gate::bench::Random;
using gate::bench::Scenario;
using gate::bench::Table;
using gate::bench::Tallies;

struct Options {
  std::size_t runs = 5000;
  std::uint64_t seed = 1;
  std::string only;
  std::string by_look;
  bool check = false;
};

/// Every scenario that is asked for, at each of the table's changes.
void add_scenarios(Table& table, const Options& options) {
  for (const Scenario& scenario : gate::bench::scenarios()) {
    if (scenario.name.find(options.only) == std::string::npos) continue;
    const auto work = [&](Tallies& sum, std::size_t cell, std::size_t run) {
      Random random(options.seed, gate::bench::stream_of(scenario.name) + cell, run);
      ask_rules(sum, scenario, scenario.draw(scenario.metric, random, kChanges[cell]), kChanges[cell]);
    };
    const auto sums = gate::bench::sum_over_runs<Tallies>(kChanges.size(), options.runs, work);
    gate::bench::TableRow row{scenario.name, scenario.limits, {}};
    std::copy(sums.begin(), sums.end(), row.results.begin());
    table.add(std::move(row));
  }
}

int run(const Options& options) {
  fmt::print(
      "Share of {} runs (seed {}) in per cent. Three figures: harm claimed at no change / +10 % / +25 %, margin 0, 95 %.\n\n",
      options.runs, options.seed);
  Table table;
  add_scenarios(table, options);
  const gate::bench::LookTrials looks({options.runs, options.seed, options.only}, table);
  table.print_notes();
  if (!options.by_look.empty()) looks.write_by_look(options.by_look);
  std::vector<std::string> over = table.unexplained();
  for (std::string& line : looks.print()) over.push_back(std::move(line));
  for (std::string& line : gate::bench::print_release_trials({options.runs, options.seed, options.only}))
    over.push_back(std::move(line));
  fmt::print("\n");
  for (const std::string& line : over) fmt::print("over its limit: {}\n", line);
  if (over.empty())
    fmt::print(
        "every wrong claim of ours stays within its limit or is explained, and no rule that keeps it sees 10 points more\n");
  return options.check && !over.empty() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"False alarms and power of the gate's rules, by simulation"};
  Options options;
  app.add_option("--runs", options.runs, "runs of each cell")->check(CLI::Range(1, 10000000));
  app.add_option("--seed", options.seed, "seed of all random numbers");
  app.add_option("--only", options.only, "rows whose name holds this text");
  app.add_option("--by-look", options.by_look, "a CSV file for the false alarms after each of thirty looks");
  app.add_flag("--check", options.check, "exit 1 when a limit is passed");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
