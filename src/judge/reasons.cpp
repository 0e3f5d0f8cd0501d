#include "judge/reasons.h"

#include <fmt/format.h>

#include "judge/goals.h"

namespace gate::judge {

Reason not_due(const core::Measurement& measurement, core::Time now) {
  Reason reason{"Not due: its window is not over.", "not due",
                R"(run again later, let --wait wait for it, or on_pending = "skip")"};
  if (!measurement.due) return reason;
  reason.brief = due_text(*measurement.due, now);
  const std::string due = reason.brief.substr(std::string_view("due ").size());
  reason.next = R"(run again then, let --wait wait for it, or on_pending = "skip")";
  reason.sentence = fmt::format("Not due: the window ends {}.", due);
  if (!measurement.through.empty()) {
    reason.sentence = fmt::format("Not due: made of {}, whose data are there {}.", measurement.through, due);
    return reason;
  }
  const auto& window = measurement.candidate.window;
  if (window && window->end < *measurement.due) {
    reason.sentence =
        fmt::format("Not due: the window ends {}, its data are there {}.", core::format_moment(window->end, now), due);
  }
  return reason;
}

Reason not_asked(const config::Metric& metric, const core::Measurement& measurement) {
  const core::Error& error = *measurement.error;
  const std::string& who = measurement.through.empty() ? metric.source : measurement.through;
  std::string cause = error.message;
  if (const std::string own = metric.source + ": "; cause.starts_with(own)) cause.erase(0, own.size());
  Reason reason;
  reason.brief = fmt::format("{}: {}", who, cause);
  const char* what = error.code.starts_with("RG20") ? "Could not use the answer of" : "Could not ask";
  reason.sentence = fmt::format("{} {}: {}. Says nothing about the release.", what, who, cause);
  reason.next = error.hint.empty() ? "repair it, run again" : error.hint + "; run again";
  return reason;
}

}  // namespace gate::judge
