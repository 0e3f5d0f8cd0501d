#include <cmath>
#include <vector>

#include "near.h"
#include "series.h"
#include "stats/mean.h"

using namespace gate::stats;

namespace {

const std::vector<double> kBaseline{10.1, 9.8, 10.4, 10.0, 9.7, 10.3};
const std::vector<double> kCandidate{11.0, 11.4, 10.2, 11.9, 10.8};

constexpr Contrast absolute(double margin) {
  return {Direction::increase, MarginKind::absolute, margin};
}
constexpr Contrast relative(double margin) {
  return {Direction::increase, MarginKind::relative, margin};
}

MeanComparison compare(const std::vector<double>& baseline, const std::vector<double>& candidate,
                       Dependence dependence = Dependence::independent) {
  const auto prepared = MeanComparison::prepare(baseline, candidate, dependence, 0.95);
  REQUIRE(prepared.ok());
  return *prepared;
}

}  // namespace

TEST_CASE("independent means agree with Welch's test") {
  // R 4.2: t.test(candidate, baseline, alternative = "greater"): df 5.2213351101781393, p 0.01015553395900777.
  // SciPy 1.10: the margins from d, se and stats.t.ppf/sf/cdf with Welch–Satterthwaite degrees.
  const MeanComparison comparison = compare(kBaseline, kCandidate);
  struct Case {
    Contrast contrast;
    double point, error, degrees, lower, upper, p_value;
  };
  for (const Case& c : {Case{absolute(0.0), 1.01, 0.30675723300355956, 5.2213351101781385, 0.39761072729991376,
                             1.6223892727000857, 0.010155533959007777},
                        Case{relative(0.1), 0.005, 0.3110064308016799, 5.469927052589154, -0.6099935530489615,
                             0.6199935530489595, 0.49387161699208315},
                        Case{{Direction::decrease, MarginKind::relative, 0.02},
                             -1.211,
                             0.30594934221207293,
                             5.173948781391429,
                             -1.8229535709794398,
                             -0.5990464290205607,
                             0.9949738109374916}}) {
    const auto harm = comparison.harm(c.contrast);
    REQUIRE(harm.ok());
    CHECK(harm->point == near(c.point));
    CHECK(harm->standard_error == near(c.error));
    CHECK(harm->degrees == near(c.degrees));
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK(harm->p_value == near(c.p_value));
    CHECK(harm->p_safe == near(1.0 - c.p_value));
  }
  CHECK(comparison.harm(relative(0.1))->detectable == near(0.18942738527405656));
  CHECK(comparison.harm(relative(0.1))->margin_absolute == near(0.1 * 10.05));
}

TEST_CASE("the relative interval is where harm at that margin changes its answer") {
  const Change change = compare(kBaseline, kCandidate).change();
  CHECK(change.method == "mean-long-run-variance");
  CHECK(change.level == near(0.90));
  CHECK(*change.relative == near(1.01 / 10.05));
  CHECK(change.interval->lower == near(0.39761072729991376));
  REQUIRE(change.relative_interval.has_value());
  const auto [lower, upper] = *change.relative_interval;
  CHECK(compare(kBaseline, kCandidate).harm(relative(lower))->interval.lower == Approx(0.0).margin(1e-9));
  CHECK(compare(kBaseline, kCandidate).harm(relative(upper))->interval.upper == Approx(0.0).margin(1e-9));
}

TEST_CASE("a negative margin is a demanded gain") {
  // The candidate lies 9.1 % to 10.9 % lower: at least 5 % is proven, at least 15 % is refuted.
  const std::vector<double> baseline{100, 101, 99, 100, 101, 99};
  const std::vector<double> candidate{90, 91, 89, 90, 91, 89};
  CHECK(compare(baseline, candidate).harm(relative(-0.05))->interval.upper < 0.0);
  CHECK(compare(baseline, candidate).harm(relative(-0.15))->interval.lower > 0.0);
}

TEST_CASE("small and constant sides never prove what they cannot") {
  struct Case {
    std::vector<double> baseline, candidate;
    double lower, upper;
  };
  for (const Case& c : {Case{{1}, {2}, -kInfinity, kInfinity}, Case{{1, 1}, {2, 2}, -kInfinity, kInfinity},
                        Case{{1, 1}, {2, 2.5, 3, 2, 2.2}, -kInfinity, kInfinity}, Case{{1, 2, 3}, {9}, -kInfinity, kInfinity},
                        Case{{1, 1, 1}, {2, 2, 2}, 1.0, 1.0}, Case{{0, 0, 0, 0}, {0, 0, 0}, 0.0, 0.0},
                        Case{{0.1, 0.1, 0.1}, {0.1, 0.1, 0.1}, 0.0, 0.0}}) {
    const auto harm = compare(c.baseline, c.candidate, Dependence::autocorrelated).harm(absolute(0.0));
    REQUIRE(harm.ok());
    CHECK(harm->interval.lower == c.lower);
    CHECK(harm->interval.upper == c.upper);
    CHECK_FALSE(std::isnan(harm->p_value));
    CHECK_FALSE(std::isnan(harm->detectable));
  }
}

TEST_CASE("a constant side exactly at its margin is safe, not harmed by rounding") {
  for (const double base : {0.1, 0.3, 1.1, 100.0, 1e-300, 1e300, 7e9}) {
    for (const double margin : {0.1, 0.2, 0.05, 0.25}) {
      const double value = base + margin * base;
      INFO(base << " + " << margin);
      CHECK(compare({base, base, base}, {value, value, value}).harm(relative(margin))->interval.upper == 0.0);
    }
  }
}

TEST_CASE("what cannot be asked has a named reason") {
  const std::vector<double> tiny{0.1, -0.2, 0.3, -0.1, 0.05};
  const std::vector<double> negative{-1, -2, -3};
  CHECK(compare(tiny, kCandidate).harm(relative(0.1)).reason() == Unusable::baseline_near_zero);
  CHECK(compare(negative, kCandidate).harm(relative(0.1)).reason() == Unusable::baseline_not_positive);
  CHECK(compare({0, 0, 0}, kCandidate).harm(relative(0.1)).reason() == Unusable::baseline_not_positive);
  CHECK(compare(kBaseline, kCandidate).harm(absolute(NAN)).reason() == Unusable::bad_margin);
  CHECK(compare(kBaseline, kCandidate).harm(relative(-1.0)).reason() == Unusable::bad_margin);
  CHECK(compare(kBaseline, kCandidate).harm(absolute(0.0), 0.5).reason() == Unusable::bad_confidence);
  CHECK(compare(negative, kCandidate).harm(absolute(0.1)).ok());
  CHECK_FALSE(compare(negative, kCandidate).change().relative.has_value());
  CHECK_FALSE(compare(tiny, kCandidate).change().relative_interval.has_value());
  const auto prepare = [](std::vector<double> baseline, std::vector<double> candidate) {
    return MeanComparison::prepare(baseline, candidate, Dependence::autocorrelated, 0.95).reason();
  };
  CHECK(prepare({}, {1, 2}) == Unusable::no_data);
  CHECK(prepare({1, NAN}, {1, 2}) == Unusable::not_finite);
  CHECK(prepare({1, 2}, {1, kInfinity}) == Unusable::not_finite);
}

TEST_CASE("both ends of the range of double") {
  for (const double unit : {1e-300, 1e-150, 1.0, 1e150, 1e300}) {
    INFO(unit);
    std::vector<double> baseline = kBaseline;
    std::vector<double> candidate = kCandidate;
    for (double& value : baseline) value *= unit;
    for (double& value : candidate) value *= unit;
    const auto harm = compare(baseline, candidate).harm(absolute(0.0));
    CHECK(harm->point / unit == near(1.01));
    CHECK(harm->standard_error / unit == near(0.30675723300355956));
    CHECK(harm->p_value == near(0.010155533959007777));
    CHECK(*compare(baseline, candidate).change().relative == near(1.01 / 10.05));
  }
  const auto mixed = compare({1e-300, 2e-300, 3e-300}, {1e300, 2e300, 3e300}).harm(relative(0.1));
  CHECK(mixed->point == near(2e300));
  CHECK(mixed->detectable == kInfinity);
}

TEST_CASE("constant then step counts as one move, not as sixty") {
  std::vector<double> step(120, 10.0);
  for (std::size_t i = 60; i < step.size(); ++i) step[i] = 12.0;
  const MeanComparison comparison = compare(std::vector<double>(120, 10.0), step, Dependence::autocorrelated);
  CHECK(comparison.candidate().effective < 4.0);
  const auto harm = comparison.harm(absolute(0.0));
  CHECK(harm->interval.lower < 0.0);
  CHECK(harm->interval.upper > 1.0);
}

TEST_CASE("the data a point needs to be proven") {
  const MeanComparison comparison = compare(kBaseline, kCandidate);
  // Below 1: the harm is proven with more than power 0.8 to spare; at the point itself nothing helps.
  CHECK(*comparison.needs_factor(absolute(0.0), 0.95) < 1.0);
  CHECK(*comparison.needs_factor(absolute(0.9), 0.95) > 10.0);
  CHECK_FALSE(compare({1, 1, 1}, {1, 1, 1}).needs_factor(absolute(0.0), 0.95).has_value());
  CHECK_FALSE(compare({1}, {2}).needs_factor(absolute(0.0), 0.95).has_value());
}

TEST_CASE("rows in batches: the mean is that of all rows") {
  Batches baseline{{10, 20, 0, 12}, {1, 3, 0, 2}};
  Batches candidate{{10, 20, 30, 12}, {1, 3, 1, 2}};
  const auto comparison = MeanComparison::prepare(baseline, candidate, Dependence::independent, 0.95);
  REQUIRE(comparison.ok());
  CHECK(comparison->baseline().mean == near(94.0 / 6.0));
  CHECK(comparison->candidate().mean == near(124.0 / 7.0));
  // The jackknife by hand: leaving a batch out leaves the means 84/5, 34/3 and 70/4; the empty one is none.
  const double left_out[] = {84.0 / 5.0, 34.0 / 3.0, 70.0 / 4.0};
  const double centre = (left_out[0] + left_out[1] + left_out[2]) / 3.0;
  double squares = 0.0;
  for (const double mean : left_out) squares += (mean - centre) * (mean - centre);
  CHECK(comparison->baseline().standard_error == near(std::sqrt(2.0 / 3.0 * squares)));
  CHECK(comparison->baseline().count == 3);
  CHECK(comparison->baseline().effective == near(36.0 / 14.0));
  CHECK(MeanComparison::prepare(Batches{{0}, {0}}, candidate, Dependence::independent, 0.95).reason() == Unusable::no_data);
}

TEST_CASE("rows that fall into one batch have no variance, and rows of one size next to it hide none") {
  struct Case {
    Batches baseline, candidate;
    bool claims;
  };
  const Batches steady{{10, 11, 9, 10, 11, 9}, {5, 5, 5, 5, 5, 5}};
  for (const Case& c : {Case{{{0, 10, 0, 0}, {0, 9, 0, 0}}, {{0, 0, 20, 0}, {0, 0, 9, 0}}, false},
                        Case{steady, {{0, 0, 0, 30, 0, 0}, {0, 0, 0, 50, 0, 0}}, false},
                        Case{steady, {{20, 40, 41, 39}, {1000, 1, 1, 1}}, false},
                        Case{steady, {{40, 41, 39, 40, 41, 39}, {5, 5, 5, 5, 5, 5}}, true}}) {
    const auto comparison = MeanComparison::prepare(c.baseline, c.candidate, Dependence::autocorrelated, 0.95);
    REQUIRE(comparison.ok());
    CHECK((comparison->harm(absolute(0.0))->interval.lower > 0.0) == c.claims);
  }
  // Rows that are all equal stay exactly so, whatever their number in each batch.
  const Batches constant{{0.1, 0.1, 0.1, 0.1}, {3, 1, 7, 2}};
  const auto same = MeanComparison::prepare(constant, constant, Dependence::autocorrelated, 0.95)->harm(absolute(0.0));
  CHECK(same->interval.lower == 0.0);
  CHECK(same->interval.upper == 0.0);
}

TEST_CASE("a short side without the spikes of the long one is not proven safe") {
  // 6 spikes in 120 points, none in 20: by its own spread the candidate would be safe, with an upper limit of −0.354.
  // NumPy 1.24 and SciPy 1.10: the variance of the shorter side is s_c²·n_c/n_b + s_b²·(1 − n_c/n_b), Satterthwaite's degrees
  // from n − 1, stats.t.
  std::vector<double> baseline = lehmer(120, 1);
  for (double& value : baseline) value = 1.0 + 0.2 * value;
  for (std::size_t i = 10; i < baseline.size(); i += 20) baseline[i] = 20.0;
  std::vector<double> candidate = lehmer(20, 2);
  for (double& value : candidate) value = 1.0 + 0.2 * value;
  const auto harm = compare(baseline, candidate).harm(absolute(0.0));
  CHECK(harm->point == near(-0.983288570820178));
  CHECK(harm->standard_error == near(0.9298469248581661));
  CHECK(harm->degrees == near(27.185985694696384));
  CHECK(harm->interval.upper == near(0.6001242785278351));
  // The other way round no harm is proven; and a side that is the longer, or the wilder, one borrows nothing.
  CHECK(compare(candidate, baseline).harm(absolute(0.0))->interval.lower == near(-0.6001242785278351));
  const MeanComparison wild = compare(candidate, {1.0, 5.0, 1.0, 9.0, 1.0});
  CHECK(wild.candidate().standard_error == near(std::sqrt(12.8 / 5.0)));
  const MeanComparison equal = compare(std::vector<double>(3, 1.0), {1.0, 2.0, 3.0});
  CHECK(equal.baseline().standard_error == 0.0);
}

TEST_CASE("dependent means") {
  // NumPy 1.24 and SciPy 1.10: inflation by the formulas of long_run.h, variance with the divisor n − f, stats.t with
  // Satterthwaite's degrees from n/f.
  const MeanComparison comparison =
      compare(autoregression({0.6}, 120, 1, 10.0), autoregression({0.6}, 120, 2, 10.2), Dependence::autocorrelated);
  const auto harm = comparison.harm(absolute(0.0));
  CHECK(harm->point == near(0.1321005572994327));
  CHECK(harm->standard_error == near(0.08250175701739454));
  CHECK(harm->degrees == near(73.95984453324303));
  CHECK(harm->interval.lower == Approx(-0.005324133946740028).margin(1e-10));
  CHECK(harm->interval.upper == near(0.26952524854560544));
  CHECK(harm->p_value == near(0.05679950958566355));
  CHECK(comparison.baseline().effective == near(38.02717658924741));
}
