// Requests: which component of SonarQube is meant, and the requests about it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/question.h"
#include "core/settings.h"
#include "core/time.h"

namespace gate::sources::sonarqube {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A project, or one branch or pull request of it.
struct Component {
  std::string project;
  std::string branch;
  std::string pull_request;

  friend auto operator<=>(const Component&, const Component&) = default;
};

/// Whether `query` itself has `key`: keys of `source` are in it, too, where it does not say another value.
bool says_itself(const core::Settings& query, const core::Settings& source, std::string_view key);

/// What `question` is about: its own keys over the source's. On the baseline side (Question::before) `baseline_branch` takes
/// the place of branch and pull request.
Component component_of(const core::Question& question, const core::Settings& source);

/// What `source` names itself.
Component own_component(const core::Settings& source);

/// True when the baseline is another branch's present, not this one's past.
bool has_baseline_branch(const core::Question& question);

/// "checkout", "checkout, branch main", "checkout, pull request 12": for messages.
std::string describe(const Component& component);

/// The parameters that name `component`; the project goes under `key` ("component", "projectKey").
Parameters naming(const Component& component, const char* key);

/// "2026-03-17T12:04:00+0000": what `from` and `to` of api/measures/search_history take.
std::string format_sonar_time(core::Time time);

}  // namespace gate::sources::sonarqube
