// The block bootstrap of a p99 at 2 × N values: writes the values for another program to read and prints the seconds of one
// comparison, the change, its limits, the resamples and the lengths of the blocks. quantile_bootstrap.py sets NumPy beside it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "false_alarms/random.h"
#include "stats/quantile_comparison.h"

namespace {

using gate::stats::Grouping;
using gate::stats::QuantileComparison;

std::vector<double> log_normal(gate::bench::Random& random, std::size_t count, double level) {
  std::vector<double> values = gate::bench::arma(random, {0.6}, {}, count);
  for (double& value : values) value = level * std::exp(0.25 * value);
  return values;
}

void write(const std::string& path, const std::vector<double>& baseline, const std::vector<double>& candidate) {
  std::ofstream file(path);
  for (std::size_t i = 0; i < baseline.size(); ++i) file << fmt::format("{:.17g},{:.17g}\n", baseline[i], candidate[i]);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Seconds of one comparison of two quantiles by a block bootstrap"};
  std::size_t count = 10000;
  int rounds = 11;
  double probability = 0.99;
  std::string path;
  app.add_option("--count", count, "values a side")->check(CLI::Range(100, 10000000));
  app.add_option("--rounds", rounds, "comparisons; the median time counts")->check(CLI::Range(1, 10000));
  app.add_option("--probability", probability, "of the quantile")->check(CLI::Range(0.01, 0.999));
  app.add_option("--write", path, "where to write the values, baseline and candidate a line");
  CLI11_PARSE(app, argc, argv);

  gate::bench::Random random(1, 0, 0);
  const std::vector<double> baseline = log_normal(random, count, 1.0);
  const std::vector<double> candidate = log_normal(random, count, 1.02);
  if (!path.empty()) write(path, baseline, candidate);
  std::vector<double> seconds;
  gate::stats::Change change;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    change = QuantileComparison::prepare({baseline, {}}, {candidate, {}}, probability, Grouping::time, 0.95)->change();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(seconds.begin(), seconds.begin() + rounds / 2, seconds.end());
  if (!change.bootstrap || !change.interval) return 1;
  fmt::print("{:.6f} {:.9f} {:.9f} {:.9f} {} {} {}\n", seconds[static_cast<std::size_t>(rounds / 2)], change.absolute,
             change.interval->lower, change.interval->upper, change.bootstrap->resamples, change.bootstrap->blocks[0],
             change.bootstrap->blocks[1]);
}
