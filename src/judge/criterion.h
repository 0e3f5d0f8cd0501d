// One criterion judged: from a comparison, or from bare values, to an outcome with its evidence. The table of docs/verdict.md.
#pragma once

#include <optional>

#include "config/gate.h"
#include "core/report.h"
#include "judge/beyond.h"
#include "judge/comparison.h"

namespace gate::judge {

/// What a criterion is judged by.
struct Evidence {
  core::Evidence candidate = core::Evidence::none;
  core::Evidence both = core::Evidence::none;  ///< the worse of the two sides
  std::optional<double> baseline_value;
  std::optional<double> candidate_value;
  Beyond baseline_beyond = Beyond::nowhere;  ///< the value is the edge of the buckets that it lies beyond
  Beyond candidate_beyond = Beyond::nowhere;
  const Comparison* comparison = nullptr;  ///< absent for two bare numbers
  std::string against;                     ///< what the baseline is, where the design does not say it
  bool placebo = false;                    ///< earlier days tell how much the metric moves by itself
  std::string why_not;                     ///< for thin and none: one sentence
  std::string next;
  core::Duration baseline_window{};  ///< 0 without windows
  core::Duration candidate_window{};
};

/// `criterion` as it stands in the file, not evaluated.
core::CriterionReport unjudged(const config::Metric& metric, const config::Criterion& criterion);

/// The outcome of `criterion` by the table; `within`, reason and next filled in.
core::CriterionReport judge_criterion(const config::Metric& metric, const config::Criterion& criterion,
                                      const Evidence& evidence);

/// What an outcome makes of the metric, by the last column of the table.
core::Verdict verdict_of(const core::CriterionReport& criterion, const config::VerdictRules& rules, core::Evidence evidence);

core::Verdict to_verdict(config::Fallback fallback);

}  // namespace gate::judge
