// What the rest of the program is told of event logs, and the offline checks of their keys.
#include "sources/event_log/client.h"
#include "sources/file/options.h"

namespace gate::sources::event_log {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(path     = "events-*.jsonl"                  # relative to this file; a line an event
time     = { column = "time", format = "rfc3339" }
eligible = "eligible-users.csv"              # who could use it
)";

constexpr std::string_view kExample =
    R"(kind   = "ratio"
events = { measure = "active_users", event = "checkout" }
total  = "eligible_users"
better = "higher"
fail   = { decrease_over = "2pp" }
)";

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out;
  out.natural_kind = "value";
  // Who came in two slices would be counted twice.
  out.uses_window = query.text("measure").value_or("") != "events" || query.has("event_id");
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  return std::make_unique<EventLogSource>(id, settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "event-log";
  type.spec.usual_name = "usage";
  type.spec.title = "Event logs of a backend: active users, eligible users, events (JSON Lines, CSV)";
  type.spec.source_keys = file::source_keys();
  const std::vector<core::KeySpec> shared = {
      {"user", KeyType::text, "the column of users (user_id)"},
      {"event_column", KeyType::text, "the column that says what happened (event)"},
      {"event_id", KeyType::text, "the column of ids, by which an event that was logged twice counts once"},
      {"eligible", KeyType::text, "the files of users who could use it: a row each"},
      {"eligible_user", KeyType::text, "their column of users (as `user`)"},
  };
  type.spec.source_keys.insert(type.spec.source_keys.end(), shared.begin(), shared.end());
  type.spec.source_keys.push_back(
      {"root", KeyType::text, "the folder that files may lie in, relative to the gate file (its own)"});
  type.spec.source_keys.push_back({"max_bytes", KeyType::bytes, "larger files are refused (64 GiB)"});
  type.spec.query_keys = {
      {"measure", KeyType::text,
       "what is counted: active_users, eligible_users, events, cohort_users, retained_users, funnel_users, funnel_from"},
      {"event", KeyType::text_list, "which events count: one, or a list (all)"},
      {"where", KeyType::table, "which rows, as for files"},
      {"cohort", KeyType::duration, "of cohort_users and retained_users: how long a cohort is (7d)"},
      {"cohorts", KeyType::integer, "how many of them, back from the start of the window (4)"},
      {"steps", KeyType::text_list, "of a funnel: events, in the order in which they are taken"},
      {"within", KeyType::duration, "of a funnel: from the first step to the last (24h)"},
      {"counting", KeyType::text, "of users and ids: exact, or hyperloglog for very large logs"},
      {"path", KeyType::text, "other files than the source's", core::KeySpec::Need::optional, core::KeySpec::Writer::trusted},
  };
  type.spec.query_keys.insert(type.spec.query_keys.end(), shared.begin(), shared.end());
  type.spec.text_part_key = "measure";
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_by_reading<file::read_options>;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::event_log
