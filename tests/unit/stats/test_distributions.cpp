#include <cmath>
#include <vector>

#include "near.h"
#include "stats/distributions.h"
#include "stats/roots.h"

using namespace gate::stats;

TEST_CASE("quantiles and tails") {
  // R 4.2: qnorm, pnorm, qt, pt, qbeta, pbeta.
  struct Case {
    double computed, expected;
  };
  for (const Case& c :
       {Case{normal_quantile(0.95), 1.6448536269514715}, Case{normal_quantile(1e-12), -7.0344838253011321},
        Case{normal_quantile(0.8), 0.84162123357291441}, Case{normal_cdf(1.3), 0.9031995154143897},
        Case{student_quantile(0.95, 1.0), 6.3137515146750376}, Case{student_quantile(0.95, 2.5), 2.5582186141359453},
        Case{student_quantile(0.95, 7.0), 1.8945786050900062}, Case{student_quantile(0.95, 1e6), 1.644855150722039},
        Case{student_quantile(0.95, kInfinity), 1.6448536269514715}, Case{student_cdf(-2.3, 1.0), 0.13054758708862271},
        Case{student_cdf(-2.3, 2.5), 0.061239832212077641}, Case{student_cdf(-2.3, 30.0), 0.01429069364357087},
        Case{beta_quantile(0.05, 3.0, 7.5), 0.092207158380561163}, Case{beta_cdf(0.2, 3.0, 7.5), 0.29190446089640465}})
    CHECK(c.computed == near(c.expected));
  CHECK(normal_cdf(-8.0) / 6.2209605742717849e-16 == near(1.0));
}

TEST_CASE("the ends of a distribution") {
  CHECK(normal_quantile(0.0) == -kInfinity);
  CHECK(normal_quantile(1.0) == kInfinity);
  CHECK(student_quantile(0.0, 3.0) == -kInfinity);
  CHECK(student_quantile(1.0, 3.0) == kInfinity);
  CHECK(student_cdf(kInfinity, 3.0) == 1.0);
  CHECK(student_cdf(-kInfinity, 3.0) == 0.0);
  CHECK(beta_quantile(0.0, 2.0, 3.0) == 0.0);
  CHECK(beta_quantile(1.0, 2.0, 3.0) == 1.0);
  CHECK(beta_cdf(0.0, 2.0, 3.0) == 0.0);
  CHECK(beta_cdf(1.0, 2.0, 3.0) == 1.0);
}

TEST_CASE("one root in a bracket") {
  CHECK(bracketed_root([](double x) { return x * x - 2.0; }, 0.0, 2.0) == near(std::sqrt(2.0)));
  CHECK(bracketed_root([](double x) { return 1e-200 - x; }, 0.0, 1.0) / 1e-200 == near(1.0));
  CHECK(bracketed_root([](double x) { return x; }, 0.0, 1.0) == 0.0);
  CHECK(bracketed_root([](double x) { return x - 1.0; }, 0.0, 1.0) == 1.0);
  CHECK(bracketed_root([](double x) { return 1.0 / (x - 0.5) + 4.0; }, 0.0, 0.4) == near(0.25));
  // Infinite at an end: the interpolation still finds the root.
  CHECK(bracketed_root([](double x) { return x == 0.0 ? kInfinity : 1.0 / x - 3.0; }, 0.0, 1.0) == near(1.0 / 3.0));
  // Without a change of sign: the end where the function is smaller.
  CHECK(bracketed_root([](double x) { return x + 1.0; }, 0.0, 1.0) == 0.0);
  CHECK(bracketed_root([](double x) { return x - 2.0; }, 0.0, 1.0) == 1.0);
}
