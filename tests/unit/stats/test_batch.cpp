#include <cmath>
#include <vector>

#include "near.h"
#include "stats/batch.h"

using namespace gate::stats;

TEST_CASE("how many batches a window has") {
  struct Case {
    double window, step;
    std::size_t count;
  };
  for (const Case& c : {Case{1800, 60, 30}, Case{1800, 15, 120}, Case{1800, 300, 20}, Case{300, 60, 20}, Case{1810, 60, 31},
                        Case{86400, 0.1, 864000}, Case{0, 60, 20}, Case{1800, 0, 20}, Case{-5, 60, 20}, Case{NAN, 60, 20},
                        Case{1800, NAN, 20}, Case{0.3, 0.01, 30}})
    CHECK(batch_count(c.window, c.step) == c.count);
}

TEST_CASE("rows fall into half-open batches of equal length") {
  const std::vector<double> seconds{100, 109.999, 110, 139.9, 140, 99.9, 125, 121};
  const std::vector<double> values{1, 3, 10, 7, 1000, 1000, 4, 6};
  const Batches batches = batch_rows(seconds, values, 100, 140, 4);
  CHECK(batches.means == std::vector<double>{2, 10, 5, 7});
  CHECK(batches.counts == std::vector<double>{2, 1, 2, 1});
}

TEST_CASE("batches without rows, and no rows at all") {
  const Batches batches = batch_rows(std::vector<double>{15}, std::vector<double>{3}, 0, 40, 4);
  CHECK(batches.means == std::vector<double>{0, 3, 0, 0});
  CHECK(batches.counts == std::vector<double>{0, 1, 0, 0});
  CHECK(batch_rows({}, {}, 0, 40, 2).counts == std::vector<double>{0, 0});
  CHECK(batch_rows(std::vector<double>{5}, std::vector<double>{1}, 5, 5, 2).counts == std::vector<double>{0, 0});
}

TEST_CASE("equal and enormous rows keep their mean") {
  std::vector<double> seconds(1000);
  for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] = static_cast<double>(i);
  for (const double value : {0.1, 1e300, 1.7e308, 1e-300}) {
    const Batches batches = batch_rows(seconds, std::vector<double>(1000, value), 0, 1000, 3);
    CHECK(batches.means == std::vector<double>(3, value));
  }
}
