#include "sources/dynatrace_problems/query.h"

#include <array>

#include "core/text.h"

namespace gate::sources::dynatrace_problems {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::array<ApiMeasure, 2> kMeasures = {{
    {"problems", "count", "", "problems, by the time they began"},
    {"resolve_time", "samples", "s", "from when a problem began to when it was closed; their mean is the MTTR"},
}};

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"measure", KeyType::text, measures_doc(kMeasures)},
      {"problem_selector", KeyType::text,
       "the problems that are meant (all): severityLevel(\"AVAILABILITY\",\"ERROR\"); status() is refused"},
      {"entity_selector", KeyType::text, "the entities whose problems are meant (all): type(SERVICE),tag(\"shop\")"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  query.measure = find_measure(kMeasures, settings.text("measure").value_or(""));
  query.problem_selector = settings.text("problem_selector").value_or("");
  query.entity_selector = settings.text("entity_selector").value_or("");
  return query;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics diagnostics;
  check_measure(diagnostics, "Dynatrace", kMeasures, query);
  if (query.text("problem_selector").value_or("").find("status(") != std::string::npos) {
    add_key_error(diagnostics, query, "problem_selector",
                  "open problems of the earlier window have been closed since, and so `status` compares different things",
                  "leave it out: every problem that began in a window counts there");
  }
  return diagnostics;
}

core::QueryFacts query_facts(const Settings& query) {
  return measure_facts(kMeasures, query);
}

Parameters parameters_of(const Query& query, const std::optional<core::Window>& window, int page_size) {
  // Without `from` the last two hours alone are listed.
  Parameters out = {{"from", window ? std::to_string(window->start.time_since_epoch().count()) : "0"}};
  if (window) out.emplace_back("to", std::to_string(window->end.time_since_epoch().count()));
  if (!query.problem_selector.empty()) out.emplace_back("problemSelector", query.problem_selector);
  if (!query.entity_selector.empty()) out.emplace_back("entitySelector", query.entity_selector);
  out.emplace_back("pageSize", std::to_string(page_size));
  return out;
}

std::string describe(const Query& query) {
  std::string out(query.measure->name);
  out += query.problem_selector.empty() ? " of all problems" : " of " + query.problem_selector;
  if (!query.entity_selector.empty()) out += ", entities " + query.entity_selector;
  return core::printable(out);
}

}  // namespace gate::sources::dynatrace_problems
