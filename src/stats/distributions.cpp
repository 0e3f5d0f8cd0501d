#include "stats/distributions.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

namespace gate::stats {
namespace {

namespace policies = boost::math::policies;
// Callers check their arguments, so an error here is a limit (±infinity, 0, 1), which the policy returns; promotion to long
// double costs three times the time and changes no digit that is compared.
using Policy = policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                                policies::overflow_error<policies::ignore_error>,
                                policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;
using Normal = boost::math::normal_distribution<double, Policy>;
using StudentsT = boost::math::students_t_distribution<double, Policy>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

double normal_quantile(double probability) {
  if (probability <= 0.0) return -kInfinity;
  if (probability >= 1.0) return kInfinity;
  return boost::math::quantile(Normal(), probability);
}

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

double student_quantile(double probability, double degrees) {
  if (std::isinf(degrees)) return normal_quantile(probability);
  if (probability <= 0.0) return -kInfinity;
  if (probability >= 1.0) return kInfinity;
  return boost::math::quantile(StudentsT(degrees), probability);
}

double student_cdf(double x, double degrees) {
  if (std::isinf(degrees)) return normal_cdf(x);
  if (std::isinf(x)) return x > 0.0 ? 1.0 : 0.0;
  return boost::math::cdf(StudentsT(degrees), x);
}

double beta_quantile(double probability, double a, double b) {
  if (probability <= 0.0) return 0.0;
  if (probability >= 1.0) return 1.0;
  return boost::math::ibeta_inv(a, b, probability, Policy());
}

double beta_cdf(double x, double a, double b) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  return boost::math::ibeta(a, b, x, Policy());
}

}  // namespace gate::stats
