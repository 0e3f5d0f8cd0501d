#include "sources/pagerduty/query.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"

namespace gate::sources::pagerduty {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::array<ApiMeasure, 5> kMeasures = {{
    {"incidents", "count", "", "incidents, by the time they were created"},
    {"resolve_time", "samples", "s", "from created to resolved; their mean is the MTTR"},
    {"acknowledge_time", "samples", "s", "from created to the first acknowledgement (analytics)"},
    {"total_incidents", "value", "", "PagerDuty's own count for the window (analytics)"},
    {"mean_resolve_time", "value", "s", "PagerDuty's own MTTR for the window (analytics)"},
}};

bool is_summary(std::string_view measure) {
  return measure == "total_incidents" || measure == "mean_resolve_time";
}

bool needs_analytics(std::string_view measure) {
  return is_summary(measure) || measure == "acknowledge_time";
}

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"measure", KeyType::text, measures_doc(kMeasures)},
      {"services", KeyType::text_list, "the ids of the services that are meant (all)"},
      {"teams", KeyType::text_list, "the ids of the teams that are meant (all)"},
      {"urgency", KeyType::text, "high or low (both)"},
      {"priorities", KeyType::text_list, "the names of the priorities that are meant (all, and none)"},
      {"from", KeyType::text, "incidents (the list, without delay, the default) or analytics (complete after 24 hours)"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  const std::string measure = settings.text("measure").value_or("");
  query.measure = find_measure(kMeasures, measure);
  query.is_summary = is_summary(measure);
  query.from_analytics = settings.text("from").value_or(needs_analytics(measure) ? "analytics" : "incidents") == "analytics";
  query.services = settings.text_list("services");
  query.teams = settings.text_list("teams");
  query.priorities = settings.text_list("priorities");
  query.urgency = settings.text("urgency").value_or("");
  return query;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics diagnostics;
  check_measure(diagnostics, "PagerDuty", kMeasures, query);
  check_word(diagnostics, query, "urgency", "high", "low");
  check_word(diagnostics, query, "from", "incidents", "analytics");
  const std::string measure = query.text("measure").value_or("");
  if (needs_analytics(measure) && query.text("from").value_or("") == "incidents") {
    add_key_error(diagnostics, query, "from", fmt::format("the list of incidents does not know `{}`", measure),
                  "leave `from` out: it comes from the analytics");
  }
  return diagnostics;
}

core::QueryFacts query_facts(const Settings& query) {
  core::QueryFacts facts = measure_facts(kMeasures, query);
  facts.uses_window = is_summary(query.text("measure").value_or(""));
  return facts;
}

std::string describe(const Query& query) {
  std::string out = fmt::format("{} of {}", query.measure->name,
                                query.services.empty() ? "all services" : fmt::format("{}", fmt::join(query.services, ", ")));
  if (!query.teams.empty()) out += fmt::format(", teams {}", fmt::join(query.teams, ", "));
  if (!query.urgency.empty()) out += ", urgency " + query.urgency;
  if (!query.priorities.empty()) out += fmt::format(", priority {}", fmt::join(query.priorities, ", "));
  return core::printable(out);
}

}  // namespace gate::sources::pagerduty
