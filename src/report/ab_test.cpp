#include "report/ab_test.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "core/text.h"
#include "core/unit.h"
#include "report/layout.h"

namespace gate::report {
namespace {

std::string estimate(std::string_view name, double value, const std::optional<core::Range>& interval, bool relative,
                     const core::MetricReport& metric) {
  const std::string text = fmt::format("{} {}", name, move_text(value, relative, metric));
  return interval ? fmt::format("{} ({})", text, move_range_text(*interval, relative, metric)) : text;
}

/// "= 0.0041", "< 0.0001".
std::string p_text(double p) {
  constexpr double kLeast = 1e-4;
  return p < kLeast ? "< 0.0001" : "= " + core::format_number(p, {2});
}

}  // namespace

std::string ab_test_line(const core::MetricReport& metric) {
  if (!metric.ab_test || !metric.change) return "";
  const core::ChangeReport& change = *metric.change;
  std::string out = "A/B test: ";
  out += change.relative ? estimate("lift", *change.relative, change.relative_interval, true, metric)
                         : std::string("no lift, the baseline being none");
  out += ", " + estimate("difference", change.absolute, change.interval, false, metric);
  if (change.p_value) out += ", p " + p_text(*change.p_value);
  const core::CriterionReport* criterion = deciding(metric);
  if (criterion != nullptr && criterion->p_value && !criterion->p_correction.empty()) {
    const bool holm = criterion->p_correction == "holm";
    out += fmt::format(", of the limit p {} ({} over {})", p_text(*criterion->p_value), holm ? "Holm" : "Benjamini–Hochberg",
                       criterion->p_together);
  }
  if (const auto& reduction = change.variance_reduction) {
    const double share = std::abs(reduction->share) * 100.0;
    out += fmt::format("; CUPED: variance {}{} %, correlation {}", reduction->share < 0.0 ? "+" : "−",
                       core::format_number(share, {2}), core::format_number(reduction->correlation, {2}));
  }
  return core::printable(out);
}

}  // namespace gate::report
