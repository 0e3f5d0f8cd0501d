#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/differences.h"
#include "stats/distributions.h"
#include "stats/rank.h"

using namespace gate::stats;

namespace {

const std::vector<double> kBaseline{10.1, 9.8, 10.4, 10.0, 9.7, 10.3, 12.5, 8.9};
const std::vector<double> kCandidate{11.0, 11.4, 10.2, 11.9, 10.8, 9.95, 13.1};

constexpr Contrast absolute(double margin) {
  return {Direction::increase, MarginKind::absolute, margin};
}
constexpr Contrast relative(double margin) {
  return {Direction::increase, MarginKind::relative, margin};
}

RankComparison compare(const std::vector<double>& baseline, const std::vector<double>& candidate,
                       Dependence dependence = Dependence::independent) {
  const auto prepared = RankComparison::prepare(baseline, candidate, dependence, 0.95);
  REQUIRE(prepared.ok());
  return *prepared;
}

std::vector<double> all_differences(const std::vector<double>& baseline, const std::vector<double>& candidate, double factor) {
  std::vector<double> all;
  for (const double b : baseline)
    for (const double c : candidate) all.push_back(c - factor * b);
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

TEST_CASE("the exact distribution of U") {
  // R 4.2: pwilcox(q, n, m).
  struct Case {
    std::size_t n, m, u;
    double probability;
  };
  for (const Case& c : {Case{5, 9, 0, 0.0004995004995004995}, Case{5, 9, 3, 0.0034965034965034965},
                        Case{5, 9, 20, 0.39860139860139859}, Case{49, 30, 500, 0.008605554904597093},
                        Case{49, 30, 735, 0.5020024591810528}, Case{49, 30, 900, 0.95264663196091548}, Case{1, 1, 0, 0.5}}) {
    CHECK(mann_whitney_cumulative(c.n, c.m)[c.u] == near(c.probability));
    CHECK(mann_whitney_cumulative(c.m, c.n)[c.u] == near(c.probability));
  }
}

TEST_CASE("exact below fifty values without ties") {
  // R 4.2: wilcox.test(candidate, factor * baseline, mu = margin, alternative = "greater"), "less" for a decrease, the other
  // alternative for p_safe; conf.int = TRUE, conf.level = 0.90 for the limits. exact = TRUE.
  struct Case {
    Contrast contrast;
    double point, lower, upper, p_value, p_safe;
  };
  for (const Case& c : {Case{absolute(0.0), 1.0, 0.15, 1.9, 0.036052836052836053, 0.97296037296037297},
                        Case{absolute(0.33), 0.67, -0.18, 1.57, 0.094638694638694648, 0.92400932400932401},
                        Case{relative(0.07), 0.307, -0.536, 1.2, 0.34716394716394722, 0.69370629370629366},
                        Case{{Direction::decrease, MarginKind::relative, 0.07},
                             -1.693,
                             -2.523,
                             -0.836,
                             0.99813519813519813,
                             0.0029526029526029526}}) {
    const auto harm = compare(kBaseline, kCandidate).harm(c.contrast);
    REQUIRE(harm.ok());
    CHECK(harm->point == near(c.point));
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK(harm->p_value == near(c.p_value));
    CHECK(harm->p_safe == near(c.p_safe));
  }
}

TEST_CASE("normal with ties and continuity otherwise") {
  // R 4.2: wilcox.test(candidate, baseline, mu = margin, exact = FALSE, correct = TRUE), "greater" and "less".
  struct Case {
    std::vector<double> baseline, candidate;
    double margin, p_value, p_safe;
  };
  std::vector<double> moved = lehmer(75, 2);
  for (double& value : moved) value += 0.1;
  const std::vector<double> few{1, 2, 2, 3, 3, 3, 4, 4, 5, 6};
  const std::vector<double> more{2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 7, 8};
  for (const Case& c : {Case{few, more, 0.0, 0.024365518746157493, 0.97921247089528785},
                        Case{few, more, 1.0, 0.22048142741825802, 0.7988650680831102},
                        Case{lehmer(60, 1), moved, 0.0, 0.066949373865102163, 0.93362317960137697}}) {
    const auto harm = compare(c.baseline, c.candidate).harm(absolute(c.margin));
    CHECK(harm->p_value == near(c.p_value));
    CHECK(harm->p_safe == near(c.p_safe));
  }
  // R finds its limits as roots of a step function, so they lie within a step of the order statistics.
  const auto harm = compare(lehmer(60, 1), moved).harm(absolute(0.0));
  CHECK(harm->point == near(0.090521974624377652));
  CHECK(harm->interval.lower == Approx(-0.0097274749122326313).margin(1e-3));
  CHECK(harm->interval.upper == Approx(0.17286666942451684).margin(1e-3));
  const auto tied = compare(few, more).harm(absolute(0.0));
  CHECK(tied->point == 2.0);
  CHECK(tied->interval.lower == 0.0);
  CHECK(tied->interval.upper == 3.0);
}

TEST_CASE("the limits are order statistics of all the differences") {
  std::vector<double> candidate = lehmer(75, 2);
  const std::vector<double> baseline = lehmer(60, 1);
  for (const double factor : {1.0, 1.1, 0.25}) {
    const std::vector<double> all = all_differences(baseline, candidate, factor);
    for (const std::uint64_t rank : {1U, 2U, 700U, 2250U, 2251U, 4499U, 4500U}) {
      CHECK(select_difference(sorted(baseline), sorted(candidate), factor, rank) == all[rank - 1]);
    }
    for (const double shift : {-2.0, -0.3, 0.0, 0.05, all[77], 2.0}) {
      const PairCounts counts = count_pairs(sorted(baseline), sorted(candidate), factor, shift);
      const auto [first, last] = std::equal_range(all.begin(), all.end(), shift);
      CHECK(counts.below == static_cast<std::uint64_t>(first - all.begin()));
      CHECK(counts.equal == static_cast<std::uint64_t>(last - first));
      CHECK(next_difference(sorted(baseline), sorted(candidate), factor, shift) == (last == all.end() ? kInfinity : *last));
    }
  }
}

TEST_CASE("a difference is found among values of any size, and among ties") {
  std::vector<double> wild = lehmer(90, 5);
  for (std::size_t i = 0; i < wild.size(); ++i) wild[i] *= std::pow(10.0, static_cast<double>(i % 10) * 60.0 - 300.0);
  std::vector<double> tied(80);
  for (std::size_t i = 0; i < tied.size(); ++i) tied[i] = static_cast<double>(i % 3);
  std::vector<double> outlier = lehmer(100, 9);
  outlier[50] = 1e300;
  for (const auto& [baseline, candidate] : {std::pair(wild, lehmer(70, 6)), std::pair(tied, tied), std::pair(outlier, wild),
                                            std::pair(std::vector<double>(64, 4.0), tied)}) {
    const std::vector<double> all = all_differences(baseline, candidate, 1.0);
    for (std::size_t rank = 1; rank <= all.size(); rank += all.size() / 37)
      CHECK(select_difference(sorted(baseline), sorted(candidate), 1.0, rank) == all[rank - 1]);
  }
}

TEST_CASE("a relative margin compares with the baseline times one plus it") {
  std::vector<double> raised = kBaseline;
  for (double& value : raised) value *= 1.07;
  const auto harm = compare(kBaseline, kCandidate).harm(relative(0.07));
  const auto same = compare(raised, kCandidate).harm(absolute(0.0));
  CHECK(harm->p_value == near(same->p_value));
  CHECK(harm->interval.lower == near(same->interval.lower));
  CHECK(harm->interval.upper == near(same->interval.upper));
  CHECK(harm->margin_absolute == near(0.07 * 10.05));
  // The relative interval is where the answer changes.
  const Change change = compare(kBaseline, kCandidate).change();
  REQUIRE(change.relative_interval.has_value());
  for (const double step : {-1e-6, 1e-6}) {
    const auto low = compare(kBaseline, kCandidate).harm(relative(change.relative_interval->lower + step));
    const auto high = compare(kBaseline, kCandidate).harm(relative(change.relative_interval->upper + step));
    CHECK((low->interval.lower > 0.0) == (step < 0.0));
    CHECK((high->interval.upper <= 0.0) == (step > 0.0));
  }
  CHECK(change.baseline == near(10.05));
  CHECK(change.candidate == near(11.0));
  CHECK(change.absolute == near(1.0));
  CHECK(change.method == "rank-mann-whitney");
}

TEST_CASE("dependence inflates the variance of U") {
  // SciPy 1.10: U by stats.mannwhitneyu, the inflation of the midranks (stats.rankdata) by the formulas of long_run.h, p by
  // stats.t with 2·120/f − 2 degrees.
  const RankComparison comparison =
      compare(autoregression({0.6}, 120, 1, 10.0), autoregression({0.6}, 120, 2, 10.2), Dependence::autocorrelated);
  CHECK(comparison.dependence().inflation == near(3.113440255083012));
  const auto harm = comparison.harm(absolute(0.0));
  CHECK(harm->p_value == near(0.05722007319660655));
  CHECK(harm->p_safe == near(0.9428973997427257));
  CHECK(comparison.change().effective_baseline == near(38.54257354194854));
  CHECK(comparison.harm(absolute(0.0))->interval.lower < 0.0);
}

TEST_CASE("sides of different spread scatter more than sides that are alike") {
  // Few wide values beside many narrow ones; in turn above and below, so that nothing is inflated. SciPy 1.10:
  // stats.brunnermunzel(b, c, distribution="normal") has the statistic 1.4556445628902186 = 127.5/sqrt(7672.0); with
  // continuity and 70 degrees stats.t.cdf((232.5 − 360 + 0.5)/sqrt(7672.0)). By the variance of sides alike: 0.0295.
  std::vector<double> baseline, candidate;
  for (int i = 0; i < 60; ++i) baseline.push_back((i % 2 == 0 ? 1.0 : -1.0) * (i + 1) / 60.0);
  for (int j = 0; j < 12; ++j) candidate.push_back(1.3 + (j % 2 == 0 ? 3.0 : -3.0) * (j + 1) / 12.0);
  const auto harm = compare(baseline, candidate, Dependence::autocorrelated).harm(absolute(0.0));
  CHECK(harm->p_value == near(0.07577111904754753));
  CHECK(harm->interval.lower < 0.0);
}

TEST_CASE("what few values cannot prove, they do not") {
  struct Case {
    std::vector<double> baseline, candidate;
  };
  for (const Case& c : {Case{{1}, {9}}, Case{{1, 2}, {8, 9}}, Case{{1, 2}, {7, 8, 9}}, Case{{1, 1}, {2, 2}}}) {
    for (const Dependence dependence : {Dependence::independent, Dependence::autocorrelated}) {
      const auto harm = compare(c.baseline, c.candidate, dependence).harm(absolute(0.0));
      CHECK(harm->interval.lower == -kInfinity);
      CHECK(harm->interval.upper == kInfinity);
      CHECK(harm->p_value >= 0.05);
      CHECK_FALSE(std::isnan(harm->p_safe));
      CHECK(harm->detectable == kInfinity);
    }
  }
  // Three against three: one order of twenty, 0.05, is just enough.
  CHECK(compare({1, 2, 3}, {7, 8, 9}).harm(absolute(0.0))->p_value == near(0.05));
}

TEST_CASE("equal values, and ties everywhere") {
  const std::vector<double> ones(30, 1.0);
  const auto same = compare(ones, ones).harm(absolute(0.0));
  CHECK(same->interval.lower == 0.0);
  CHECK(same->interval.upper == 0.0);
  CHECK(compare(ones, std::vector<double>(30, 2.0)).harm(absolute(0.0))->interval.lower == 1.0);
  CHECK(compare(std::vector<double>(30, 2.0), ones).harm(absolute(0.0))->interval.upper == -1.0);
  // Nine in ten are ones on one side, two in three on the other: the typical shift is 0, yet the candidate is worse. Neither
  // safety nor harm may be read from the shift; mirrored, the fall is as unproven.
  std::vector<double> rare(120, 1.0), often(120, 1.0);
  for (std::size_t i = 0; i < 12; ++i) rare[i * 10] = 2.0;
  for (std::size_t i = 0; i < 40; ++i) often[i * 3] = 2.0;
  const auto worse = compare(rare, often).harm(absolute(0.0));
  CHECK(worse->p_value < 0.001);
  CHECK(worse->interval.lower <= 0.0);
  CHECK(worse->interval.upper == 1.0);
  const auto mirrored = compare(often, rare).harm({Direction::decrease, MarginKind::absolute, 0.0});
  CHECK(mirrored->p_value == near(worse->p_value));
  CHECK(mirrored->interval.upper == 1.0);
  CHECK(compare(often, rare).harm(absolute(0.0))->interval.upper == 0.0);
}

TEST_CASE("what ranks cannot be asked has a named reason") {
  const auto reason = [](std::vector<double> baseline, std::vector<double> candidate) {
    return RankComparison::prepare(baseline, candidate, Dependence::autocorrelated, 0.95).reason();
  };
  CHECK(reason({}, {1, 2}) == Unusable::no_data);
  CHECK(reason({1, 2}, {}) == Unusable::no_data);
  CHECK(reason({1, NAN}, {1, 2}) == Unusable::not_finite);
  CHECK(reason({1, 2}, {1, -kInfinity}) == Unusable::not_finite);
  CHECK(compare({-3, -2, -1}, kCandidate).harm(relative(0.1)).reason() == Unusable::baseline_not_positive);
  CHECK(compare({-3, 1, 1.5, 2, -1}, kCandidate).harm(relative(0.1)).reason() == Unusable::baseline_near_zero);
  CHECK(compare(kBaseline, kCandidate).harm(relative(-1.0)).reason() == Unusable::bad_margin);
  CHECK(compare(kBaseline, kCandidate).harm(absolute(0.0), 1.0).reason() == Unusable::bad_confidence);
  CHECK_FALSE(compare({-3, 1, 2}, kCandidate).change().relative.has_value());
}

TEST_CASE("ranks at both ends of the range of double") {
  for (const double unit : {1e-300, 1.0, 1e300}) {
    std::vector<double> baseline = kBaseline;
    std::vector<double> candidate = kCandidate;
    for (double& value : baseline) value *= unit;
    for (double& value : candidate) value *= unit;
    INFO(unit);
    const auto harm = compare(baseline, candidate).harm(absolute(0.0));
    CHECK(harm->point / unit == near(1.0));
    CHECK(harm->interval.lower / unit == near(0.15));
    CHECK(harm->p_value == near(0.036052836052836053));
  }
}
