#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "near.h"
#include "stats/cuped.h"

using namespace gate::stats;
using Values = std::vector<double>;

namespace {

constexpr Contrast kAnyIncrease{Direction::increase, MarginKind::absolute, 0.0};

struct Side {
  Values sums, sizes, earlier_sums, earlier_sizes;

  [[nodiscard]] UnitSums units() const { return {sums, sizes, earlier_sums, earlier_sizes}; }
};

Side one_row_each(const Values& values, const Values& before) {
  return {values, Values(values.size(), 1.0), before, Values(before.size(), 1.0)};
}

// Ten users of the old version and eight of the new, one row each, then and before.
const Side kOld = one_row_each({12.1, 9.4, 15.2, 11.0, 8.7, 13.3, 10.9, 14.8, 9.9, 12.6},
                               {11.5, 9.0, 14.1, 11.8, 9.1, 12.2, 10.1, 15.3, 10.4, 11.9});
const Side kNew =
    one_row_each({13.0, 10.2, 16.9, 12.4, 9.8, 11.1, 15.7, 12.9}, {11.9, 9.3, 15.0, 12.0, 10.2, 10.3, 14.6, 11.7});
// Events of totals; some users were not there before.
const Side kOldRatio = {{3, 1, 0, 4, 2, 0, 5, 1, 2, 3},
                        {10, 8, 5, 12, 9, 4, 15, 7, 8, 11},
                        {6, 1, 0, 9, 3, 0, 9, 2, 0, 5},
                        {20, 15, 8, 25, 16, 0, 28, 14, 0, 22}};
const Side kNewRatio = {
    {4, 2, 1, 5, 0, 3, 6, 2}, {11, 9, 6, 13, 5, 10, 14, 8}, {7, 3, 1, 10, 0, 0, 11, 3}, {21, 17, 9, 26, 10, 0, 27, 15}};

double normal(std::mt19937_64& engine) {
  constexpr double kTurn = 6.283185307179586;
  const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1.0p-53; };
  return std::sqrt(-2.0 * std::log(uniform())) * std::cos(kTurn * uniform());
}

}  // namespace

TEST_CASE("cuped: the adjusted difference of means is that of an analysis of covariance") {
  const auto compared = CupedComparison::prepare(kOld.units(), kNew.units(), 0.95);
  REQUIRE(compared.ok());
  const Change change = compared->change();
  REQUIRE(change.covariate.has_value());
  // R 4.2: m <- lm(y ~ arm + x); coef(m)
  CHECK(change.absolute == near(0.589836097737667));
  CHECK(change.covariate->theta == near(1.104966872424878));
  CHECK(change.baseline == near(11.9545172898944));  // mean(yb) - coef(m)["x"] * (mean(xb) - mean(x))
  // cor(y - ave(y, arm), x - ave(x, arm)); mean(yc) - mean(yb)
  CHECK(change.covariate->correlation == near(0.958647208950109));
  CHECK(change.covariate->unadjusted == near(0.96));
  // r <- residuals(m), per side sum(r^2) / (n - 1), times (N - 2) / (N - 3); the shorter side takes over the share 1 - 8/10 of
  // the other's; plus (1 - n/N) * D^2 * sum(z^2 r^2) / sum(z^2)^2 each; Welch's degrees. 1 - se^2 / (that of the plain one).
  CHECK(change.interval->lower == near(0.0174534362271664));
  CHECK(change.interval->upper == near(1.1622187592481676));
  CHECK(change.covariate->share == near(0.915730277638425));
  CHECK(change.covariate->units == std::array<std::size_t, 2>{10, 8});
  CHECK(change.covariate->absent == std::array<std::size_t, 2>{0, 0});
  CHECK(change.method == "cuped-delta-t");
}

TEST_CASE("cuped: ratios by the delta method, with users who were not there before") {
  const auto compared = CupedComparison::prepare(kOldRatio.units(), kNewRatio.units(), 0.95);
  REQUIRE(compared.ok());
  const Change change = compared->change();
  // R 4.2: jack <- function(y, n) (k - 1) * sapply(1:k, function(i) sum(y)/sum(n) - sum(y[-i])/sum(n[-i]));
  // z <- (x - P * m) / mean(m); th <- sum(ce * cz) / sum(cz^2) of both, each centred on its side
  CHECK(change.covariate->theta == near(0.759382764599348));
  CHECK(change.covariate->correlation == near(0.92693554550278));
  CHECK(change.baseline == near(0.250719049067167));
  CHECK(change.candidate == near(0.284176587838128));
  CHECK(change.covariate->unadjusted == near(0.0666765227675931));
  CHECK(change.covariate->share == near(0.853365945247907));
  CHECK(change.covariate->absent == std::array<std::size_t, 2>{2, 1});
  const auto harm = compared->harm(kAnyIncrease, 0.95);
  CHECK(harm->standard_error == near(0.0202532944521424));
  CHECK(change.interval->lower == near(-0.00254026329868788));
  CHECK(change.interval->upper == near(0.06945534084060916));
  // Fieller: uniroot(function(k) (c - k*b)^2 - qt(.95, df(k))^2 * (sec2 + k^2 * seb2), …) - 1
  CHECK(change.relative_interval->lower == near(-0.0091053395433055));
  CHECK(change.relative_interval->upper == near(0.313849030687347));
  CHECK(change.effective_baseline == near(8.91001124859392));
  // The verdict and the interval end at the same margin.
  const auto edge = compared->harm({Direction::increase, MarginKind::relative, change.relative_interval->upper}, 0.95);
  CHECK(edge->interval.upper == Approx(0.0).margin(1e-12));
}

TEST_CASE("cuped: nobody known before, all the same, or too few: no covariate") {
  Side blank = kOld;
  blank.earlier_sums.assign(10, 0.0);
  blank.earlier_sizes.assign(10, 0.0);
  Side blank_too = kNew;
  blank_too.earlier_sums.assign(8, 0.0);
  blank_too.earlier_sizes.assign(8, 0.0);
  CHECK(CupedComparison::prepare(blank.units(), blank_too.units(), 0.95).reason() == Unusable::no_covariate);
  Side same = kOld;
  same.earlier_sums.assign(10, 0.1);
  Side same_too = kNew;
  same_too.earlier_sums.assign(8, 0.1);
  CHECK(CupedComparison::prepare(same.units(), same_too.units(), 0.95).reason() == Unusable::no_covariate);
  const Side pair = one_row_each({1, 2}, {3, 4});
  const Side single = one_row_each({1}, {3});
  CHECK(CupedComparison::prepare(pair.units(), single.units(), 0.95).reason() == Unusable::no_covariate);
  CHECK(CupedComparison::prepare(pair.units(), Side{}.units(), 0.95).reason() == Unusable::no_data);
  Side broken = kOld;
  broken.earlier_sums.pop_back();
  CHECK(CupedComparison::prepare(broken.units(), kNew.units(), 0.95).reason() == Unusable::bad_counts);
  broken = kOld;
  broken.earlier_sums[3] = kInfinity;
  CHECK(CupedComparison::prepare(broken.units(), kNew.units(), 0.95).reason() == Unusable::not_finite);
  CHECK(CupedComparison::prepare(kOld.units(), kNew.units(), 0.4).reason() == Unusable::bad_confidence);
}

TEST_CASE("cuped: users who do the same as ever leave no noise") {
  const auto exact = CupedComparison::prepare(one_row_each({1, 2, 3, 4}, {1, 2, 3, 4}).units(),
                                              one_row_each({2, 3, 4, 6}, {1, 2, 3, 5}).units(), 0.95);
  REQUIRE(exact.ok());
  CHECK(exact->change().absolute == near(1.0));
  CHECK(exact->change().covariate->correlation == near(1.0));
  CHECK(exact->change().covariate->share == near(1.0));
}

TEST_CASE("cuped: unbiased, right as often as promised, and narrower by the share that is explained") {
  // 600 A/B tests of 60 v 40 users whose values hang together with those before at 0.8; a third were not there. What is done
  // differs by 0.5, and the error of the mean of 600 estimates is 0.006.
  std::mt19937_64 engine(20130204);
  constexpr double kChange = 0.5;
  double sum = 0.0, plain = 0.0, widths = 0.0, shares = 0.0;
  int too_high = 0, too_low = 0;
  const auto draw = [&engine](std::size_t count, double change) {
    Side out;
    for (std::size_t i = 0; i < count; ++i) {
      const double before = normal(engine);
      const bool known = i % 3 != 0;
      out.sums.push_back(10.0 + change + 0.8 * before + 0.6 * normal(engine));
      out.sizes.push_back(1.0);
      out.earlier_sums.push_back(known ? 7.0 + before : 0.0);
      out.earlier_sizes.push_back(known ? 1.0 : 0.0);
    }
    return out;
  };
  constexpr int kRuns = 600;
  for (int run = 0; run < kRuns; ++run) {
    const Side old_users = draw(60, 0.0);
    const Side new_users = draw(40, kChange);
    const auto compared = CupedComparison::prepare(old_users.units(), new_users.units(), 0.95);
    const Change change = compared->change();
    sum += change.absolute;
    plain += change.covariate->unadjusted;
    widths += change.interval->upper - change.interval->lower;
    shares += change.covariate->share;
    too_high += change.interval->lower > kChange ? 1 : 0;
    too_low += change.interval->upper < kChange ? 1 : 0;
  }
  CHECK(sum / kRuns == Approx(kChange).margin(0.02));
  CHECK(plain / kRuns == Approx(kChange).margin(0.025));
  // Two thirds of the users explain 0.64 of their variance: 0.43 of the whole.
  CHECK(shares / kRuns == Approx(2.0 / 3.0 * 0.64).margin(0.03));
  CHECK(widths / kRuns < 0.8 * 2.0 * 1.665 * std::sqrt(1.0 / 60.0 + 1.0 / 40.0));
  // 5 % each: 30, give or take 5.3.
  CHECK(too_high <= 45);
  CHECK(too_low <= 45);
  CHECK(too_high + too_low >= 35);
}
