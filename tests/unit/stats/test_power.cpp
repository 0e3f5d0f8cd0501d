#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "near.h"
#include "stats/harm.h"
#include "stats/power.h"

using namespace gate::stats;

TEST_CASE("the harm that is seen with power 0.8") {
  // SciPy 1.10: (stats.norm.ppf(0.95) + stats.norm.ppf(0.8)) * 2; with stats.t.ppf(…, 10).
  CHECK(detectable_excess(2.0, kInfinity, 0.95) == near(4.9729497210487725));
  CHECK(detectable_excess(2.0, 10.0, 0.95) == near(5.383037902722635));
  CHECK(detectable_excess(0.0, 10.0, 0.95) == 0.0);
  CHECK(detectable_excess(kInfinity, 0.0, 0.95) == kInfinity);
}

TEST_CASE("how much more data proves a point") {
  // SciPy 1.10: optimize.brentq of k = (½·(t_0.95 + t_0.8))² with 11·k − 1 degrees; closed for the normal.
  CHECK(*needs_factor(2.0, 1.0, 10.0, 0.95) == Approx(1.6885669478413314).epsilon(1e-8));
  CHECK(*needs_factor(-2.0, 1.0, 10.0, 0.95) == Approx(1.6885669478413314).epsilon(1e-8));
  CHECK(*needs_factor(2.0, 1.0, kInfinity, 0.95) == near(1.5456393080049415));
  for (const auto& [point, error, degrees] : {std::tuple(0.0, 1.0, 10.0), std::tuple(1.0, kInfinity, 10.0),
                                              std::tuple(1.0, double(NAN), 10.0), std::tuple(1.0, 1.0, 0.0)})
    CHECK_FALSE(needs_factor(point, error, degrees, 0.95).has_value());
  // A crooked interval: the standard error on the side of zero counts.
  Harm harm;
  harm.point = 2.0;
  harm.interval = {2.0 - 1.6448536269514722, 100.0};
  harm.degrees = kInfinity;
  CHECK(*needs_factor(harm, 0.95) == near(1.5456393080049415));
  harm.point = -2.0;
  harm.interval = {-100.0, -2.0 + 1.6448536269514722};
  CHECK(*needs_factor(harm, 0.95) == near(1.5456393080049415));
}

TEST_CASE("the contrast of a question") {
  struct Case {
    Contrast contrast;
    double factor, part;
  };
  for (const Case& c : {Case{{Direction::increase, MarginKind::absolute, 3.0}, 1.0, 3.0},
                        Case{{Direction::decrease, MarginKind::absolute, 3.0}, 1.0, 3.0},
                        Case{{Direction::increase, MarginKind::relative, 0.25}, 1.25, 0.0},
                        Case{{Direction::decrease, MarginKind::relative, 0.25}, 0.75, 0.0},
                        Case{{Direction::increase, MarginKind::relative, -0.25}, 0.75, 0.0},
                        Case{{Direction::decrease, MarginKind::relative, -0.25}, 1.25, 0.0}}) {
    CHECK(baseline_factor(c.contrast) == c.factor);
    CHECK(absolute_part(c.contrast) == c.part);
  }
}

TEST_CASE("questions that are malformed whatever the data are") {
  struct Case {
    Contrast contrast;
    double confidence;
    std::optional<Unusable> reason;
  };
  const auto relative = MarginKind::relative;
  for (const Case& c : {Case{{}, 0.95, {}}, Case{{}, 0.5, Unusable::bad_confidence}, Case{{}, 1.0, Unusable::bad_confidence},
                        Case{{}, NAN, Unusable::bad_confidence},
                        Case{{Direction::increase, MarginKind::absolute, NAN}, 0.95, Unusable::bad_margin},
                        Case{{Direction::increase, MarginKind::absolute, kInfinity}, 0.95, Unusable::bad_margin},
                        Case{{Direction::decrease, relative, 1.0}, 0.95, Unusable::bad_margin},
                        Case{{Direction::decrease, relative, 0.999}, 0.95, {}},
                        Case{{Direction::increase, relative, -1.0}, 0.95, Unusable::bad_margin},
                        Case{{Direction::increase, relative, 5.0}, 0.95, {}}})
    CHECK(malformed(c.contrast, c.confidence) == c.reason);
}

TEST_CASE("every reason has its sentence") {
  std::vector<std::string_view> seen;
  for (const Unusable reason : {Unusable::no_data, Unusable::not_finite, Unusable::bad_counts, Unusable::baseline_near_zero,
                                Unusable::baseline_not_positive, Unusable::bad_margin, Unusable::bad_confidence}) {
    const std::string_view sentence = describe(reason);
    CHECK(sentence != "unknown reason");
    CHECK(std::find(seen.begin(), seen.end(), sentence) == seen.end());
    seen.push_back(sentence);
  }
}
