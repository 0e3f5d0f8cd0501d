// Slo: what a service level objective reached over a window, as one number. Sends nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace gate::sources::datadog {

/// What one asks of an SLO: the share of good events or time (%), the share of the error budget that is left (%, negative when
/// more than all of it is spent), or how many times faster than allowed the budget burnt (1 spends it exactly).
enum class SloMeasure { attained, budget_left, burn };
/// nullopt for any other word.
std::optional<SloMeasure> slo_measure(std::string_view word);

struct SloGroup {
  std::string name;
  std::optional<double> attained;
};

/// An answer of GET /api/v1/slo/{id}/history.
struct SloHistory {
  std::optional<double> attained;                       ///< per cent; absent when nothing was measured
  std::vector<std::pair<std::string, double>> targets;  ///< time frame and per cent
  std::vector<SloGroup> groups;
  std::vector<std::string> notes;   ///< the server's words about what is odd: they are to be redacted
  std::vector<std::string> errors;  ///< the server's words about what went wrong
};

/// RG1610: not JSON, or cut off; RG1611: JSON of another form.
/// https://docs.datadoghq.com/api/latest/service-level-objectives/#get-an-slos-history
core::Result<SloHistory> decode_slo_history(const std::string& body);

/// `attained` as `measure`, with the objective `target` in per cent (0 < target < 100).
double slo_value(SloMeasure measure, double attained, double target);

/// The objective that a budget is counted against: `wanted`, or the only one there is. RG1641: there are none, or several.
core::Result<double> slo_target(const SloHistory& history, std::optional<double> wanted);

}  // namespace gate::sources::datadog
