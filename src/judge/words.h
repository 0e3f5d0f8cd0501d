// Sentences for people: why a criterion came out as it did, and what to do next. No decisions here.
#pragma once

#include <optional>
#include <string>

#include "config/gate.h"
#include "core/report.h"
#include "core/unit.h"

namespace gate::judge {

/// A change is written as a share of the baseline, or as an amount: in percentage points for proportions.
enum class Scale { absolute, relative };

/// The ends of intervals, rounded outward.
inline constexpr core::Digits kDown{2, core::Rounding::down};
inline constexpr core::Digits kUp{2, core::Rounding::up};

/// "312 ms", "0.11 %".
std::string value_text(double value, const config::Metric& metric);
/// The same of a limit that something lies below: two digits, rounded up.
std::string limit_of_zero_text(double limit, const config::Metric& metric);
/// What a bound on a value looks at: "312 ms", "18.2 ×", "8 % of its budget left".
std::string observed_text(const config::Metric& metric, const config::Criterion& criterion, double observed);
/// "+31 %", "+0.03 pp", "−2 ms"; "+∞" for an end that is not there.
std::string change_text(double change, Scale scale, const config::Metric& metric, core::Digits digits = {});
/// "[+0.9, +5.4]": rounded outward, without the unit of a share.
std::string interval_text(const core::Range& range, Scale scale, const config::Metric& metric);
/// The limit as people write it: "+10 % and +5 ms", "−20 %", "±5 %", "≤ 800 ms", "≥ 80 %", "≠ 0", "200 ms ± 10 %".
std::string limit_text(const config::Metric& metric, const config::Criterion& criterion);
/// The same without the sign of "at most": "800 ms". It points into `limit`.
std::string_view plain_limit(std::string_view limit);
/// "95 %".
std::string percent_text(double share);

/// What a sentence about a change is made of.
struct ChangeWords {
  double baseline = 0.0;
  double candidate = 0.0;
  double change = 0.0;                  ///< on `scale`
  std::optional<core::Range> interval;  ///< of the change, on `scale`
  Scale scale = Scale::absolute;
  double confidence = 0.95;
  std::string against;  ///< "the last 8 releases that passed"; "" where the design says it
};

/// "at least +24 %": the mild end of the interval; "" without one.
std::string at_least(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);

std::string violated_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string holds_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string unproven_within(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string unproven_beyond(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string bare_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string value_sentence(const config::Metric& metric, const config::Criterion& criterion, double value,
                           core::Outcome outcome);

}  // namespace gate::judge
