#include <cmath>
#include <vector>

#include "near.h"
#include "stats/change_points.h"

using namespace gate::stats;

// Figures of best_split: the definition term by term in Python 3.11,
//   def q(x, y): m, n = len(x), len(y)
//     return m*n/(m+n) * (2*sum(abs(a-b) for a in x for b in y)/(m*n) - sum(abs(a-b) for a, b in combinations(x,
//     2))/(m*(m-1)/2)
//                         - sum(abs(a-b) for a, b in combinations(y, 2))/(n*(n-1)/2))
//   max(q(z[:t], z[t:k]) for t in range(least, len(z)-least+1) for k in range(t+least, len(z)+1))
// tests/history/test_trend.py does the same for whole series through the program.

TEST_CASE("the best split of a series") {
  const std::vector<double> step = {212, 205, 219, 208, 215, 211, 222, 207, 240, 251, 246, 238, 249, 243};
  const Split found = best_split(step, 3);
  CHECK(found.first == 8);
  CHECK(found.until == 14);
  CHECK(found.statistic == near(173.95918367346937));
  // Up and back again: the split that ends before the way back is better than any that reaches the end.
  const Split bump = best_split(std::vector<double>{10, 11, 9, 10, 12, 30, 31, 29, 30, 32, 11, 10, 9, 12, 10}, 2);
  CHECK(bump.first == 5);
  CHECK(bump.until == 10);
  CHECK(bump.statistic == near(93.0));
  const std::vector<double> few = {1.5, 2.25, -3.0, 0.125, 7.5, 2.0, 2.0, 2.0};
  CHECK(best_split(few, 2).statistic == near(2.75));
  CHECK(best_split(few, 3).first == 4);
  CHECK(best_split(few, 3).statistic == near(1.791666666666667));
  CHECK(best_split(std::vector<double>(9, 5.0), 3).statistic == 0.0);
  CHECK(best_split(std::vector<double>{1, 2, 3}, 2).first == 0);
}

TEST_CASE("change points name the first value of what is new") {
  const std::vector<double> steps = {10, 11, 9, 10, 12, 10, 30, 31, 29, 30, 32, 31, 20, 21, 19, 20, 22, 20};
  const std::vector<ChangePoint> found = change_points(steps, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].first == 6);
  CHECK(found[0].before == near(62.0 / 6.0));
  CHECK(found[0].after == near(183.0 / 6.0));
  CHECK(found[1].first == 12);
  CHECK(found[1].before == near(183.0 / 6.0));
  CHECK(found[1].after == near(122.0 / 6.0));
  for (const ChangePoint& point : found) CHECK(point.p_value <= 0.05);
  // Seeded: the same again, to the last bit.
  const std::vector<ChangePoint> again = change_points(steps, {});
  CHECK(again[0].p_value == found[0].p_value);
  CHECK(again[1].statistic == found[1].statistic);
}

TEST_CASE("no change point in what did not change") {
  CHECK(change_points(std::vector<double>(30, 7.0), {}).empty());
  CHECK(change_points(std::vector<double>{3, 9, 4, 8, 5, 7, 6, 3, 9, 4, 8, 5, 7, 6, 3, 9}, {}).empty());
  // Six values in two halves: ten splits are possible, so that none can be shown at 5 %.
  CHECK(change_points(std::vector<double>{1, 2, 1, 90, 91, 90}, {}).empty());
  CHECK(change_points(std::vector<double>{1, 2}, {}).empty());
  CHECK(change_points(std::vector<double>{}, {}).empty());
}

TEST_CASE("values at the ends of the range of double") {
  std::vector<double> values = {10, 11, 9, 10, 12, 10, 30, 31, 29, 30, 32, 31};
  for (const double scale : {1e-300, 1e290}) {
    std::vector<double> scaled;
    for (const double value : values) scaled.push_back(value * scale);
    const auto found = change_points(scaled, {});
    REQUIRE(found.size() == 1);
    CHECK(found[0].first == 6);
    CHECK(found[0].after / scale == near(30.5));
  }
}
