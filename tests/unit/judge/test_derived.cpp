#include <catch2/catch.hpp>
#include <cmath>
#include <variant>

#include "gates.h"
#include "judge/formula_value.h"
#include "judge/judge.h"

using namespace gate;
using namespace gate::judge::test;
using config::Rule;
using core::Evidence;
using core::Outcome;
using core::Verdict;

namespace {

config::Formula formula(const std::string& text) {
  return std::get<config::Formula>(config::parse_formula(text));
}

config::Metric derived(const std::string& text, std::vector<config::Criterion> criteria) {
  config::Metric metric = latency(std::move(criteria));
  metric.id = "d";
  metric.title = "cost of a request";
  metric.kind = config::Kind::derived;
  metric.source.clear();
  metric.unit = *core::parse_unit("EUR");
  metric.formula = config::WrittenFormula{formula(text), {}};
  return metric;
}

/// Requests of 20 slices a side, and the cost as samples or one number.
struct Scene {
  config::Metric cost, requests;
  core::Measurement cost_measured, requests_measured, blank;

  Scene() {
    cost = latency({});
    cost.id = cost.title = "cost";
    cost.unit = *core::parse_unit("EUR");
    cost.judged = false;
    cost_measured = measured(0.4, 0.01);
    cost_measured.metric = "cost";
    requests = latency({});
    requests.id = requests.title = "requests";
    requests.kind = config::Kind::count;
    requests.unit = {};
    requests.judged = false;
    requests_measured.metric = "requests";
    for (core::SideMeasurement* side : {&requests_measured.baseline, &requests_measured.candidate}) {
      side->window = side == &requests_measured.baseline ? cost_measured.baseline.window : cost_measured.candidate.window;
      for (int i = 0; i < 20; ++i) {
        side->counts.times.push_back(side->window->start + std::chrono::seconds(90 * (i + 1)));
        side->counts.events.push_back(i % 2 == 0 ? 95 : 105);
        side->counts.totals.push_back(1.0);
      }
    }
    blank.metric = "d";
  }

  core::MetricReport judge(const config::Metric& metric) {
    const auto report = judge::judge(gate_of({cost, requests, metric}), {cost_measured, requests_measured, blank}, at(60), {});
    return report.metrics.back();
  }
};

const auto kRise = [] { return criterion(Rule::increase_over, {bound("10%", 0.1, true)}); };

}  // namespace

TEST_CASE("a formula's value, and its slope in each metric") {
  struct Case {
    const char* text;
    double value;
    std::vector<double> gradient;
  };
  const std::vector<double> values = {3.0, 4.0};  // in the order of the text
  for (const Case& c :
       {Case{"a + b", 7, {1, 1}}, Case{"a - b", -1, {1, -1}}, Case{"a * b", 12, {4, 3}}, Case{"a / b", 0.75, {0.25, -0.1875}},
        Case{"-a + 2 * b", 5, {-1, 2}}, Case{"a / (a + b)", 3.0 / 7.0, {4.0 / 49.0, -3.0 / 49.0}},
        Case{"a * a - b", 5, {6, -1}}, Case{"1000 * (a - 1) / b", 500, {250, -125}}}) {
    INFO(c.text);
    const auto found = judge::evaluate(formula(c.text), values, {});
    REQUIRE(found.value.has_value());
    CHECK(*found.value == Approx(c.value));
    REQUIRE(found.gradient.size() == c.gradient.size());
    for (std::size_t i = 0; i < c.gradient.size(); ++i) CHECK(found.gradient[i] == Approx(c.gradient[i]));
    // The same slopes by differences.
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::vector<double> moved = values;
      moved[i] += 1e-6;
      CHECK((*judge::evaluate(formula(c.text), moved, {}).value - *found.value) / 1e-6 == Approx(c.gradient[i]).epsilon(1e-4));
    }
  }
}

TEST_CASE("a formula without a value") {
  const auto zero = judge::evaluate(formula("a / (b - 4)"), std::vector<double>{3.0, 4.0}, {});
  CHECK_FALSE(zero.value.has_value());
  CHECK(zero.divisor == "(b - 4)");
  const auto large = judge::evaluate(formula("a * b"), std::vector<double>{1e300, 1e300}, {});
  CHECK_FALSE(large.value.has_value());
  CHECK(large.divisor.empty());
  CHECK(judge::evaluate(formula("a / b"), std::vector<double>{3.0, 4.0}, std::vector<double>{1.0, 2.0}).least_divisor ==
        Approx(2.0));
}

TEST_CASE("a derived metric is judged with an interval by the delta method") {
  Scene scene;
  const auto report = scene.judge(derived("1000 * cost / requests", {kRise()}));
  CHECK(report.evidence == Evidence::enough);
  CHECK(*report.baseline->value == Approx(3.0));
  CHECK(*report.candidate->value == Approx(4.0));
  REQUIRE(report.change.has_value());
  CHECK(report.change->method == "delta-method");
  REQUIRE(report.change->interval.has_value());
  CHECK(report.criteria.front().outcome == Outcome::violated);
  CHECK(report.verdict == Verdict::fail);
  CHECK(report.candidate->window == scene.cost_measured.candidate.window);
  CHECK(report.notes.front() == "made of cost 0.300 EUR → 0.400 EUR, requests 100 → 100");
  CHECK(report.queries.front().text == "1000 * cost / requests");
}

TEST_CASE("the error is that of the parts") {
  // se of the mean: 0.01 · sqrt(100/99) / 10 (alternating points have no inflation); of the rate: sqrt(100 / 20).
  Scene scene;
  const auto report = scene.judge(derived("1000 * cost / requests", {kRise()}));
  const double before = 3.0 * std::hypot(0.01 * std::sqrt(100.0 / 99.0) / 10.0 / 0.3, std::sqrt(100.0 / 20.0) / 100.0);
  const double after = 4.0 * std::hypot(0.01 * std::sqrt(100.0 / 99.0) / 10.0 / 0.4, std::sqrt(100.0 / 20.0) / 100.0);
  const double reach = (report.change->interval->upper - report.change->interval->lower) / 2.0;
  // t with more than thirty degrees: between 1.645 and 1.70.
  CHECK(reach / std::hypot(before, after) > 1.645);
  CHECK(reach / std::hypot(before, after) < 1.70);
}

TEST_CASE("units of the parts are converted") {
  Scene scene;
  scene.cost.unit = *core::parse_unit("ms");
  config::Metric metric = derived("cost * 2 + cost", {criterion(Rule::above, {bound("1ms", 0.001)})});
  metric.unit = *core::parse_unit("s");
  CHECK(*scene.judge(metric).candidate->value == Approx(0.0012));
  scene.cost.unit = *core::parse_unit("%");
  metric.unit = *core::parse_unit("%");
  metric.formula = config::WrittenFormula{formula("1 - cost"), {}};
  CHECK(*scene.judge(metric).candidate->value == Approx(99.6));
}

TEST_CASE("two bare numbers when a part has no error") {
  Scene scene;
  scene.cost.kind = config::Kind::value;
  scene.cost_measured.baseline.value = 0.3;
  scene.cost_measured.candidate.value = 0.4;
  const auto report = scene.judge(derived("1000 * cost / requests", {kRise()}));
  CHECK(report.criteria.front().outcome == Outcome::violated);
  CHECK_FALSE(report.change->interval.has_value());
  CHECK(report.change->method == "two numbers");
  CHECK(report.notes.back() == "no uncertainty available: none is known of cost");
}

TEST_CASE("what is wrong with a part is wrong with what is made of it") {
  struct Case {
    const char* name;
    void (*change)(Scene&);
    Evidence evidence;
    Verdict verdict;
    const char* headline;
    const char* brief;
  };
  for (const Case& c : {
           Case{"error",
                [](Scene& s) {
                  s.cost_measured.error = core::Error{"RG1101", "prom: refused", "look", {}, {}};
                },
                Evidence::error, Verdict::error, "Could not ask cost: prom: refused. Says nothing about the release.",
                "cost: prom: refused"},
           Case{"pending",
                [](Scene& s) {
                  s.requests_measured.pending = true;
                  s.requests_measured.due = at(90);
                },
                Evidence::pending, Verdict::inconclusive, "Not due: made of requests, whose data are there 13:34 UTC.",
                "due 13:34 UTC"},
           Case{"no data", [](Scene& s) { s.cost_measured.candidate.samples = {}; }, Evidence::none, Verdict::inconclusive,
                "Made of cost: prom answered, without one usable point in the candidate window 12:09 UTC to 12:39 UTC.",
                "cost: no data"},
           Case{"thin", [](Scene& s) { s.requests.min_events = 1e6; }, Evidence::thin, Verdict::inconclusive,
                "Made of requests: Too little: 2000 of at least 1000000 events in the candidate window 12:09 UTC to 12:39 UTC.",
                "requests: needs 1000000 events"},
           Case{
               "silent",
               [](Scene& s) {
                 s.cost_measured.candidate.samples.values.assign(60, 0.3);
                 s.cost_measured.candidate.samples.times.resize(60);
               },
               Evidence::thin, Verdict::inconclusive,
               "Made of cost: The data stopped at 12:23:45 UTC, 15 min 15 s before the candidate window 12:09 UTC to 12:39 UTC "
               "ended.",
               "cost: data stopped 12:23:45 UTC"},
           Case{"zero", [](Scene& s) { s.requests_measured.candidate.counts.events.assign(20, 0.0); }, Evidence::none,
                Verdict::inconclusive, "cost of a request cannot be computed for the candidate: requests is zero.",
                "requests is zero"},
           Case{"few", [](Scene& s) { s.requests_measured.candidate.counts.events.assign(20, 0.2); }, Evidence::none,
                Verdict::inconclusive,
                "cost of a request cannot be compared: a part of the formula has fewer than five events on one side, too few "
                "for "
                "the delta method.",
                "not comparable"},
       }) {
    INFO(c.name);
    Scene scene;
    c.change(scene);
    const auto report = scene.judge(derived("1000 * cost / requests", {kRise()}));
    CHECK(report.evidence == c.evidence);
    CHECK(report.verdict == c.verdict);
    CHECK(report.headline == c.headline);
    CHECK(report.brief == c.brief);
  }
}

TEST_CASE("a divisor that may as well be zero makes no interval") {
  Scene scene;
  for (core::SideMeasurement* side : {&scene.cost_measured.baseline, &scene.cost_measured.candidate}) {
    for (std::size_t i = 0; i < side->samples.values.size(); ++i) side->samples.values[i] = i % 2 == 0 ? 1.001 : -1.0;
  }
  const auto report = scene.judge(derived("requests / cost", {kRise()}));
  CHECK(report.headline == "cost of a request cannot be compared: what the formula divides by cannot be told from zero.");
}

TEST_CASE("formulas over formulas") {
  Scene scene;
  config::Metric half = derived("cost / 2", {});
  half.id = half.title = "half";
  half.judged = false;
  core::Measurement blank_half;
  blank_half.metric = "half";
  const config::Metric metric = derived("1000 * half / requests", {kRise()});
  const auto report = judge::judge(gate_of({scene.cost, scene.requests, half, metric}),
                                   {scene.cost_measured, scene.requests_measured, blank_half, scene.blank}, at(60), {});
  CHECK(*report.metrics.back().candidate->value == Approx(2.0));
  CHECK(report.metrics.back().change->interval.has_value());
  // Half the cost in between changes nothing but the size.
  const auto direct = scene.judge(derived("500 * cost / requests", {kRise()}));
  CHECK(report.metrics.back().change->interval->lower == Approx(direct.change->interval->lower));
}

TEST_CASE("parts with windows of their own, and without a baseline") {
  Scene scene;
  scene.requests_measured.candidate.window->end += std::chrono::minutes(5);
  config::Metric metric = derived("1000 * cost / requests", {criterion(Rule::above, {bound("3.5", 3.5)})});
  const auto report = scene.judge(metric);
  CHECK_FALSE(report.candidate->window.has_value());
  CHECK(report.criteria.front().outcome == Outcome::violated);
  metric.compare.design = config::Design::none;
  const auto alone = scene.judge(metric);
  CHECK_FALSE(alone.baseline.has_value());
  CHECK(alone.notes.front() == "made of cost 0.400 EUR, requests 100");
}
