#include <catch2/catch.hpp>

#include "report/ab_test.h"
#include "reports.h"

using gate::report::ab_test_line;
using namespace gate::report::test;
namespace core = gate::core;

namespace {

/// Conversion: 4 % → 4.5 %, by a score interval.
core::MetricReport conversion() {
  core::MetricReport out = failed("conversion");
  out.kind = "ratio";
  out.unit = {"%", "1", 0.01};
  out.ab_test = true;
  out.baseline->value = 4.0;
  out.candidate->value = 4.5;
  out.change->absolute = 0.5;
  out.change->relative = 0.125;
  out.change->interval = core::Range{0.1123, 0.8912};
  out.change->relative_interval = core::Range{0.0271, 0.2298};
  out.change->p_value = 0.03456;
  return out;
}

}  // namespace

TEST_CASE("an A/B test in a line: lift, difference, p-value") {
  CHECK(ab_test_line(conversion()) ==
        "A/B test: lift +12.5 % (+2.7 to +23 %), difference +0.500 pp (+0.11 to +0.90 pp), p = 0.035");
  core::MetricReport other = conversion();
  other.ab_test = false;
  CHECK(ab_test_line(other).empty());
  other = conversion();
  other.change.reset();
  CHECK(ab_test_line(other).empty());
}

TEST_CASE("what was corrected, and what a covariate took off, are told") {
  core::MetricReport metric = conversion();
  metric.criteria[0].p_value = 0.0612;
  metric.criteria[0].p_correction = "benjamini-hochberg";
  metric.criteria[0].p_together = 4;
  metric.change->variance_reduction = core::VarianceReduction{{}, 0.431, 0.657, 0.9, 0.7, {60, 40}, {0, 0}};
  CHECK(ab_test_line(metric).ends_with(
      ", p = 0.035, of the limit p = 0.061 (Benjamini–Hochberg over 4); CUPED: variance −43 %, correlation 0.66"));
  metric.criteria[0].p_correction = "holm";
  metric.criteria[0].p_value = 0.00001;
  metric.change->variance_reduction->share = -0.021;
  CHECK(ab_test_line(metric).ends_with("of the limit p < 0.0001 (Holm over 4); CUPED: variance +2.1 %, correlation 0.66"));
}

TEST_CASE("a baseline of nothing has no lift") {
  core::MetricReport metric = conversion();
  metric.change->relative.reset();
  metric.change->relative_interval.reset();
  metric.change->p_value.reset();
  CHECK(ab_test_line(metric) == "A/B test: no lift, the baseline being none, difference +0.500 pp (+0.11 to +0.90 pp)");
}
