// A gate file as text made into a plan, with types of sources that stand for databases ("points"), files ("rows"), and systems
// that hold the present alone ("present": `query = "state"` is a status, `other` names a baseline).
#pragma once

#include <string>

#include "config/load.h"
#include "plan/plan.h"

namespace plan_text {

/// 2026-03-17T12:04:00Z, the deployment of every test.
inline constexpr std::int64_t kDeployed = 1773749040;

/// Times in seconds from kDeployed.
gate::core::Time at(std::int64_t seconds);
gate::core::Window window(std::int64_t start, std::int64_t end);

/// The parts of a gate file that come before its metrics: the release, and sources `points`, `rows` and `present`.
extern const char* const kHead;

struct Made {
  gate::config::Loaded loaded;
  gate::plan::Planned planned;

  /// Of the first metric; the plan must have been made.
  [[nodiscard]] const gate::plan::MetricPlan& first() const { return planned.plan->metrics.front(); }
  /// "RG0306 RG0307?": codes of all diagnostics, those of warnings with a question mark.
  [[nodiscard]] std::string codes() const;
};

/// Reads kHead + `metrics`, and plans it as of `now` (an hour after the deployment).
Made make(const std::string& metrics, gate::core::Time now = at(3600));
/// The same for a text that brings its own head.
Made make_whole(const std::string& text, gate::plan::Options options);

}  // namespace plan_text
