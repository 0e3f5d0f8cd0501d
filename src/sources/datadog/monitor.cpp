#include "sources/datadog/monitor.h"

#include <algorithm>
#include <set>

#include "sources/datadog/json.h"

namespace gate::sources::datadog {
namespace {

using Level = core::State::Level;

constexpr std::size_t kShownGroups = 3;

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    parts.push_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  return parts;
}

/// A downtime of "env:prod" covers the group "env:prod,host:a".
bool covers(const std::vector<std::string>& scope, const std::string& group) {
  const std::vector<std::string> tags = split(group);
  return std::all_of(scope.begin(), scope.end(),
                     [&](const std::string& tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); });
}

void mute(Monitor& monitor, const std::vector<std::string>& scope) {
  if (std::find(scope.begin(), scope.end(), "*") != scope.end() || monitor.groups.empty()) {
    monitor.muted = true;
    return;
  }
  for (MonitorGroup& group : monitor.groups) group.muted = group.muted || covers(scope, group.name);
}

/// Downtimes of today's kind are under `matching_downtimes`, those of the old kind under `options.silenced`.
void read_muting(Json root, Monitor& monitor) {
  if (const auto options = member(root, "options")) {
    if (const auto silenced = member(*options, "silenced"); silenced && silenced->is_object()) {
      for (const auto field : simdjson::dom::object(*silenced)) mute(monitor, split(std::string(field.key)));
    }
  }
  const auto downtimes = member(root, "matching_downtimes");
  if (!downtimes) return;
  for (const Json downtime : array_of(*downtimes, "matching_downtimes")) {
    const auto active = member(downtime, "active");
    if (active && !flag_of(*active, "active")) continue;
    std::vector<std::string> scope;
    if (const auto listed = member(downtime, "scope")) {
      for (const Json tag : array_of(*listed, "scope")) scope.push_back(text_of(tag, "scope"));
    }
    mute(monitor, scope.empty() ? std::vector<std::string>{"*"} : scope);
  }
}

void read_groups(Json root, Monitor& monitor) {
  const auto state = member(root, "state");
  const auto groups = state ? member(*state, "groups") : std::nullopt;
  if (!groups || !groups->is_object()) return;
  for (const auto field : simdjson::dom::object(*groups)) {
    const std::string name(field.key);
    // A monitor that is not split up has the one group "*".
    if (name == "*" || name == "total") continue;
    monitor.groups.push_back({name, text_of(required(field.value, "status"), "status"), false});
  }
  std::sort(monitor.groups.begin(), monitor.groups.end(),
            [](const MonitorGroup& a, const MonitorGroup& b) { return a.name < b.name; });
}

Monitor read_monitor(Json root) {
  Monitor monitor;
  std::int64_t id = 0;
  if (required(root, "id").get_int64().get(id) != simdjson::SUCCESS) wrong_form("`id` is not a whole number");
  monitor.id = std::to_string(id);
  monitor.name = text_member(root, "name");
  monitor.status = text_of(required(root, "overall_state"), "overall_state");
  read_groups(root, monitor);
  read_muting(root, monitor);
  return monitor;
}

Level level_of(const std::string& status) {
  if (status == "Alert") return Level::error;
  if (status == "Warn") return Level::warning;
  if (status == "OK") return Level::ok;
  return Level::none;
}

int severity(Level level) {
  switch (level) {
    case Level::error:
      return 3;
    case Level::warning:
      return 2;
    case Level::none:
      return 1;
    case Level::ok:
      break;
  }
  return 0;
}

/// One monitor, judged.
struct Opinion {
  Level level = Level::none;
  std::string status;
  std::string text;
  bool left_out = false;
};

/// The status of the whole, or of a group that is worse: a whole that lags behind its groups hides nothing.
std::string worst_status(const Monitor& monitor, const std::vector<MonitorGroup>& groups) {
  std::string worst = monitor.status;
  for (const MonitorGroup& group : groups) {
    if (severity(level_of(group.status)) > std::max(1, severity(level_of(worst)))) worst = group.status;
  }
  return worst;
}

/// Of the groups alone, where the whole counts groups that are left out.
std::string status_without_muted(const std::vector<MonitorGroup>& groups) {
  for (const std::string_view status : {"Alert", "Warn", "OK"}) {
    for (const MonitorGroup& group : groups) {
      if (group.status == status) return group.status;
    }
  }
  return groups.front().status;
}

std::string groups_text(const std::vector<MonitorGroup>& groups, const std::string& status) {
  std::vector<std::string> names;
  for (const MonitorGroup& group : groups) {
    if (group.status == status) names.push_back(group.name + (group.muted ? " (muted)" : ""));
  }
  if (groups.empty() || names.empty()) return "";
  std::string text = fmt::format(", {} of {} groups", names.size(), groups.size());
  if (level_of(status) == Level::ok) return text;
  text += ": ";
  for (std::size_t i = 0; i < std::min(kShownGroups, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kShownGroups) text += fmt::format(" and {} more", names.size() - kShownGroups);
  return text;
}

std::string described(const Monitor& monitor) {
  return monitor.name.empty() ? "monitor " + monitor.id : fmt::format("{} ({})", monitor.name, monitor.id);
}

Opinion opinion_of(const Monitor& monitor, Muted muted) {
  std::vector<MonitorGroup> groups = monitor.groups;
  const bool ignores = muted == Muted::ignore;
  if (ignores) std::erase_if(groups, [](const MonitorGroup& group) { return group.muted; });
  const bool left_out = ignores && (monitor.muted || (groups.empty() && !monitor.groups.empty()));
  if (left_out) return {Level::none, monitor.status, described(monitor) + " is muted and left out", true};
  const bool some_left_out = groups.size() < monitor.groups.size();
  Opinion opinion;
  opinion.status = some_left_out ? status_without_muted(groups) : worst_status(monitor, groups);
  opinion.level = level_of(opinion.status);
  opinion.text = fmt::format("{} is {}{}", described(monitor), opinion.status, groups_text(groups, opinion.status));
  if (monitor.muted) opinion.text += ", muted";
  if (some_left_out) {
    opinion.text += fmt::format(", {} muted and left out", monitor.groups.size() - groups.size());
  }
  return opinion;
}

}  // namespace

core::Result<Monitor> decode_monitor(const std::string& body) {
  return read_json(body, read_monitor);
}

core::Result<std::vector<Monitor>> decode_monitors(const std::string& body) {
  return read_json(body, [](Json root) {
    std::vector<Monitor> all;
    for (const Json one : array_of(root, "the list of monitors")) all.push_back(read_monitor(one));
    return all;
  });
}

core::State state_of(const std::vector<Monitor>& monitors, Muted muted) {
  core::State state;
  bool has_opinion = false;
  for (const Monitor& monitor : monitors) {
    Opinion opinion = opinion_of(monitor, muted);
    state.conditions.push_back(opinion.text);
    if (opinion.left_out) continue;
    if (has_opinion && severity(opinion.level) <= severity(state.level)) continue;
    has_opinion = true;
    state.level = opinion.level;
    state.word = std::move(opinion.status);
    state.reason = std::move(opinion.text);
  }
  if (!has_opinion) state.reason = monitors.empty() ? "there is no such monitor" : "every monitor is muted and left out";
  return state;
}

}  // namespace gate::sources::datadog
