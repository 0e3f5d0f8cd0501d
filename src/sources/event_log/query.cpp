#include "sources/event_log/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "sources/file/filter.h"
#include "sources/report_source.h"

namespace gate::sources::event_log {
namespace {

core::Node text_node(std::string text) {
  core::Node out;
  out.value = std::move(text);
  return out;
}

core::Node table_node() {
  core::Node out;
  out.value = core::Node::Table{};
  return out;
}

core::Setting setting(std::string key, core::Node node) {
  core::Setting out;
  out.key = std::move(key);
  out.node = std::move(node);
  return out;
}

void put(core::Node& table, const std::string& key, core::Node value) {
  table.table()->push_back({key, {}, std::move(value)});
}

constexpr std::array<std::pair<std::string_view, Measure>, 7> kMeasures = {{{"active_users", Measure::active_users},
                                                                            {"eligible_users", Measure::eligible_users},
                                                                            {"events", Measure::events},
                                                                            {"cohort_users", Measure::cohort_users},
                                                                            {"retained_users", Measure::retained_users},
                                                                            {"funnel_users", Measure::funnel_users},
                                                                            {"funnel_from", Measure::funnel_from}}};

bool is_funnel(Measure measure) {
  return measure == Measure::funnel_users || measure == Measure::funnel_from;
}

bool is_cohort(Measure measure) {
  return measure == Measure::cohort_users || measure == Measure::retained_users;
}

bool read_measure(std::string_view name, Measure& measure) {
  const auto found = std::find_if(kMeasures.begin(), kMeasures.end(), [&](const auto& one) { return one.first == name; });
  if (found != kMeasures.end()) measure = found->second;
  return found != kMeasures.end();
}

std::string_view name_of(Measure measure) {
  return std::find_if(kMeasures.begin(), kMeasures.end(), [&](const auto& one) { return one.second == measure; })->first;
}

void read_funnel(EventQuery& out, const core::Settings& query, core::Diagnostics& diagnostics) {
  constexpr std::size_t kMostSteps = 20;
  out.steps = query.text_list("steps");
  out.within = query.duration("within").value_or(out.within);
  const core::Location& table = query.location_of_table;
  if (out.steps.size() < 2 || out.steps.size() > kMostSteps) {
    report_key(diagnostics, "RG1506", fmt::format("a funnel has 2 to {} `steps`, not {}", kMostSteps, out.steps.size()),
               R"(steps = ["view", "cart", "pay"]: events, in the order in which they are taken)",
               query.location("steps", table));
  }
  if (!out.events.empty()) {
    report_key(diagnostics, "RG1506", "`event` beside a funnel, whose `steps` are the events that count", "remove it",
               query.location("event", table));
  }
}

void read_cohorts(EventQuery& out, const core::Settings& query, core::Diagnostics& diagnostics) {
  constexpr std::int64_t kMostCohorts = 100;
  out.cohort = query.duration("cohort").value_or(out.cohort);
  const std::int64_t cohorts = query.integer("cohorts").value_or(static_cast<std::int64_t>(out.cohorts));
  if (cohorts < 1 || cohorts > kMostCohorts || out.cohort < std::chrono::hours(1)) {
    report_key(diagnostics, "RG1506", fmt::format("1 to {} `cohorts` of an hour or more can be told apart", kMostCohorts),
               R"(cohort = "7d", cohorts = 4: the four weeks before the window)",
               query.location(query.has("cohorts") ? "cohorts" : "cohort", query.location_of_table));
    return;
  }
  out.cohorts = static_cast<std::size_t>(cohorts);
}

/// Keys of another measure: most likely this one is not what was meant.
void refuse_keys_of_others(const EventQuery& out, const core::Settings& query, core::Diagnostics& diagnostics) {
  for (const auto& [key, fits] : {std::pair("steps", is_funnel(out.measure)), std::pair("within", is_funnel(out.measure)),
                                  std::pair("cohort", is_cohort(out.measure)), std::pair("cohorts", is_cohort(out.measure)),
                                  std::pair("counting", !is_of_users(out.measure))}) {
    if (fits || !query.has(key)) continue;
    report_key(diagnostics, "RG1506", fmt::format("`{}` has no meaning for `{}`", key, name_of(out.measure)), "remove it",
               query.location(key, query.location_of_table));
  }
}

}  // namespace

bool is_of_users(Measure measure) {
  return is_funnel(measure) || is_cohort(measure);
}

std::string describe(const EventQuery& query) {
  std::string out(name_of(query.measure));
  if (is_cohort(query.measure)) out += fmt::format(", {} cohorts of {}", query.cohorts, core::format_duration(query.cohort));
  if (is_funnel(query.measure))
    out += fmt::format(" of {} within {}", core::printable(fmt::format("{}", fmt::join(query.steps, " → "))),
                       core::format_duration(query.within));
  if (!query.events.empty()) out += fmt::format(", event {}", core::printable(core::list_names(query.events)));
  if (!query.eligible.empty()) out += ", of eligible users";
  core::Diagnostics known;
  const std::string where = query.where.table() == nullptr ? "" : file::describe(file::read_where(query.where, known));
  return where.empty() ? out : out + " where " + where;
}

EventQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics) {
  EventQuery out;
  const core::Location& table = query.location_of_table;
  const std::string name = query.text("measure").value_or("");
  if (!read_measure(name, out.measure)) {
    report_key(diagnostics, "RG1505",
               name.empty() ? std::string("no `measure` says what is asked of the event log")
                            : fmt::format("an event log has no measure `{}`", core::printable(name)),
               "it may be `active_users`, `eligible_users`, `events`, `cohort_users`, `retained_users`, `funnel_users` or "
               "`funnel_from`; adoption is a ratio of the first two",
               query.location("measure", table));
  }
  out.path = query.text("path").value_or("");
  if (out.path.empty()) {
    report_key(diagnostics, "RG1403", "no `path` says which files are read", "add it to the source, or to the metric", table);
  }
  out.user = query.text("user").value_or("user_id");
  out.event_column = query.text("event_column").value_or("event");
  out.events = query.text_list("event");
  if (const auto one = query.text("event"); one && out.events.empty()) out.events = {*one};
  out.event_id = query.text("event_id").value_or("");
  out.eligible = query.text("eligible").value_or("");
  out.eligible_user = query.text("eligible_user").value_or(out.user);
  if (out.measure == Measure::eligible_users && out.eligible.empty()) {
    report_key(diagnostics, "RG1507", "`eligible_users` counts a list, and no `eligible` names its file",
               "eligible = \"eligible-users.csv\", in the source", query.location("measure", table));
  }
  if (is_funnel(out.measure)) read_funnel(out, query, diagnostics);
  if (is_cohort(out.measure)) read_cohorts(out, query, diagnostics);
  refuse_keys_of_others(out, query, diagnostics);
  out.counting = query.text("counting").value_or("");
  if (!out.counting.empty() && out.counting != "exact" && out.counting != "hyperloglog") {
    report_key(diagnostics, "RG1506", fmt::format("there is no counting \"{}\"", core::printable(out.counting)),
               R"(it may be "exact", or "hyperloglog" with a standard error of 0.81 % in 16 KiB)",
               query.location("counting", table));
  }
  const core::Node* where = query.node("where");
  if (where == nullptr || where->table() == nullptr) return out;
  out.where = *where;
  (void)file::read_where(*where, diagnostics);
  if (!out.events.empty() && where->find(out.event_column) != nullptr) {
    report_key(diagnostics, "RG1506",
               fmt::format("`event` and `where.{}` say the same twice", core::printable(out.event_column)),
               "remove one of them", where->location);
  }
  return out;
}

core::Settings file_query(const EventQuery& query, Among among) {
  core::Settings out;
  if (query.measure == Measure::eligible_users) {
    out.add(setting("path", text_node(query.eligible)));
    out.add(setting("distinct", text_node(query.eligible_user)));
    return out;
  }
  out.add(setting("path", text_node(query.path)));
  if (query.measure == Measure::active_users) out.add(setting("distinct", text_node(query.user)));
  if (query.measure == Measure::events && !query.event_id.empty()) out.add(setting("distinct", text_node(query.event_id)));
  const bool counts_different = query.measure == Measure::active_users || !query.event_id.empty();
  if (!query.counting.empty() && counts_different) out.add(setting("counting", text_node(query.counting)));
  core::Node where = query.where.table() != nullptr ? query.where : table_node();
  if (!query.events.empty()) {
    core::Node events;
    events.value = core::Node::Array{};
    for (const std::string& one : query.events) std::get<core::Node::Array>(events.value).push_back(text_node(one));
    put(where, query.event_column, std::move(events));
  }
  if (!where.table()->empty()) out.add(setting("where", std::move(where)));
  if (among == Among::eligible) {
    core::Node in = table_node();
    put(in, "source", text_node(kEligible));
    put(in, "column", text_node(query.eligible_user));
    put(in, "key", text_node(query.user));
    out.add(setting("in", std::move(in)));
  }
  return out;
}

core::Settings eligible_settings(const EventQuery& query) {
  core::Settings out;
  core::Node no;
  no.value = false;
  out.add(setting("path", text_node(query.eligible)));
  out.add(setting("time", std::move(no)));
  return out;
}

}  // namespace gate::sources::event_log
