#include "sources/event_log/query.h"

#include <fmt/format.h>

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

bool read_measure(const std::string& name, Measure& measure) {
  if (name == "active_users") measure = Measure::active_users;
  if (name == "eligible_users") measure = Measure::eligible_users;
  if (name == "events") measure = Measure::events;
  return name == "active_users" || name == "eligible_users" || name == "events";
}

}  // namespace

EventQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics) {
  EventQuery out;
  const core::Location& table = query.location_of_table;
  const std::string name = query.text("measure").value_or("");
  if (!read_measure(name, out.measure)) {
    report_key(diagnostics, "RG1505",
               name.empty() ? std::string("no `measure` says what is asked of the event log")
                            : fmt::format("an event log has no measure `{}`", core::printable(name)),
               "it may be `active_users`, `eligible_users` or `events`; adoption is a ratio of the first two",
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
