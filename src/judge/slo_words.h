// Sentences about burn rates and budgets. No decisions here. Private to judge.
#pragma once

#include <string>

#include "config/gate.h"
#include "core/report.h"

namespace gate::judge {

/// "18.2 ×".
std::string times_text(double burn);

/// Why the outcome of `criterion`, which is filled but for its reason, is what it is; and what to do about it.
std::string burn_sentence(const config::Metric& metric, const core::CriterionReport& criterion);
std::string burn_advice(const core::CriterionReport& criterion);
/// The same for the budget, of which `criterion.observed` is left.
std::string budget_sentence(const config::Metric& metric, const core::CriterionReport& criterion);

}  // namespace gate::judge
