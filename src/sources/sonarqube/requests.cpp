#include "sources/sonarqube/requests.h"

#include <fmt/format.h>

namespace gate::sources::sonarqube {

bool has_baseline_branch(const core::Question& question) {
  return question.before.has_value() && question.query.has("baseline_branch");
}

bool says_itself(const core::Settings& query, const core::Settings& source, std::string_view key) {
  const core::Setting* own = query.find(key);
  const core::Setting* common = source.find(key);
  if (own == nullptr || common == nullptr) return own != nullptr;
  return own->key_location.file != common->key_location.file || own->key_location.line != common->key_location.line ||
         own->key_location.column != common->key_location.column;
}

Component component_of(const core::Question& question, const core::Settings& source) {
  const auto either = [&](std::string_view key) { return question.query.text(key).value_or(source.text(key).value_or("")); };
  Component out{either("project"), either("branch"), either("pull_request")};
  // A metric that names one of the two means it, whatever the source names.
  if (says_itself(question.query, source, "branch")) out.pull_request.clear();
  if (says_itself(question.query, source, "pull_request")) out.branch.clear();
  if (has_baseline_branch(question)) {
    out.branch = *question.query.text("baseline_branch");
    out.pull_request.clear();
  }
  return out;
}

Component own_component(const core::Settings& source) {
  return component_of({}, source);
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
