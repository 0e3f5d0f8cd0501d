#include "sources/datadog/verdict.h"

#include "sources/datadog/json.h"

namespace gate::sources::datadog {
namespace {

bool optional_flag(Json object, std::string_view key) {
  const auto found = member(object, key);
  return found && flag_of(*found, key);
}

Evaluation read_evaluation(Json root) {
  const Json attributes = required(required(root, "data"), "attributes");
  Evaluation out;
  out.url = text_member(attributes, "evaluation_url");
  out.status = text_of(required(attributes, "gate_status"), "gate_status");
  out.dry_run = optional_flag(attributes, "dry_run");
  const auto rules = member(attributes, "rules");
  if (!rules) return out;
  for (const Json rule : array_of(*rules, "rules")) {
    out.rules.push_back(
        {text_member(rule, "name"), text_member(rule, "status"), text_member(rule, "reason"), optional_flag(rule, "dry_run")});
  }
  return out;
}

std::string described(const GateRule& rule) {
  std::string text = fmt::format("{}: {}", rule.name.empty() ? "(rule without a name)" : rule.name,
                                 rule.status.empty() ? "(no status)" : rule.status);
  if (!rule.reason.empty()) text += fmt::format(" ({})", rule.reason);
  if (rule.dry_run) text += ", dry run: not counted";
  return text;
}

}  // namespace

core::Result<Evaluation> decode_evaluation(const std::string& body) {
  return read_json(body, read_evaluation);
}

core::Result<std::string> decode_evaluation_id(const std::string& body) {
  return read_json(body, [](Json root) {
    const Json data = required(root, "data");
    const auto attributes = member(data, "attributes");
    const std::string id = attributes ? text_member(*attributes, "evaluation_id") : "";
    return id.empty() ? text_of(required(data, "id"), "id") : id;
  });
}

core::Result<core::State> state_of(const Evaluation& evaluation) {
  core::State state;
  state.word = evaluation.status;
  std::string failed;
  for (const GateRule& rule : evaluation.rules) {
    state.conditions.push_back(described(rule));
    if (rule.status == "fail" && !rule.dry_run) failed += (failed.empty() ? "" : "; ") + described(rule);
  }
  if (evaluation.dry_run) {
    state.reason = "the gate runs dry, and passes whatever its rules say";
  } else if (evaluation.status == "pass") {
    state.level = core::State::Level::ok;
  } else if (evaluation.status == "fail") {
    state.level = core::State::Level::error;
    state.reason = failed.empty() ? "no rule says why" : failed;
  } else {
    return core::Error{"RG1651",
                       fmt::format("the deployment gate ended as \"{}\", which is neither pass nor fail", evaluation.status),
                       "look at the evaluation in Datadog; what is not known to be a pass is none",
                       {},
                       {}};
  }
  return state;
}

}  // namespace gate::sources::datadog
