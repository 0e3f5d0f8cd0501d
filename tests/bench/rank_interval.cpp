// Mann–Whitney's test, the Hodges–Lehmann shift and its interval at 2 × N values: writes the values for another program to read
// and prints the seconds of one comparison, the shift and its limits. rank_interval.sh sets R beside it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "false_alarms/random.h"
#include "stats/rank.h"

namespace {

using gate::stats::Direction;
using gate::stats::MarginKind;
using gate::stats::RankComparison;

std::vector<double> log_normal(gate::bench::Random& random, std::size_t count, double level) {
  std::vector<double> values(count);
  for (double& value : values) value = level * std::exp(0.25 * random.normal());
  return values;
}

void write(const std::string& path, const std::vector<double>& baseline, const std::vector<double>& candidate) {
  std::ofstream file(path);
  for (std::size_t i = 0; i < baseline.size(); ++i) file << fmt::format("{:.17g},{:.17g}\n", baseline[i], candidate[i]);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Seconds of one rank comparison"};
  std::size_t count = 10000;
  int rounds = 21;
  std::string path;
  app.add_option("--count", count, "values a side")->check(CLI::Range(2, 10000000));
  app.add_option("--rounds", rounds, "comparisons; the median time counts")->check(CLI::Range(1, 10000));
  app.add_option("--write", path, "where to write the values, baseline and candidate a line");
  CLI11_PARSE(app, argc, argv);

  gate::bench::Random random(1, 0, 0);
  const std::vector<double> baseline = log_normal(random, count, 1.0);
  const std::vector<double> candidate = log_normal(random, count, 1.02);
  if (!path.empty()) write(path, baseline, candidate);
  std::vector<double> seconds;
  gate::stats::Harm harm;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const auto comparison = RankComparison::prepare(baseline, candidate, gate::stats::Dependence::independent, 0.95);
    harm = *comparison->harm({Direction::increase, MarginKind::absolute, 0.0});
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(seconds.begin(), seconds.begin() + rounds / 2, seconds.end());
  fmt::print("{:.6f} {:.9f} {:.9f} {:.9f}\n", seconds[static_cast<std::size_t>(rounds / 2)], harm.point, harm.interval.lower,
             harm.interval.upper);
}
