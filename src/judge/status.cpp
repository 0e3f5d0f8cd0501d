#include "judge/status.h"

#include <fmt/format.h>

#include "judge/criterion.h"
#include "judge/settle.h"

namespace gate::judge {
namespace {

using Level = core::State::Level;

/// "sonar says ERROR: new_coverage is 71.4, at least 80."
std::string sentence(const config::Metric& metric, const core::State& state) {
  const std::string said = state.word.empty() ? "nothing" : state.word;
  const std::string why = state.reason.empty() ? "" : ": " + state.reason;
  return fmt::format("{} says {}{}.", metric.source, said, why);
}

/// Everything that was looked at, but for what the reason says already.
void note_conditions(core::MetricReport& out, const core::State& state) {
  for (const std::string& condition : state.conditions) {
    if (condition != state.reason) out.notes.push_back(condition);
  }
}

void judge_opinion(core::CriterionReport& criterion, const config::Metric& metric, const core::State& state) {
  criterion.reason = sentence(metric, state);
  criterion.outcome = state.level == Level::ok ? core::Outcome::holds : core::Outcome::violated;
  if (state.level == Level::warning) criterion.level = core::Level::warn;
  if (criterion.outcome == core::Outcome::violated) criterion.next = "open it there";
}

}  // namespace

void judge_status(core::MetricReport& out, const config::Metric& metric, const core::Measurement& measurement, core::Time now) {
  const std::optional<core::State>& state = measurement.candidate.state;
  core::CriterionReport criterion = unjudged(metric, metric.criteria.front());
  out.evidence = core::Evidence::none;
  if (state) {
    out.status = state->word;
    out.brief = state->reason;
    note_conditions(out, *state);
  }
  if (state && state->level != Level::none) {
    out.evidence = core::Evidence::enough;
    judge_opinion(criterion, metric, *state);
  } else if (state) {
    criterion.reason = sentence(metric, *state);
    criterion.next = "find out there why nothing was decided";
  } else {
    const std::string& absence = measurement.candidate.absence;
    criterion.reason = absence.empty() ? fmt::format("{} answered, without a state.", metric.source)
                                       : fmt::format("{} has no state: {}.", metric.source, absence);
    criterion.next = "find out there why nothing was decided";
    out.brief = absence.empty() ? "no data" : absence;
  }
  out.criteria.push_back(std::move(criterion));
  settle(out, metric, now);
}

}  // namespace gate::judge
