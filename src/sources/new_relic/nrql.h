// Nrql: what can be told from a text in New Relic's query language without asking it. Knows no requests.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gate::sources::new_relic {

/// What stands in a query. Texts in quotes and comments are not looked into.
struct Nrql {
  std::vector<std::string> event_types;   ///< behind every FROM: "Transaction"
  std::set<std::string> functions;        ///< everything that is called, in small letters: "count"
  std::set<std::string> outer_functions;  ///< of those, what is not inside of others, but of filter(…)
  std::set<std::string> summed;           ///< the attributes of sum(…)
  std::set<std::string> clauses;          ///< "FACET", "SINCE": the words of the language that stand in it, in capitals
  std::string first_word;                 ///< in capitals
  bool selects_all = false;               ///< SELECT *
  std::string mistake;                    ///< a quote, a comment or a parenthesis that is not closed; "" when there is none
};

/// https://docs.newrelic.com/docs/nrql/nrql-syntax-clauses-functions/
Nrql read_nrql(std::string_view text);

/// "`Page View`": a name as it is written where it may be anything.
std::string in_backticks(std::string_view name);

}  // namespace gate::sources::new_relic
