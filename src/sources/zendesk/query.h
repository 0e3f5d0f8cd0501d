// Query: the keys of a question to Zendesk, read into values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/api_source.h"

namespace gate::sources::zendesk {

struct Query {
  const ApiMeasure* measure = nullptr;
  std::string words;  ///< `query` without `type:ticket`, which each of the addresses wants said its own way
  std::vector<std::string> tags;
  std::string group;  ///< id
  std::string brand;  ///< id
  std::string view;   ///< id
  std::string_view clock = "calendar";

  [[nodiscard]] bool is(std::string_view name) const { return measure->name == name; }
};

std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// RG1910: a key that has no meaning for the measure, or a search that says what the gate adds; RG1911.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

/// "tags:checkout created>=2026-03-17T12:04:00Z created<2026-03-17T12:34:00Z", without bounds when there is no window.
/// https://support.zendesk.com/hc/en-us/articles/4408886879258
std::string bounded(const Query& query, const std::optional<core::Window>& window);

}  // namespace gate::sources::zendesk
