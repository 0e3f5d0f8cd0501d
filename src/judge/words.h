// Sentences for people: why a criterion came out as it did, and what to do next. No decisions here.
#pragma once

#include <optional>
#include <string>

#include "config/gate.h"
#include "core/report.h"

namespace gate::judge {

/// "312 ms", "0.11 %".
std::string value_text(double value, const config::Metric& metric);
/// "+31 %", "+0.03 pp", "−2 ms": relative where `relative` says so.
enum class Scale { absolute, relative };
std::string change_text(double change, Scale scale, const config::Metric& metric,
                        core::Rounding rounding = core::Rounding::nearest);
/// "limit +10 %", "limit 800 ms".
std::string limit_text(const config::Criterion& criterion);
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
};

std::string violated_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string holds_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string unproven_within(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string unproven_beyond(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words);
std::string bare_change(const config::Metric& metric, const config::Criterion& criterion, const ChangeWords& words,
                        core::Outcome outcome);
std::string value_sentence(const config::Metric& metric, const config::Criterion& criterion, double value,
                           core::Outcome outcome);

}  // namespace gate::judge
