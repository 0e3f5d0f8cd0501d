#include "sources/datadog/slo.h"

#include <algorithm>

#include "sources/datadog/json.h"

namespace gate::sources::datadog {
namespace {

std::optional<double> attained_of(Json one) {
  const auto value = member(one, "sli_value");
  if (!value) return std::nullopt;
  return number_of(*value, "sli_value");
}

void read_notes(Json overall, SloHistory& out) {
  if (const auto errors = member(overall, "errors")) {
    for (const Json error : array_of(*errors, "errors")) out.notes.push_back(text_member(error, "error_message"));
  }
  if (const auto preview = member(overall, "preview"); preview && flag_of(*preview, "preview")) {
    out.notes.emplace_back("a replay of the monitor's history is under way: the value will change");
  }
  std::erase(out.notes, "");
}

void read_targets(Json data, SloHistory& out) {
  const auto thresholds = member(data, "thresholds");
  if (!thresholds || !thresholds->is_object()) return;
  for (const auto field : simdjson::dom::object(*thresholds)) {
    if (const auto target = member(field.value, "target")) {
      out.targets.emplace_back(std::string(field.key), number_of(*target, "target"));
    }
  }
}

SloHistory read_history(Json root) {
  SloHistory out;
  if (const auto errors = member(root, "errors")) {
    for (const Json error : array_of(*errors, "errors")) {
      out.errors.push_back(error.is_string() ? text_of(error, "errors") : text_member(error, "error"));
    }
  }
  const auto data = member(root, "data");
  if (!data && !out.errors.empty()) return out;
  const Json history = required(root, "data");
  const Json overall = required(history, "overall");
  out.attained = attained_of(overall);
  read_notes(overall, out);
  read_targets(history, out);
  if (const auto groups = member(history, "groups")) {
    for (const Json group : array_of(*groups, "groups")) {
      const std::string name = text_member(group, "group");
      out.groups.push_back({name.empty() ? text_member(group, "name") : name, attained_of(group)});
    }
  }
  return out;
}

}  // namespace

std::optional<SloMeasure> slo_measure(std::string_view word) {
  if (word == "attained") return SloMeasure::attained;
  if (word == "budget_left") return SloMeasure::budget_left;
  if (word == "burn") return SloMeasure::burn;
  return std::nullopt;
}

core::Result<SloHistory> decode_slo_history(const std::string& body) {
  return read_json(body, read_history);
}

double slo_value(SloMeasure measure, double attained, double target) {
  const double spent = (100.0 - attained) / (100.0 - target);
  switch (measure) {
    case SloMeasure::burn:
      return spent;
    case SloMeasure::budget_left:
      return 100.0 * (1.0 - spent);
    case SloMeasure::attained:
      break;
  }
  return attained;
}

core::Result<double> slo_target(const SloHistory& history, std::optional<double> wanted) {
  if (wanted) return *wanted;
  std::string listed;
  for (const auto& [frame, target] : history.targets)
    listed += fmt::format("{}{} in {}", listed.empty() ? "" : ", ", target, frame);
  const bool agree =
      !history.targets.empty() && std::all_of(history.targets.begin(), history.targets.end(),
                                              [&](const auto& one) { return one.second == history.targets.front().second; });
  const bool usable = agree && history.targets.front().second > 0.0 && history.targets.front().second < 100.0;
  if (usable) return history.targets.front().second;
  return core::Error{"RG1641",
                     listed.empty() ? "the SLO names no target to count a budget against"
                                    : "the SLO has several targets, or none that leaves a budget: " + listed,
                     "say which one: slo_target = 99.9",
                     {},
                     {}};
}

}  // namespace gate::sources::datadog
