#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "near.h"
#include "stats/placebo.h"
#include "stats/spending.h"

using namespace gate::stats;

namespace {

// R 4.2: b <- c(212, 205, 219, 208, 215, 211); y <- c(229, 221, 238, 224, 235, 226); b0 <- 214; x <- 262; K <- 6; d <- y - b;
// l <- log(y/b); t <- qt(.95, 5); r <- sqrt(1 + 1/K)
const std::vector<DayPair> kDays = {{212, 229}, {205, 221}, {219, 238}, {208, 224}, {215, 235}, {211, 226}};
constexpr DayPair kNow{214, 262};

PlaceboComparison prepared(Moves moves) {
  return *PlaceboComparison::prepare(kDays, kNow, moves, 0.95);
}

}  // namespace

TEST_CASE("what earlier days lead to expect is R's prediction") {
  // b0 + predict(lm(d ~ 1), interval = "prediction", level = .90)[1,]; the changes are x less these
  const PlaceboComparison amount = prepared(Moves::by_amount);
  CHECK(amount.expected() == near(231.16666666666669));
  CHECK(amount.expected_interval().lower == near(226.94253481767765));
  CHECK(amount.expected_interval().upper == near(235.39079851565569));
  CHECK(amount.change().method == "placebo-t");
  CHECK(amount.change().baseline == near(231.16666666666669));
  CHECK(amount.change().absolute == near(30.833333333333343));
  CHECK(amount.change().interval->lower == near(26.609201484344339));
  CHECK(amount.change().interval->upper == near(35.057465182322346));
  CHECK(amount.change().level == near(0.90));
  // b0*exp(predict(lm(l ~ 1), interval = "prediction", level = .90)[1,]); x over these, less 1
  const PlaceboComparison factor = prepared(Moves::by_factor);
  CHECK(factor.expected() == near(231.33016324717948));
  CHECK(factor.expected_interval().lower == near(227.74364707989656));
  CHECK(factor.expected_interval().upper == near(234.97316001615255));
  CHECK(factor.change().method == "placebo-log-t");
  CHECK(*factor.change().relative == near(0.13258036186162792));
  CHECK(factor.change().relative_interval->lower == near(0.11502096657332928));
  CHECK(factor.change().relative_interval->upper == near(0.15041628321726885));
}

TEST_CASE("harm beyond what earlier days lead to expect") {
  // by amount: E <- b0 + mean(d), s <- sd(d)*r; by factor: E <- b0*exp(mean(l)), s <- sd(l)*r, u(C) <- (log(C/b0) - mean(l))/s.
  // T(C) <- ±(x - f*C) - m at E and at both ends of the prediction interval; p: pt(-(T0 - E)/s, 5) or pt(-u(T0), 5) with T(T0)
  // = 0
  struct Case {
    Moves moves;
    Contrast contrast;
    double point, lower, upper, p;
  };
  const auto kUp = Direction::increase;
  const auto kDown = Direction::decrease;
  for (const Case& c : {
           Case{Moves::by_amount,
                {kUp, MarginKind::absolute, 0},
                30.833333333333343,
                26.609201484344339,
                35.057465182322346,
                1.3126833076190607e-05},
           Case{Moves::by_amount,
                {kUp, MarginKind::absolute, 20},
                10.833333333333343,
                6.6092014843443394,
                15.057465182322346,
                0.0017806340167967499},
           Case{Moves::by_amount,
                {kUp, MarginKind::relative, 0.1},
                7.7166666666666686,
                3.0701216327787506,
                12.363211700554558,
                0.010203896171403468},
           Case{Moves::by_amount,
                {kDown, MarginKind::absolute, 5},
                -35.833333333333343,
                -40.057465182322346,
                -31.609201484344339,
                0.9999937294835477},
           Case{Moves::by_factor,
                {kUp, MarginKind::relative, 0.1},
                7.5368204281025442,
                3.5295239822321491,
                11.481988212113748,
                0.0065507894058209233},
           Case{Moves::by_factor,
                {kDown, MarginKind::relative, 0.1},
                -53.802853077538458,
                -57.0307176280931,
                -50.524155985462698,
                0.99999959035944186},
           Case{Moves::by_factor,
                {kUp, MarginKind::absolute, 20},
                10.669836752820515,
                7.0268399838474522,
                14.256352920103438,
                0.0010614170003092776},
           Case{Moves::by_factor,
                {kDown, MarginKind::absolute, 20},
                -50.669836752820515,
                -54.256352920103438,
                -47.026839983847452,
                0.99999914120407318},
       }) {
    INFO((c.moves == Moves::by_factor) << " " << (c.contrast.direction == kDown) << " " << c.contrast.margin);
    const auto harm = prepared(c.moves).harm(c.contrast, 0.95);
    REQUIRE(harm.ok());
    CHECK(harm->point == near(c.point));
    CHECK(harm->interval.lower == near(c.lower));
    CHECK(harm->interval.upper == near(c.upper));
    CHECK(harm->p_value == near(c.p));
    CHECK(harm->p_safe == near(1.0 - c.p));
    CHECK(harm->degrees == 5.0);
  }
}

TEST_CASE("what this many days would have shown") {
  // k <- t + qt(.8, 5); 1.1*exp(k*s) - 1; .1 + .9*(1 - exp(-k*s)); 20 + E*(exp(k*s) - 1); by amount 20 + k*s
  const auto seen = [](Moves moves, const Contrast& contrast) { return prepared(moves).harm(contrast, 0.95)->detectable; };
  CHECK(seen(Moves::by_factor, {Direction::increase, MarginKind::relative, 0.1}) == near(0.12531831443686214));
  CHECK(seen(Moves::by_factor, {Direction::decrease, MarginKind::relative, 0.1}) == near(0.12024892219458705));
  CHECK(seen(Moves::by_factor, {Direction::increase, MarginKind::absolute, 20}) == near(25.324445283475193));
  CHECK(seen(Moves::by_amount, {Direction::increase, MarginKind::absolute, 20}) == near(26.15176506120326));
}

TEST_CASE("days that all moved alike leave the difference to decide") {
  const std::vector<DayPair> alike = {{100, 110}, {200, 220}, {50, 55}, {300, 330}};
  const auto made = PlaceboComparison::prepare(alike, {100, 121}, Moves::by_factor, 0.95);
  REQUIRE(made.ok());
  const auto at_limit = made->harm({Direction::increase, MarginKind::relative, 0.1}, 0.95);
  CHECK(at_limit->point == 0.0);
  CHECK(at_limit->p_value == 1.0);
  const auto beyond = made->harm({Direction::increase, MarginKind::relative, 0.05}, 0.95);
  CHECK(beyond->interval.lower == near(5.5));
  CHECK(beyond->interval.upper == near(5.5));
  CHECK(beyond->p_value == 0.0);
}

TEST_CASE("a candidate of nothing is no harm, and all of a fall") {
  const auto made = PlaceboComparison::prepare(kDays, {214, 0}, Moves::by_factor, 0.95);
  REQUIRE(made.ok());
  CHECK(made->harm({Direction::increase, MarginKind::relative, 0.1}, 0.95)->p_value == 1.0);
  CHECK(made->harm({Direction::decrease, MarginKind::relative, 0.1}, 0.95)->p_value == 0.0);
  CHECK(made->change().relative == near(-1.0));
}

TEST_CASE("days that cannot be compared") {
  const double nan = std::nan("");
  struct Case {
    std::vector<DayPair> days;
    DayPair now;
    Moves moves;
    Unusable reason;
  };
  for (const Case& c :
       {Case{{}, kNow, Moves::by_amount, Unusable::no_data}, Case{{{1, 2}}, kNow, Moves::by_amount, Unusable::no_data},
        Case{{{1, 2}, {nan, 2}}, kNow, Moves::by_amount, Unusable::not_finite},
        Case{kDays, {1, nan}, Moves::by_amount, Unusable::not_finite},
        Case{{{1, 2}, {0, 2}}, kNow, Moves::by_factor, Unusable::baseline_not_positive},
        Case{{{1, 2}, {1, 0}}, kNow, Moves::by_factor, Unusable::baseline_not_positive},
        Case{kDays, {0, 2}, Moves::by_factor, Unusable::baseline_not_positive},
        Case{{{-1e308, 1e308}, {1, 2}}, kNow, Moves::by_amount, Unusable::not_finite}}) {
    const auto made = PlaceboComparison::prepare(c.days, c.now, c.moves, 0.95);
    REQUIRE_FALSE(made.ok());
    CHECK(made.reason() == c.reason);
  }
  const auto negative = PlaceboComparison::prepare(kDays, {-100, 262}, Moves::by_amount, 0.95);
  const Contrast share{Direction::increase, MarginKind::relative, 0.1};
  CHECK(negative->harm(share, 0.95).reason() == Unusable::baseline_not_positive);
  CHECK(PlaceboComparison::prepare(kDays, {-15, 262}, Moves::by_amount, 0.95)->harm(share, 0.95).reason() ==
        Unusable::baseline_near_zero);
  CHECK(prepared(Moves::by_amount).harm({Direction::decrease, MarginKind::relative, 1.0}, 0.95).reason() ==
        Unusable::bad_margin);
  CHECK(prepared(Moves::by_amount).harm(share, 0.5).reason() == Unusable::bad_confidence);
}

TEST_CASE("placebo: thirty looks at growing windows of all days are wrong as seldom as one") {
  // 1,000 quiet releases against six earlier days. Each day has its own level, its own slope in the half hour after, and noise
  // a minute; what a look compares are means over k minutes, of this day as of the others.
  std::mt19937_64 engine(6);
  const auto normal = [&engine] {
    constexpr double kTurn = 6.283185307179586;
    const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1.0p-53; };
    return std::sqrt(-2.0 * std::log(uniform())) * std::cos(kTurn * uniform());
  };
  constexpr int kLooks = 30;
  SpendingBoundary boundary(0.95);
  std::vector<double> levels;
  for (int k = 1; k <= kLooks; ++k) levels.push_back(boundary.look(2.0 * k / (k + kLooks)));  // 1/(1/k + 1/30) over that of 30
  int alarms = 0, single_looks = 0;
  for (int run = 0; run < 1000; ++run) {
    std::vector<double> before(7), level(7), slope(7), sum(7);
    for (std::size_t day = 0; day < 7; ++day) {
      level[day] = 100.0 + 10.0 * normal();
      slope[day] = 0.002 * level[day] * normal();
      before[day] = level[day] + 2.0 * normal();
    }
    bool alarmed = false, careless = false;
    for (int k = 1; k <= kLooks; ++k) {
      std::vector<DayPair> days;
      for (std::size_t day = 0; day < 7; ++day) {
        sum[day] += level[day] + slope[day] * k + 10.0 * normal();
        days.push_back({before[day], sum[day] / k});
      }
      const DayPair now = days.back();
      days.pop_back();
      const auto compared = PlaceboComparison::prepare(days, now, Moves::by_factor, 0.95);
      const auto harmed = [&](double confidence) {
        return compared->harm({Direction::increase, MarginKind::absolute, 0.0}, confidence)->interval.lower > 0.0;
      };
      alarmed = alarmed || harmed(levels[static_cast<std::size_t>(k - 1)]);
      careless = careless || harmed(0.95);
    }
    alarms += alarmed ? 1 : 0;
    single_looks += careless ? 1 : 0;
  }
  CHECK(alarms <= 60);
  CHECK(alarms >= 10);
  CHECK(single_looks > 90);
}
