// Quantiles known by bucket.
#include <cmath>
#include <vector>

#include "near.h"
#include "stats/histogram.h"

using namespace gate::stats;

namespace {

using Counts = std::vector<std::vector<double>>;

const std::vector<double> kEdges{0.0, 0.1, 0.25, 0.5, 1.0, kInfinity};
const Counts kBaseline{
    {40, 42, 38, 41, 45, 39}, {30, 28, 33, 31, 27, 30}, {15, 16, 13, 14, 17, 15}, {6, 5, 9, 7, 4, 8}, {1, 0, 2, 1, 0, 1}};
const Counts kCandidate{
    {35, 36, 33, 34, 30, 36}, {28, 27, 30, 29, 31, 28}, {20, 22, 19, 25, 21, 20}, {10, 12, 9, 16, 11, 12}, {2, 3, 1, 4, 2, 2}};
constexpr Contrast kIncrease{Direction::increase, MarginKind::absolute, 0.0};

Counts scaled(Counts counts, double factor) {
  for (auto& bucket : counts)
    for (double& count : bucket) count *= factor;
  return counts;
}

}  // namespace

TEST_CASE("a quantile is interpolated within its bucket, as histogram_quantile() does") {
  // R: n <- colSums(m); cs <- cumsum(n); i <- which(cs >= p * sum(n))[1];
  // e[i] + (e[i + 1] - e[i]) * (p * sum(n) - c(0, cs)[i]) / n[i]
  const Histogram baseline{kEdges, kBaseline}, candidate{kEdges, kCandidate};
  CHECK(quantile(baseline, 0.9)->value == near(0.467222222222222));
  CHECK(quantile(candidate, 0.9)->value == near(0.68));
  CHECK(quantile(baseline, 0.5)->value == near(0.128491620111732));
  CHECK(quantile(candidate, 0.5)->value == near(0.178034682080925));
  CHECK(quantile(baseline, 0.97)->value == near(0.849487179487179));
}

TEST_CASE("buckets that grow by a factor are interpolated by it") {
  const std::vector<double> edges{1.0, 2.0, 4.0};
  const Counts counts{{10.0}, {10.0}};
  CHECK(quantile({edges, counts, Spread::geometric}, 0.75)->value == near(2.0 * std::sqrt(2.0)));
  CHECK(quantile({edges, counts, Spread::linear}, 0.75)->value == near(3.0));
  const std::vector<double> mirrored{-4.0, -2.0, -1.0};
  CHECK(quantile({mirrored, counts, Spread::geometric}, 0.25)->value == near(-2.0 * std::sqrt(2.0)));
  const std::vector<double> across{-1.0, 1.0};
  CHECK(quantile({across, Counts{{4.0}}, Spread::geometric}, 0.5)->value == near(0.0));
}

TEST_CASE("above the highest edge a quantile is no number") {
  const auto found = quantile({kEdges, kCandidate}, 0.99);
  CHECK(found->at_least);
  CHECK(found->value == 1.0);
  const std::vector<double> edges{-kInfinity, 0.0, 1.0};
  CHECK(quantile({edges, Counts{{5.0}, {5.0}}}, 0.1)->at_most);
  CHECK_FALSE(quantile({{}, {}}, 0.5).has_value());
  CHECK_FALSE(quantile({edges, Counts{{0.0}, {0.0}}}, 0.5).has_value());
}

TEST_CASE("limits are the outer edges of the buckets at the binomial ranks") {
  // R: k <- qbinom(.05, n, p) less 1 where pbinom is above .05; the lower edge of which(cs > k)[1], the upper one of
  // which(cs >= n - u)[1]: 0.25 to 1 and 0.5 to 1; then MOVER.
  const auto compared =
      HistogramComparison::prepare({kEdges, kBaseline}, {kEdges, kCandidate}, 0.9, DispersionRule::none, 0.95);
  const Change change = compared->change();
  CHECK(change.method == "histogram-ranks");
  CHECK(change.interval->lower == near(-0.349585237092356));
  CHECK(change.interval->upper == near(0.599540617030931));
  CHECK(change.effective_baseline == 558.0);
  CHECK(change.effective_candidate == 588.0);
}

TEST_CASE("slices that vary more than chance widen the ranks") {
  Counts bursty = kCandidate;
  for (std::size_t t = 0; t < 6; t += 2) bursty[3][t] += 60.0;
  const auto calm = HistogramComparison::prepare({kEdges, kBaseline}, {kEdges, bursty}, 0.5, DispersionRule::none, 0.95);
  const auto seen = HistogramComparison::prepare({kEdges, kBaseline}, {kEdges, bursty}, 0.5, DispersionRule::from_slices, 0.95);
  CHECK(seen->change().effective_candidate < 0.5 * calm->change().effective_candidate);
  CHECK(seen->change().interval->upper >= calm->change().interval->upper);
  CHECK(seen->change().interval->lower <= calm->change().interval->lower);
}

TEST_CASE("beyond the buckets harm can be proven, and safety cannot") {
  const Counts many = scaled(kBaseline, 100.0);
  Counts broken = many;
  broken[4] = {4000, 4000, 4000, 4000, 4000, 4000};
  const auto compared = HistogramComparison::prepare({kEdges, many}, {kEdges, broken}, 0.9, DispersionRule::none, 0.95);
  const auto harm = compared->harm(kIncrease);
  CHECK(harm->interval.lower > 0.0);
  CHECK(harm->interval.upper == kInfinity);
  CHECK(harm->p_value < 1e-6);
  const auto better = HistogramComparison::prepare({kEdges, broken}, {kEdges, many}, 0.9, DispersionRule::none, 0.95);
  CHECK(better->harm(kIncrease)->interval.upper < 0.0);
  CHECK(HistogramComparison::prepare({kEdges, broken}, {kEdges, broken}, 0.9, DispersionRule::none, 0.95).reason() ==
        Unusable::beyond_buckets);
}

TEST_CASE("no count, negative counts and buckets of different length are refused") {
  const auto reason = [](const Counts& counts) {
    return HistogramComparison::prepare({kEdges, counts}, {kEdges, kBaseline}, 0.9, DispersionRule::none, 0.95).reason();
  };
  CHECK(reason(scaled(kBaseline, 0.0)) == Unusable::no_data);
  CHECK(reason(scaled(kBaseline, -1.0)) == Unusable::bad_counts);
  CHECK(reason(scaled(kBaseline, double(NAN))) == Unusable::not_finite);
  CHECK(reason({{1}, {1, 2}, {1}, {1}, {1}}) == Unusable::bad_counts);
  CHECK(reason({{1}}) == Unusable::no_data);
}
