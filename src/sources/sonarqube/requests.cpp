#include "sources/sonarqube/requests.h"

#include <fmt/format.h>

namespace gate::sources::sonarqube {

bool has_baseline_branch(const core::Question& question) {
  return question.before.has_value() && question.query.has("baseline_branch");
}

Component component_of(const core::Question& question, const core::Settings& source) {
  const auto either = [&](std::string_view key) { return question.query.text(key).value_or(source.text(key).value_or("")); };
  Component out{either("project"), either("branch"), either("pull_request")};
  // A metric that names one of the two means it, whatever the source names.
  if (question.query.has("branch")) out.pull_request.clear();
  if (question.query.has("pull_request")) out.branch.clear();
  if (has_baseline_branch(question)) {
    out.branch = *question.query.text("baseline_branch");
    out.pull_request.clear();
  }
  return out;
}

std::string describe(const Component& component) {
  if (!component.pull_request.empty()) return fmt::format("{}, pull request {}", component.project, component.pull_request);
  return component.branch.empty() ? component.project : fmt::format("{}, branch {}", component.project, component.branch);
}

Parameters naming(const Component& component, const char* key) {
  Parameters out = {{key, component.project}};
  if (!component.branch.empty()) out.emplace_back("branch", component.branch);
  if (!component.pull_request.empty()) out.emplace_back("pullRequest", component.pull_request);
  return out;
}

std::string format_sonar_time(core::Time time) {
  std::string text = core::format_time(std::chrono::floor<std::chrono::seconds>(time));
  text.pop_back();
  return text + "+0000";
}

}  // namespace gate::sources::sonarqube
