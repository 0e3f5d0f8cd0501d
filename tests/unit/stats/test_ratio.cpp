#include <cmath>
#include <vector>

#include "near.h"
#include "stats/ratio.h"

using namespace gate::stats;

namespace {

struct Whole {
  double events, total;
};

Evaluated<RatioComparison> prepare(Whole baseline, Whole candidate, RatioMethod method = RatioMethod::score) {
  return RatioComparison::prepare({{&baseline.events, 1}, {&baseline.total, 1}},
                                  {{&candidate.events, 1}, {&candidate.total, 1}}, method, DispersionRule::from_slices, 0.95);
}

constexpr Contrast absolute(double margin) {
  return {Direction::increase, MarginKind::absolute, margin};
}
constexpr Contrast relative(double margin) {
  return {Direction::increase, MarginKind::relative, margin};
}

/// Equal to the relative precision of the reference's own root finding.
Approx close(double value) {
  return Approx(value).epsilon(1e-9).margin(1e-13);
}

}  // namespace

TEST_CASE("the skewness-corrected score") {
  // SciPy 1.10: the formulas of Laud (2017) written out, the restricted rates and the limits by optimize.brentq, the p-value by
  // stats.norm.sf.
  struct Case {
    Whole baseline, candidate;
    Contrast contrast;
    double lower, upper, p_value;
  };
  for (const Case& c :
       {Case{{100, 20000}, {9, 800}, absolute(0.0), 0.0012100785043603764, 0.013845045432706198, 0.016525334053337015},
        Case{{100, 20000}, {9, 800}, relative(0.1), 0.0006916316127140572, 0.013352681071193133, 0.0277921582478352},
        Case{{100, 20000}, {9, 800}, relative(-0.1), 0.0017268143633319278, 0.014338122017055968, 0.00905728856063609},
        Case{{30, 1000}, {45, 1000}, absolute(0.0), 0.0010347878763103007, 0.029297921548800492, 0.0387795101380932},
        Case{{1e7, 1e9}, {10010000, 1e9}, absolute(0.0), 2.679052484930688e-06, 1.7320948530015854e-05, 0.012327143574372364},
        Case{{3, 50}, {9, 40}, relative(0.2), 0.023690036581140744, 0.28772952415321146, 0.027265969501845653}}) {
    const auto harm = prepare(c.baseline, c.candidate)->harm(c.contrast);
    REQUIRE(harm.ok());
    INFO(c.baseline.events << " of " << c.baseline.total << ", " << c.candidate.events << " of " << c.candidate.total);
    CHECK(harm->interval.lower == close(c.lower));
    CHECK(harm->interval.upper == close(c.upper));
    CHECK(harm->p_value == close(c.p_value));
    CHECK(harm->p_safe == close(1.0 - c.p_value));
  }
  const Change change = prepare({100, 20000}, {9, 800})->change();
  CHECK(*change.relative == near(0.01125 / 0.005 - 1.0));
  CHECK(change.relative_interval->lower == close(0.2329012489297999));
  CHECK(change.relative_interval->upper == close(2.8661028465142318));
  CHECK(change.method == "ratio-score");
}

TEST_CASE("Newcombe's hybrid with a factor on the baseline") {
  // SciPy 1.10: Wilson's limits from stats.norm.ppf(0.95), combined by np.hypot.
  struct Case {
    Whole baseline, candidate;
    Contrast contrast;
    double lower, upper;
  };
  for (const Case& c : {Case{{48, 80}, {56, 70}, absolute(0.0), 0.07656419154407207, 0.31364458358294384},
                        Case{{100, 20000}, {9, 800}, relative(0.1), 0.0009555396388191521, 0.013781318049530363},
                        Case{{29, 29}, {9, 10}, absolute(0.0), -0.3477186673358583, 0.015183138041789418}}) {
    const auto harm = prepare(c.baseline, c.candidate, RatioMethod::newcombe)->harm(c.contrast);
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK((harm->p_value < 0.05) == (harm->interval.lower > 0.0));
  }
  // Newcombe (1998), table II, contrast (a): 56/70 − 48/80, 95 % two-sided: 0.0524 to 0.3339 by method 10.
  const auto harm = prepare({48, 80}, {56, 70}, RatioMethod::newcombe)->harm(absolute(0.0), 0.975);
  CHECK(harm->interval.lower == Approx(0.0524).margin(5e-5));
  CHECK(harm->interval.upper == Approx(0.3339).margin(5e-5));
}

TEST_CASE("limits, p-values and the other direction agree") {
  for (const RatioMethod method : {RatioMethod::score, RatioMethod::newcombe}) {
    const auto forward = prepare({40, 2000}, {70, 2500}, method);
    const auto swapped = prepare({70, 2500}, {40, 2000}, method);
    const auto up = forward->harm(absolute(0.001));
    const auto down = swapped->harm({Direction::decrease, MarginKind::absolute, 0.001});
    CHECK(up->interval.lower == close(down->interval.lower));
    CHECK(up->p_value == close(down->p_value));
    // A margin at a limit has the p-value 1 − confidence.
    const auto at_zero = forward->harm(absolute(0.0));
    CHECK(forward->harm(absolute(at_zero->interval.lower))->p_value == Approx(0.05).epsilon(1e-7));
    CHECK(forward->harm(absolute(at_zero->interval.upper))->p_safe == Approx(0.05).epsilon(1e-7));
    const auto share = forward->change().relative_interval;
    CHECK(forward->harm(relative(share->lower))->p_value == Approx(0.05).epsilon(1e-7));
    CHECK(forward->harm(relative(share->upper))->p_safe == Approx(0.05).epsilon(1e-7));
  }
}

TEST_CASE("empty and full ratios prove only what their totals carry") {
  struct Case {
    Whole baseline, candidate;
    double margin;
    const char* claim;
  };
  for (const RatioMethod method : {RatioMethod::score, RatioMethod::newcombe}) {
    for (const Case& c :
         {Case{{0, 100}, {0, 100}, 0.0, "unproven"}, Case{{0, 100}, {0, 100}, 0.05, "safe"},
          Case{{0, 10}, {0, 10}, 0.05, "unproven"}, Case{{0, 1}, {1, 1}, 0.0, "unproven"}, Case{{0, 2}, {2, 2}, 0.0, "any"},
          Case{{100, 100}, {100, 100}, 0.0, "unproven"}, Case{{100, 100}, {100, 100}, 0.05, "safe"},
          Case{{0, 100}, {100, 100}, 0.5, "harm"}, Case{{100, 100}, {0, 100}, 0.0, "safe"},
          Case{{0, 1e9}, {0, 1e9}, 1e-8, "safe"}, Case{{1e9, 1e9}, {1e9, 1e9}, 1e-8, "safe"}}) {
      INFO(c.baseline.events << " of " << c.baseline.total << ", " << c.candidate.events << " of " << c.candidate.total);
      const auto harm = prepare(c.baseline, c.candidate, method)->harm(absolute(c.margin));
      REQUIRE(harm.ok());
      const std::string claim = harm->interval.lower > 0.0 ? "harm" : harm->interval.upper <= 0.0 ? "safe" : "unproven";
      if (std::string(c.claim) != "any") CHECK(claim == c.claim);
      CHECK(harm->interval.lower <= harm->point);
      CHECK(harm->point <= harm->interval.upper);
      CHECK(std::isfinite(harm->p_value));
      CHECK(std::isfinite(harm->detectable));
    }
  }
  // SciPy 1.10: optimize.brentq on the score of 0 of 100 against 0 of 100.
  CHECK(prepare({0, 100}, {0, 100})->harm(absolute(0.0))->interval.upper == close(0.020851276818475716));
}

TEST_CASE("what a ratio cannot answer has a named reason") {
  struct Case {
    Whole baseline, candidate;
    Unusable reason;
  };
  for (const Case& c : {Case{{0, 0}, {1, 10}, Unusable::no_data}, Case{{1, 10}, {0, 0}, Unusable::no_data},
                        Case{{11, 10}, {1, 10}, Unusable::bad_counts}, Case{{-1, 10}, {1, 10}, Unusable::bad_counts},
                        Case{{1, -10}, {1, 10}, Unusable::bad_counts}, Case{{NAN, 10}, {1, 10}, Unusable::not_finite},
                        Case{{1, kInfinity}, {1, 10}, Unusable::not_finite}}) {
    const auto prepared = prepare(c.baseline, c.candidate);
    REQUIRE_FALSE(prepared.ok());
    CHECK(prepared.reason() == c.reason);
  }
  CHECK(prepare({0, 100}, {5, 100})->harm(relative(0.1)).reason() == Unusable::baseline_near_zero);
  CHECK_FALSE(prepare({0, 100}, {5, 100})->change().relative.has_value());
  CHECK(prepare({1, 100}, {5, 100})->harm({Direction::decrease, MarginKind::relative, 1.0}).reason() == Unusable::bad_margin);
}

TEST_CASE("bursts widen the interval, steady slices do not") {
  std::vector<double> totals(60, 100.0);
  std::vector<double> steady(60), bursty(60);
  for (std::size_t i = 0; i < 60; ++i) {
    steady[i] = i % 3 == 0 ? 4.0 : 5.0;
    bursty[i] = i / 6 % 5 == 0 ? 21.0 : 1.0;
  }
  const auto quiet =
      RatioComparison::prepare({steady, totals}, {steady, totals}, RatioMethod::score, DispersionRule::from_slices, 0.95);
  CHECK(quiet->dispersion().baseline == 1.0);
  const auto loud =
      RatioComparison::prepare({steady, totals}, {bursty, totals}, RatioMethod::score, DispersionRule::from_slices, 0.95);
  CHECK(loud->dispersion().candidate > 10.0);
  const auto careless =
      RatioComparison::prepare({steady, totals}, {bursty, totals}, RatioMethod::score, DispersionRule::none, 0.95);
  CHECK(careless->dispersion().candidate == 1.0);
  CHECK(loud->harm(absolute(0.0))->standard_error > 2.5 * careless->harm(absolute(0.0))->standard_error);
  // A side without an event has no variance of its own and takes the other's.
  const std::vector<double> none(60, 0.0);
  const auto silent =
      RatioComparison::prepare({bursty, totals}, {none, totals}, RatioMethod::score, DispersionRule::from_slices, 0.95);
  CHECK(silent->dispersion().candidate == silent->dispersion().baseline);
  // Slices without traffic are no reason to refuse.
  totals[3] = steady[3] = 0.0;
  CHECK(
      RatioComparison::prepare({steady, totals}, {steady, totals}, RatioMethod::score, DispersionRule::from_slices, 0.95).ok());
}

TEST_CASE("as much more data as is asked for proves the point") {
  const auto comparison = prepare({50, 10000}, {30, 5000});
  CHECK_FALSE(comparison->harm(absolute(0.0))->interval.lower > 0.0);
  const double growth = *comparison->needs_factor(absolute(0.0), 0.95);
  CHECK(growth > 1.0);
  const auto grown = prepare({50 * growth, 10000 * growth}, {30 * growth, 5000 * growth});
  // Power 0.8 on top of 0.95: the p-value is the tail beyond z_0.95 + z_0.8.
  CHECK(grown->harm(absolute(0.0))->p_value ==
        Approx(0.5 * std::erfc((1.6448536269514722 + 0.8416212335729143) / std::sqrt(2.0))).epsilon(1e-6));
  CHECK_FALSE(prepare({50, 10000}, {25, 5000})->needs_factor(absolute(0.0), 0.95).has_value());
}
