#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "near.h"
#include "stats/prediction.h"

using namespace gate::stats;

namespace {

// R 4.2: y <- c(212, 205, 219, 208, 215, 211, 222, 207); x <- 236; N <- 8; m <- mean(y); s <- sd(y)
const std::vector<double> kPast = {212, 205, 219, 208, 215, 211, 222, 207};
constexpr double kNow = 236;

}  // namespace

TEST_CASE("the interval of the change is the prediction interval of R") {
  // predict(lm(y ~ 1), interval = "prediction", level = .90)[1,]; the change is x less its ends.
  const auto all = PredictionComparison::of_mean(kPast, kNow, 0.95);
  REQUIRE(all.ok());
  const Change change = all->change();
  CHECK(change.method == "releases-prediction-t");
  CHECK(change.baseline == near(212.375));
  CHECK(change.absolute == near(23.625));
  CHECK(change.level == near(0.90));
  CHECK(change.interval->lower == near(kNow - 224.33293624111494));
  CHECK(change.interval->upper == near(kNow - 200.41706375888495));
  CHECK(change.effective_baseline == 8.0);
  CHECK(change.effective_candidate == 1.0);
  // h <- function(k, t) x - k*m - t*s*sqrt(max(1, k)^2 + k^2/N); uniroot(h, c(.5, 2), t = ±qt(.95, 7), tol = 1e-15)$root - 1
  REQUIRE(change.relative_interval.has_value());
  CHECK(change.relative_interval->lower == near(0.052007805694412879));
  CHECK(change.relative_interval->upper == near(0.17754444443874107));
  const Change low = PredictionComparison::of_mean(kPast, 214, 0.95)->change();
  CHECK(low.relative_interval->lower == near(-0.048358201116916022));
  CHECK(low.relative_interval->upper == near(0.067773352160553468));
  const auto five = PredictionComparison::of_mean(std::span(kPast).first(5), kNow, 0.95);
  CHECK(five->change().interval->lower == near(kNow - 224.73944949905047));
  CHECK(five->change().interval->upper == near(kNow - 198.86055050094950));
}

TEST_CASE("harm against the mean of earlier releases") {
  // f <- 1 + g; T <- x - f*m; SE <- s*sqrt(max(1, f)^2 + f^2/N); T - qt(.95, 7)*SE, T + …, pt(-T/SE, 7); for the decrease f <-
  // .95; T <- f*m - x
  struct Case {
    Contrast contrast;
    double point, lower, upper;
  };
  const auto compared = PredictionComparison::of_mean(kPast, kNow, 0.95);
  for (const Case& c :
       {Case{{Direction::increase, MarginKind::relative, 0.0}, 23.625, 11.667063758885009, 35.582936241114993},
        Case{{Direction::increase, MarginKind::relative, 0.05}, 13.006249999999994, 0.45041694682925204, 25.562083053170738},
        Case{{Direction::decrease, MarginKind::relative, 0.05}, -34.243750000000006, -46.136737705190697, -22.350762294809318},
        Case{{Direction::increase, MarginKind::absolute, 10.0}, 13.625, 1.6670637588850088, 25.582936241114993}}) {
    const auto harm = compared->harm(c.contrast, 0.95);
    REQUIRE(harm.ok());
    CHECK(harm->point == near(c.point));
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK(harm->degrees == 7.0);
  }
  const auto harm = compared->harm({Direction::increase, MarginKind::absolute, 10.0}, 0.95);
  CHECK(harm->p_value == near(0.033868765011770677));
  CHECK(harm->p_safe == near(1.0 - 0.033868765011770677));
  CHECK(harm->detectable == near(27.613370820639297));  // 10 + (qt(.95, 7) + qt(.8, 7))*SE
  CHECK(!PredictionComparison::needs_factor({}, 0.95));
}

TEST_CASE("harm against an anchor, with a spread that drift does not widen") {
  // a <- 205; d2 <- mean(diff(y)^2)/2; df <- 2*(N-1)^2/(3*N-4); T <- x - f*a; SE <- sqrt(d2*(max(1, f)^2 + f^2))
  const auto compared = PredictionComparison::of_anchor(kPast, 205, kNow, 0.95);
  REQUIRE(compared.ok());
  const auto plain = compared->harm({Direction::increase, MarginKind::relative, 0.0}, 0.95);
  CHECK(plain->degrees == near(4.9));
  CHECK(plain->standard_error == near(10.535653752852738));
  CHECK(plain->interval.lower == near(9.674065557870307));
  CHECK(plain->interval.upper == near(52.325934442129693));
  CHECK(plain->p_value == near(0.016482968265400424));
  const auto margin = compared->harm({Direction::increase, MarginKind::relative, 0.05}, 0.95);
  CHECK(margin->interval.lower == near(-1.6422311642361755));
  CHECK(margin->interval.upper == near(43.142231164236179));
  // The same values on a straight rise of 6 a release: the error of the mean more than doubles, that of the anchor hardly
  // grows.
  std::vector<double> drifting = kPast;
  for (std::size_t i = 0; i < drifting.size(); ++i) drifting[i] += 6.0 * static_cast<double>(i);
  const auto by_mean = PredictionComparison::of_mean(drifting, kNow, 0.95);
  const auto by_anchor = PredictionComparison::of_anchor(drifting, 205, kNow, 0.95);
  const Contrast any{Direction::increase, MarginKind::absolute, 0.0};
  CHECK(by_mean->harm(any, 0.95)->standard_error >
        2.0 * PredictionComparison::of_mean(kPast, kNow, 0.95)->harm(any, 0.95)->standard_error);
  CHECK(by_anchor->harm(any, 0.95)->standard_error < 1.25 * compared->harm(any, 0.95)->standard_error);
}

TEST_CASE("releases without a spread, and values that cannot be compared") {
  const Contrast tenth{Direction::increase, MarginKind::relative, 0.1};
  const std::vector<double> constant(6, 100.0);
  const auto at_margin = PredictionComparison::of_mean(constant, 110.0, 0.95)->harm(tenth, 0.95);
  CHECK(at_margin->interval.upper == 0.0);
  CHECK(at_margin->p_value == 1.0);
  CHECK(PredictionComparison::of_mean(constant, 110.1, 0.95)->harm(tenth, 0.95)->interval.lower > 0.0);
  CHECK(PredictionComparison::of_anchor(constant, 100.0, 109.0, 0.95)->harm(tenth, 0.95)->interval.upper < 0.0);
  const std::vector<double> zeros(5, 0.0);
  const auto none = PredictionComparison::of_mean(zeros, 3.0, 0.95);
  CHECK(none->harm(tenth, 0.95).reason() == Unusable::baseline_not_positive);
  CHECK(!none->change().relative.has_value());
  CHECK(none->harm({Direction::increase, MarginKind::absolute, 2.0}, 0.95)->interval.lower == 1.0);
  const std::vector<double> wide = {1.0, -9.0, 12.0, -3.0, 4.0};
  const auto near_zero = PredictionComparison::of_mean(wide, 3.0, 0.95);
  CHECK(near_zero->harm(tenth, 0.95).reason() == Unusable::baseline_near_zero);
  CHECK(!near_zero->change().relative_interval.has_value());
  const std::vector<double> one = {1.0};
  CHECK(PredictionComparison::of_mean(one, 1.0, 0.95).reason() == Unusable::no_data);
  CHECK(PredictionComparison::of_mean(kPast, std::nan(""), 0.95).reason() == Unusable::not_finite);
  CHECK(PredictionComparison::of_anchor(kPast, std::numeric_limits<double>::infinity(), 1.0, 0.95).reason() ==
        Unusable::not_finite);
  CHECK(PredictionComparison::of_mean(kPast, 1.0, 0.4).reason() == Unusable::bad_confidence);
  // Neither huge nor tiny values leave the range of double on the way.
  for (const double scale : {1e-300, 1e300}) {
    std::vector<double> values;
    for (const double value : kPast) values.push_back(value / 300.0 * scale);
    const auto scaled = PredictionComparison::of_mean(values, kNow / 300.0 * scale, 0.95);
    CHECK(*scaled->change().relative == near(23.625 / 212.375));
    CHECK(scaled->change().relative_interval->lower == near(0.052007805694412879));
    const auto anchored = PredictionComparison::of_anchor(values, 205.0 / 300.0 * scale, kNow / 300.0 * scale, 0.95);
    CHECK(anchored->harm({Direction::increase, MarginKind::relative, 0.0}, 0.95)->p_value == near(0.016482968265400424));
  }
}

TEST_CASE("the ends of the relative interval are the margins at which harm changes its answer") {
  for (const double now : {190.0, 206.0, 214.0, 221.0, 236.0, 300.0}) {
    for (const bool anchored : {false, true}) {
      const auto compared =
          anchored ? PredictionComparison::of_anchor(kPast, 205, now, 0.95) : PredictionComparison::of_mean(kPast, now, 0.95);
      const auto interval = compared->change().relative_interval;
      REQUIRE(interval.has_value());
      const auto at = [&](double margin) {
        return compared->harm({Direction::increase, MarginKind::relative, margin}, 0.95)->interval;
      };
      CHECK(at(interval->lower).lower == Approx(0.0).margin(1e-10));
      CHECK(at(interval->upper).upper == Approx(0.0).margin(1e-10));
    }
  }
  // So wide a spread that no increase can be ruled out.
  const std::vector<double> wide = {1.0, 9.0, 2.0, 7.0, 4.0};
  const auto unbounded = PredictionComparison::of_mean(wide, 6.0, 0.95);
  CHECK(unbounded->harm({Direction::increase, MarginKind::relative, 1e6}, 0.95)->interval.upper > 0.0);
  CHECK(!unbounded->change().relative_interval.has_value());
}
