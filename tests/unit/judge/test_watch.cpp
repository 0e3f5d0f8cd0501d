#include <catch2/catch.hpp>

#include "gates.h"
#include "judge/watch.h"

using namespace gate;
using judge::Watch;
using judge::test::at;

namespace {

constexpr std::size_t kLooks = 6;

core::Looks six_looks() {
  return {at(0), std::chrono::minutes(1), std::chrono::minutes(6), std::chrono::minutes(3)};
}

std::vector<double> growing() {
  std::vector<double> out;
  for (std::size_t k = 1; k <= kLooks; ++k) out.push_back(static_cast<double>(k) / kLooks);
  return out;
}

core::Measurement failed() {
  core::Measurement out;
  out.metric = "latency";
  out.error = core::Error{"RG1010", "prom: connection refused", "", {}, {}};
  return out;
}

core::Measurement pending() {
  core::Measurement out;
  out.metric = "latency";
  out.pending = true;
  return out;
}

/// What one look of a change with a limit of 10 % sees, by one letter: H harm, S safe, w unproven within, b unproven beyond, e
/// an error, t too little data, p not due.
core::Measurement change_of(char letter) {
  switch (letter) {
    case 'H':
      return judge::test::measured(0.45);
    case 'S':
      return judge::test::measured(0.3, 0.001);
    case 'w':
      return judge::test::measured(0.31, 0.3);
    case 'b':
      return judge::test::measured(0.34, 0.3);
    case 't':
      return judge::test::measured(0.3, 0.01, 3);
    case 'p':
      return pending();
    default:
      return failed();
  }
}

/// And of a limit on the value of 400 ms: V violated, S holds.
core::Measurement value_of(char letter) {
  if (letter == 'V') return judge::test::measured(0.5);
  if (letter == 'S') return judge::test::measured(0.3);
  return change_of(letter);
}

config::Metric on_change() {
  return judge::test::latency({judge::test::criterion(config::Rule::increase_over, {judge::test::bound("10%", 0.1, true)})});
}

config::Metric on_value() {
  return judge::test::latency({judge::test::criterion(config::Rule::above, {judge::test::bound("400ms", 0.4)})});
}

struct Ended {
  std::string end;  ///< "" while it goes on
  std::size_t look = 0;
  core::Verdict verdict = core::Verdict::inconclusive;
};

Ended follow(const config::Metric& metric, const std::string& letters, core::Measurement (*measurement_of)(char)) {
  Watch watch(judge::test::gate_of({metric}), six_looks(), {{"latency", growing()}});
  watch.begin({pending()});
  std::size_t number = 0;
  for (const char letter : letters) {
    watch.take(++number, {measurement_of(letter)});
    if (watch.is_over()) break;
  }
  const core::Report report = watch.report({});
  REQUIRE(report.watch);
  CHECK(report.watch->history.size() == number);
  return {watch.is_over() ? std::string(core::name(report.watch->end)) : "", number, report.verdict};
}

/// Looks by their letters, and how a watch that sees them ends.
struct Looked {
  const char* looks;
  const char* end;
  std::size_t at;
  core::Verdict verdict;
};

void check_ends(const config::Metric& metric, core::Measurement (*measurement_of)(char), std::initializer_list<Looked> cases) {
  for (const Looked& c : cases) {
    INFO(c.looks);
    const Ended ended = follow(metric, c.looks, measurement_of);
    CHECK(ended.end == c.end);
    CHECK(ended.look == c.at);
    CHECK(ended.verdict == c.verdict);
  }
}

}  // namespace

TEST_CASE("a change with an interval: harm at once, safety after the minimum, else the table at the horizon") {
  using core::Verdict;
  check_ends(on_change(), change_of,
             {
                 Looked{"H", "harm", 1, Verdict::fail},
                 Looked{"wwH", "harm", 3, Verdict::fail},
                 Looked{"S", "", 1, Verdict::pass},  // safe, and too early: a leak needs time to show
                 Looked{"SS", "", 2, Verdict::pass},
                 Looked{"SSS", "safe", 3, Verdict::pass},
                 Looked{"SSwS", "safe", 4, Verdict::pass},
                 Looked{"wwSH", "safe", 3, Verdict::pass},
                 Looked{"wwwwwb", "horizon", 6, Verdict::inconclusive},
                 Looked{"bbbbbw", "horizon", 6, Verdict::warn},
                 Looked{"wwwwwS", "horizon", 6, Verdict::pass},
                 Looked{"wwwwwH", "harm", 6, Verdict::fail},
                 Looked{"tttttt", "horizon", 6, Verdict::inconclusive},
                 Looked{"ppwwSS", "safe", 5, Verdict::pass},
                 Looked{"pppppp", "horizon", 6, Verdict::inconclusive},
                 Looked{"wb", "", 2, Verdict::inconclusive},
             });
}

TEST_CASE("looks without an answer: skipped, three running an error, and so is one at the horizon") {
  using core::Verdict;
  check_ends(on_change(), change_of,
             {
                 Looked{"eewee", "", 5, Verdict::error},
                 Looked{"eee", "error", 3, Verdict::error},
                 Looked{"weee", "error", 4, Verdict::error},
                 Looked{"eewS", "safe", 4, Verdict::pass},
                 Looked{"eeH", "harm", 3, Verdict::fail},
                 Looked{"SSe", "", 3, Verdict::error},  // no pass on what was true a minute ago
                 Looked{"SSeS", "safe", 4, Verdict::pass},
                 Looked{"wwwwwe", "horizon", 6, Verdict::error},
             });
}

TEST_CASE("a limit on a value has to be violated at three looks running, but for the horizon") {
  using core::Verdict;
  check_ends(on_value(), value_of,
             {
                 Looked{"V", "", 1, Verdict::inconclusive},
                 Looked{"VV", "", 2, Verdict::inconclusive},
                 Looked{"VVV", "harm", 3, Verdict::fail},
                 Looked{"VVSVV", "safe", 3, Verdict::pass},
                 Looked{"SVVSVV", "safe", 4, Verdict::pass},
                 Looked{"SVSVV", "safe", 3, Verdict::pass},
                 Looked{"SVVtVV", "horizon", 6, Verdict::fail},
                 Looked{"VVeV", "harm", 4, Verdict::fail},  // an answer that is missing ends no row, and adds to none
                 Looked{"VeV", "", 3, Verdict::inconclusive},
                 Looked{"tttttV", "horizon", 6, Verdict::fail},
             });
}

TEST_CASE("a violation that is not confirmed says so, and holds back a pass") {
  config::Metric value = on_value();
  value.id = "value";
  Watch watch(judge::test::gate_of({on_change(), value}), six_looks(), {{"latency", growing()}, {"value", growing()}});
  const auto look = [&](std::size_t number, char change, char limit) {
    core::Measurement other = value_of(limit);
    other.metric = "value";
    watch.take(number, {change_of(change), other});
  };
  look(3, 'S', 'V');
  CHECK_FALSE(watch.is_over());
  core::Report report = watch.report({});
  CHECK(report.verdict == core::Verdict::inconclusive);
  CHECK(report.metrics[1].criteria[0].outcome == core::Outcome::unproven);
  CHECK(report.metrics[1].headline == "p99 latency is 500 ms; the limit is 400 ms. Seen at 1 of 3 looks running.");
  look(4, 'H', 'V');
  CHECK(watch.is_over());
  report = watch.report({});
  // What is proven fails; what is not yet confirmed does not beside it.
  CHECK(report.metrics[0].verdict == core::Verdict::fail);
  CHECK(report.metrics[1].verdict == core::Verdict::inconclusive);
}

TEST_CASE("optional metrics neither fail a watch nor hold it up") {
  config::Metric optional = on_change();
  optional.id = "optional";
  optional.required = false;
  Watch watch(judge::test::gate_of({on_change(), optional}), six_looks(), {{"latency", growing()}, {"optional", growing()}});
  for (std::size_t number = 1; number <= 3; ++number) {
    core::Measurement other = failed();
    other.metric = "optional";
    watch.take(number, {change_of('S'), other});
    CHECK(watch.is_over() == (number == 3));
  }
  const core::Report report = watch.report({});
  CHECK(core::name(report.watch->end) == "safe");
  CHECK(report.verdict == core::Verdict::warn);
}

TEST_CASE("a score counts once the watch is over, and can hold back an early pass") {
  config::Metric optional = on_change();
  optional.id = "optional";
  optional.required = false;
  config::Gate gate = judge::test::gate_of({on_change(), optional});
  gate.pass_score = 80.0;
  Watch watch(gate, six_looks(), {{"latency", growing()}, {"optional", growing()}});
  for (std::size_t number = 1; number <= kLooks; ++number) {
    core::Measurement other = change_of('b');
    other.metric = "optional";
    watch.take(number, {change_of('S'), other});
    CHECK(watch.report({}).verdict == (number < kLooks ? core::Verdict::warn : core::Verdict::fail));
  }
  CHECK(core::name(watch.report({}).watch->end) == "horizon");
}

TEST_CASE("levels: known beforehand, of growing data by spending, of others in equal parts") {
  config::Metric other = on_change();
  other.id = "other";
  const auto levels = [&](const std::vector<std::size_t>& numbers) {
    Watch watch(judge::test::gate_of({on_change(), other}), six_looks(), {{"latency", growing()}});
    std::vector<std::pair<double, double>> out;
    for (const std::size_t number : numbers) {
      core::Measurement second = change_of('w');
      second.metric = "other";
      watch.take(number, {change_of('w'), second});
      const core::Report report = watch.report({});
      const auto& seen = report.watch->history.back().metrics;
      out.emplace_back(seen[0].level, seen[1].level);
    }
    return out;
  };
  const auto all = levels({1, 2, 3, 4, 5, 6});
  CHECK(all[0].first == Approx(1.0 - 1.2e-6).epsilon(1e-6));
  for (std::size_t k = 1; k < all.size(); ++k) CHECK(all[k].first < all[k - 1].first);
  CHECK(all[5].first > 0.95);
  for (const auto& [growing_level, equal] : all) CHECK(equal == Approx(1.0 - 0.05 / 6));
  // A watch that was started anew in the middle goes on with the same levels.
  const auto late = levels({5, 6});
  CHECK(late[0] == all[4]);
  CHECK(late[1] == all[5]);
}

TEST_CASE("a formula is judged at the level of the part that knows least") {
  config::Metric part = on_change();
  config::Metric made = on_change();
  made.id = "made";
  made.kind = config::Kind::derived;
  config::Formula formula;
  formula.text = "latency";
  formula.nodes.push_back({});
  formula.nodes.back().operation = config::Formula::Operation::metric;
  formula.nodes.back().metric = "latency";
  formula.metrics = {"latency"};
  made.formula = config::WrittenFormula{formula, {}};
  Watch watch(judge::test::gate_of({part, made}), six_looks(), {{"latency", growing()}});
  core::Measurement derived;
  derived.metric = "made";
  watch.take(4, {change_of('w'), derived});
  const core::Report report = watch.report({});
  const auto& seen = report.watch->history.back().metrics;
  CHECK(seen[1].level == seen[0].level);
}

TEST_CASE("interrupted: the verdict so far, the signal's exit code, and what was seen") {
  Watch watch(judge::test::gate_of({on_change()}), six_looks(), {{"latency", growing()}});
  watch.begin({pending()});
  judge::Ending ending;
  ending.signal = 15;
  core::Report report = watch.report(ending);
  CHECK(report.exit_code == 143);
  CHECK(report.verdict == core::Verdict::inconclusive);
  CHECK(report.notes.back() == "no look was taken");
  watch.take(2, {change_of('w')});
  report = watch.report(ending);
  CHECK(report.exit_code == 143);
  CHECK(core::name(report.watch->end) == "interrupted");
  CHECK(report.notes.back() ==
        "look 2 of 6, 2 min after the candidate's window opened: interrupted; intervals hold at all looks together");
}

TEST_CASE("the moments of looks") {
  core::Looks looks = six_looks();
  looks.longest = std::chrono::seconds(330);
  CHECK(looks.count() == 6);
  CHECK(looks.at(1) == at(1));
  CHECK(looks.at(6) == at(0) + std::chrono::seconds(330));  // the last one is at the horizon
  CHECK(looks.newest(at(-1)) == 0);
  CHECK(looks.newest(at(0)) == 0);
  CHECK(looks.newest(at(2) + std::chrono::seconds(59)) == 2);
  CHECK(looks.newest(at(60)) == 6);
}
