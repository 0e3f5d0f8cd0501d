// Quantiles and tails of the distributions the methods need: Boost.Math under one policy that returns values instead of
// throwing. Not for sampling.
#pragma once

namespace gate::stats {

/// z with P(Z <= z) = `probability`, in [0, 1]; ±infinity at the ends.
double normal_quantile(double probability);
/// P(Z <= z).
double normal_cdf(double z);

/// The quantile of Student's t; normal when `degrees` is infinite. `degrees` > 0.
double student_quantile(double probability, double degrees);
/// P(t <= x); right to a relative 1e-12 in the lower tail. `degrees` > 0, infinite for normal.
double student_cdf(double x, double degrees);

/// The quantile of Beta(a, b), a > 0, b > 0.
double beta_quantile(double probability, double a, double b);
/// P(Beta(a, b) <= x), a > 0, b > 0, x in [0, 1].
double beta_cdf(double x, double a, double b);

}  // namespace gate::stats
