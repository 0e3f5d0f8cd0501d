#include "releases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "judge/releases.h"
#include "parallel.h"
#include "random.h"
#include "stats/change_points.h"
#include "stats/distributions.h"
#include "stats/quantiles.h"

namespace gate::bench {
namespace {

constexpr double kSpread = 0.05;  ///< between releases, as is common for a p99 over half an hour
constexpr double kLimit = 0.0575;
constexpr double kConfidence = 0.95;

/// Values of `count` releases without a change, `drift` apart from one to the next.
std::vector<double> quiet(Random& random, std::size_t count, double drift = 0.0) {
  std::vector<double> values(count);
  double level = 1.0;
  for (double& value : values) {
    value = level * std::exp(kSpread * random.normal());
    level *= 1.0 + drift;
  }
  return values;
}

config::Metric metric_of(bool anchored) {
  config::Metric metric;
  metric.kind = config::Kind::value;
  metric.compare.design = config::Design::previous_releases;
  if (anchored) metric.compare.anchor_release = "anchor";
  return metric;
}

core::PastReleases past_of(const std::vector<double>& values) {
  core::PastReleases out;
  for (const double value : values) {
    out.last.emplace_back();
    out.last.back().value = value;
  }
  return out;
}

/// What one run of a trial claims.
struct Claim {
  bool harm = false;
  bool safe = false;
};

struct Trial {
  std::string name;
  double limit = kLimit;  ///< of harm and of safety, where nothing or just the margin has changed; 1 for rows that show power
  std::function<Claim(Random&)> run;
};

/// Harm against either reference, safety against both: what the judge makes of a bound with an anchor.
Claim anchored(Random& random, std::size_t count, double change, double margin) {
  const config::Metric metric = metric_of(true);
  core::PastReleases past = past_of(quiet(random, count));
  past.anchor.emplace();
  past.anchor->value = quiet(random, 1).front();
  const double candidate = (1.0 + change) * quiet(random, 1).front();
  const stats::Contrast contrast{stats::Direction::increase, stats::MarginKind::relative, margin};
  Claim out{false, true};
  for (const judge::MadeComparison& made :
       {judge::compare_releases(metric, past, candidate), judge::compare_anchor(metric, past, candidate)}) {
    const auto harm = made.comparison->harm(contrast, kConfidence);
    out.harm = out.harm || (harm && harm->interval.lower > 0.0);
    out.safe = out.safe && harm && harm->interval.upper <= 0.0;
  }
  return out;
}

/// The robust rule that looks right: the median, and the MAD scaled to a standard deviation, in the place of mean and
/// deviation.
Claim by_median(Random& random, std::size_t count) {
  std::vector<double> values = quiet(random, count);
  const double candidate = quiet(random, 1).front();
  const double median = stats::quantile(values, 0.5);
  for (double& value : values) value = std::abs(value - median);
  const double deviation = 1.4826 * stats::quantile(values, 0.5);
  const auto n = static_cast<double>(count);
  const double reach = stats::student_quantile(kConfidence, n - 1.0) * deviation * std::sqrt(1.0 + 1.0 / n);
  return {candidate - median > reach, false};
}

/// Slow drift of 2 % a release, nothing else, against a limit of 10 %: what each reference sees of the 22 % since the anchor.
Claim ratchet(Random& random, bool with_anchor) {
  const std::vector<double> values = quiet(random, 12, 0.02);
  const config::Metric metric = metric_of(with_anchor);
  core::PastReleases past = past_of({values.begin() + 1, values.end() - 1});
  past.anchor.emplace();
  past.anchor->value = values.front();
  const stats::Contrast contrast{stats::Direction::increase, stats::MarginKind::relative, 0.10};
  const auto by_mean = judge::compare_releases(metric, past, values.back()).comparison->harm(contrast, kConfidence);
  Claim out{by_mean && by_mean->interval.lower > 0.0, false};
  if (!with_anchor) return out;
  const auto by_anchor = judge::compare_anchor(metric, past, values.back()).comparison->harm(contrast, kConfidence);
  out.harm = out.harm || (by_anchor && by_anchor->interval.lower > 0.0);
  return out;
}

/// Any change point in `count` releases, the last `moved` of them `change` higher. With a move: one within two releases of it.
Claim change_point(Random& random, std::size_t count, std::size_t moved, double change) {
  std::vector<double> values = quiet(random, count);
  for (std::size_t i = count - moved; i < count; ++i) values[i] *= 1.0 + change;
  stats::ChangePointOptions options;
  options.permutations = 199;
  const auto found = stats::change_points(values, options);
  if (moved == 0) return {!found.empty(), false};
  const auto near = [&](const stats::ChangePoint& one) {
    return one.first + 2 >= count - moved && one.first <= count - moved + 2;
  };
  return {std::any_of(found.begin(), found.end(), near), false};
}

std::vector<Trial> trials() {
  std::vector<Trial> out;
  for (const std::size_t count : {std::size_t{5}, std::size_t{10}}) {
    out.push_back({fmt::format("releases with an anchor, N = {}, no change, margin 0", count), kLimit,
                   [=](Random& random) { return anchored(random, count, 0.0, 0.0); }});
    out.push_back({fmt::format("releases with an anchor, N = {}, +10 %, margin 10 %", count), kLimit,
                   [=](Random& random) { return anchored(random, count, 0.10, 0.10); }});
    out.push_back({fmt::format("releases with an anchor, N = {}, +25 %, margin 0 (power)", count), 1.0,
                   [=](Random& random) { return anchored(random, count, 0.25, 0.0); }});
    out.push_back({fmt::format("median and MAD with t, N = {}, no change (no rule)", count), 1.0,
                   [=](Random& random) { return by_median(random, count); }});
  }
  out.push_back({"2 % worse each release, limit 10 %, last 10 alone (power)", 1.0,
                 [](Random& random) { return ratchet(random, false); }});
  out.push_back({"2 % worse each release, limit 10 %, with an anchor (power)", 1.0,
                 [](Random& random) { return ratchet(random, true); }});
  for (const std::size_t count : {std::size_t{10}, std::size_t{20}, std::size_t{40}}) {
    out.push_back({fmt::format("change points, {} releases, no change", count), kLimit,
                   [=](Random& random) { return change_point(random, count, 0, 0.0); }});
    out.push_back({fmt::format("change points, {} releases, the last 5 are 15 % worse (power)", count), 1.0,
                   [=](Random& random) { return change_point(random, count, 5, 0.15); }});
  }
  return out;
}

struct Counted {
  std::size_t harm = 0;
  std::size_t safe = 0;

  void add(const Counted& other) {
    harm += other.harm;
    safe += other.safe;
  }
};

}  // namespace

void add_releases(std::vector<Scenario>& out) {
  for (const std::size_t count : {std::size_t{5}, std::size_t{10}}) {
    const auto draw = [count](const config::Metric&, Random& random, double change) {
      Draw drawn;
      drawn.baseline.points = quiet(random, count);
      drawn.candidate.points = {(1.0 + change) * quiet(random, 1).front()};
      drawn.measurement.past = past_of(drawn.baseline.points);
      drawn.measurement.candidate.value = drawn.candidate.points.front();
      return drawn;
    };
    out.push_back({fmt::format("previous releases, N = {}, 5 % spread", count), metric_of(false), draw});
  }
}

std::vector<std::string> print_release_trials(const TrialOptions& options) {
  std::vector<Trial> asked = trials();
  const auto is_left_out = [&](const Trial& trial) { return trial.name.find(options.only) == std::string::npos; };
  asked.erase(std::remove_if(asked.begin(), asked.end(), is_left_out), asked.end());
  std::vector<std::string> over;
  if (asked.empty()) return over;
  const auto work = [&](Counted& sum, std::size_t cell, std::size_t run) {
    Random random(options.seed, stream_of(asked[cell].name), run);
    const Claim claim = asked[cell].run(random);
    sum.add({claim.harm ? 1U : 0U, claim.safe ? 1U : 0U});
  };
  const auto counted = sum_over_runs<Counted>(asked.size(), options.runs, work);
  const auto share = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(options.runs); };
  fmt::print("\n| one value a release, {} runs | claims harm, or a move | claims safety |\n|---|---|---|\n", options.runs);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Trial& trial = asked[i];
    fmt::print("| {} | {:.1f} | {:.1f} |\n", trial.name, 100.0 * share(counted[i].harm), 100.0 * share(counted[i].safe));
    for (const auto& [what, count] : {std::pair{"harm", counted[i].harm}, {"safety", counted[i].safe}}) {
      if (share(count) > trial.limit)
        over.push_back(fmt::format("{}: claims {} in {:.1f} % of runs, limit {} %", trial.name, what, 100.0 * share(count),
                                   100.0 * trial.limit));
    }
  }
  return over;
}

}  // namespace gate::bench
