// A/B test: two groups of users at the same time, as experimenters read them: lift, difference, p-value. Judges nothing.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// "A/B test: lift +12 % (+3.1 to +22 %), difference +0.28 pp (+0.07 to +0.5 pp), p = 0.0041", with the corrected p-value of
/// the limit where the gate corrects for a family, and what a covariate took off the variance. The lift is a share of the
/// baseline; all intervals are those of the verdict's method. "" for other metrics, and without a change.
std::string ab_test_line(const core::MetricReport& metric);

}  // namespace gate::report
