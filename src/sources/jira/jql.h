// Jql: what can be told from a JQL text without Jira, and the text with the bounds of a window. Not a parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sources/jira/times.h"

namespace gate::sources::jira {

/// What is wrong with `jql`: empty, a quote or parenthesis that does not match, an ORDER BY. nullopt when nothing is.
std::optional<std::string> jql_problem(std::string_view jql);

/// The keys of the projects that `jql` asks about as far as it can be told: `project = SHOP`, `project in (SHOP, PAY)`. Names
/// in quotes or small letters, numbers, and what stands behind != are left out.
std::vector<std::string> projects_in(std::string_view jql);

/// "(project = X) AND created >= … AND created < …"; without a window, "(project = X)". `clause` is the field as JQL names it.
/// With UpperBound::open, only the lower bound stands.
enum class UpperBound { closed, open };
std::string bounded_jql(std::string_view jql, std::string_view clause, const std::optional<core::Window>& window,
                        JqlTimes times, UpperBound upper);

/// A field's name as JQL takes it: bare when it is one word, else in quotes.
std::string jql_name(std::string_view name);

}  // namespace gate::sources::jira
