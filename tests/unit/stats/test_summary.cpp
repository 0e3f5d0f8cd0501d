#include <cmath>
#include <vector>

#include "near.h"
#include "stats/quantiles.h"
#include "stats/summary.h"

using namespace gate::stats;

namespace {

const std::vector<double> kValues{3, 1, 4, 1, 5, 9, 2, 6};

}  // namespace

TEST_CASE("mean and deviation") {
  // R 4.2: mean and sd.
  const Summary summary = summarize(kValues);
  CHECK(summary.count == 8);
  CHECK(summary.mean == near(3.875));
  CHECK(summary.deviation == near(2.7483761439387129));
  CHECK(summary.least == 1.0);
  CHECK(summary.greatest == 9.0);
}

TEST_CASE("few values and equal values") {
  CHECK(summarize({}).count == 0);
  CHECK(summarize({}).deviation == kInfinity);
  CHECK(summarize(std::vector<double>{7}).mean == 7.0);
  CHECK(summarize(std::vector<double>{7}).deviation == kInfinity);
  for (const double value : {0.1, -0.3, 1e-300, 1e300, 1.7e308, 5e-324, 0.0}) {
    INFO(value);
    CHECK(summarize(std::vector<double>(17, value)).mean == value);
    CHECK(summarize(std::vector<double>(17, value)).deviation == 0.0);
  }
}

TEST_CASE("large, small and mixed values neither overflow nor vanish") {
  for (const double unit : {1e-300, 1e-150, 1e150, 1e300}) {
    std::vector<double> values = kValues;
    for (double& value : values) value *= unit;
    INFO(unit);
    CHECK(summarize(values).mean / unit == near(3.875));
    CHECK(summarize(values).deviation / unit == near(2.7483761439387129));
  }
  const Summary extremes = summarize(std::vector<double>{-1.7e308, 1.7e308});
  CHECK(extremes.mean == 0.0);
  // A small spread on a large level.
  CHECK(summarize(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3}).deviation == near(1.0));
}

TEST_CASE("finite or not") {
  CHECK(all_finite({}));
  CHECK(all_finite(kValues));
  CHECK_FALSE(all_finite(std::vector<double>{1, NAN}));
  CHECK_FALSE(all_finite(std::vector<double>{-kInfinity, 1}));
}

TEST_CASE("quantiles of type 7") {
  // R 4.2: quantile(x, p, type = 7).
  struct Case {
    double probability, expected;
  };
  for (const Case& c : {Case{0.0, 1.0}, Case{0.1, 1.0}, Case{0.25, 1.75}, Case{0.5, 3.5}, Case{0.9, 6.8999999999999995},
                        Case{0.99, 8.7899999999999991}, Case{1.0, 9.0}, Case{-1.0, 1.0}, Case{2.0, 9.0}}) {
    CHECK(quantile(kValues, c.probability) == near(c.expected));
    CHECK(sorted_quantile(sorted_copy(kValues), c.probability) == near(c.expected));
  }
  CHECK(quantile(std::vector<double>{-1.7e308, 1.7e308}, 0.5) == 0.0);
  CHECK(quantile(std::vector<double>{42}, 0.99) == 42.0);
  CHECK(std::isnan(quantile({}, 0.5)));
  CHECK(std::isnan(sorted_quantile({}, 0.5)));
}
