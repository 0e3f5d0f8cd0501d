// Query: the keys of a question about Dynatrace's problems, read into values.
#pragma once

#include <string>
#include <vector>

#include "core/question.h"
#include "sources/api_source.h"

namespace gate::sources::dynatrace_problems {

struct Query {
  const ApiMeasure* measure = nullptr;
  std::string problem_selector;  ///< severityLevel("AVAILABILITY"); "" for all
  std::string entity_selector;   ///< type(SERVICE),tag("shop"); "" for all

  [[nodiscard]] bool is_narrow() const { return !problem_selector.empty() || !entity_selector.empty(); }
};

std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// RG1910: a selector that asks for open or for closed problems alone; RG1911.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

/// The parameters of the first page of the problems that began or ended in `window`; without one of all there are.
/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/problems-v2/problems/get-problems-list
Parameters parameters_of(const Query& query, const std::optional<core::Window>& window, int page_size);

/// "problems of severityLevel(…), entities …".
std::string describe(const Query& query);

}  // namespace gate::sources::dynatrace_problems
