#include "sources/jira/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/jira/jql.h"

namespace gate::sources::jira {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kDefaultMeasure = "issues";

struct TimeUnit {
  std::string_view name;
  core::Duration length;
};

constexpr std::array<TimeUnit, 5> kTimeUnits = {{{"s", std::chrono::seconds(1)},
                                                 {"min", std::chrono::minutes(1)},
                                                 {"h", std::chrono::hours(1)},
                                                 {"d", std::chrono::hours(24)},
                                                 {"w", std::chrono::hours(24 * 7)}}};

const TimeUnit* find_unit(std::string_view name) {
  const auto* found =
      std::find_if(kTimeUnits.begin(), kTimeUnits.end(), [&](const TimeUnit& unit) { return unit.name == name; });
  return found == kTimeUnits.end() ? nullptr : found;
}

std::string measure_name(const Settings& query) {
  return query.text("measure").value_or(std::string(kDefaultMeasure));
}

/// Adds the diagnostics of one question.
class Checker {
 public:
  explicit Checker(const Settings& query) : query_(query) {}

  void check() {
    const std::string name = measure_name(query_);
    const MeasureInfo* info = find_measure(name);
    if (info == nullptr) return unknown_measure(name);
    check_needs(*info);
    check_jql();
    const auto unit = query_.text("time_unit");
    if (unit && find_unit(*unit) == nullptr) add("RG1721", "time_unit", "`time_unit` must be s, min, h, d or w");
    if (unit && info->nature != Nature::durations) no_meaning(*info, "time_unit");
    if (query_.has("window_field") && query_.text("window_field")->empty()) {
      add("RG1721", "window_field", "`window_field` is empty", "leave it out, or name a date field such as created");
    }
  }

  core::Diagnostics diagnostics;

 private:
  void add(std::string code, std::string_view key, std::string message, std::string hint = "") {
    diagnostics.push_back({core::Severity::error,
                           {std::move(code), std::move(message), std::move(hint), {}, query_.location(key, core::Location{})}});
  }

  void no_meaning(const MeasureInfo& info, std::string_view key) {
    add("RG1721", key, fmt::format("`{}` has no meaning for measure = \"{}\"", key, info.name));
  }

  void unknown_measure(const std::string& name) {
    std::vector<std::string> names;
    for (const MeasureInfo& one : all_measures()) names.emplace_back(one.name);
    const std::string near = core::nearest(name, names);
    add("RG1721", "measure", fmt::format("there is no measure `{}`", name),
        near.empty() ? "it is one of " + core::list_names(names) : fmt::format("did you mean `{}`?", near));
  }

  void need(const MeasureInfo& info, std::string_view key, std::string_view what) {
    if (!query_.has(key))
      add("RG1721", "measure", fmt::format("measure = \"{}\" needs `{}`", info.name, key), std::string(what));
  }

  void check_needs(const MeasureInfo& info) {
    const bool is_version = info.measure == Measure::deployment_frequency || info.measure == Measure::change_failure_rate;
    const bool is_velocity = info.measure == Measure::velocity;
    if (is_velocity) {
      if (query_.has("project") == query_.has("board")) {
        add("RG1721", query_.has("project") ? "project" : "measure", "velocity takes one of `board` and `project`",
            "`board` is the number in a board's address, `project` means all Scrum boards of a project: board = 12");
      }
    } else if (info.measure == Measure::change_failure_rate) {
      need(info, "project", "the key of the project whose versions are released: project = \"SHOP\"");
      need(info, "jql", "what a failure of a version is: jql = 'issuetype = Incident'");
    } else if (info.measure == Measure::deployment_frequency) {
      if (query_.has("project") == query_.has("jql")) {
        add("RG1721", query_.has("project") ? "jql" : "measure", "deployment_frequency takes one of `project` and `jql`",
            "`project` counts its released versions, `jql` the issues that stand for deployments");
      }
    } else {
      need(info, "jql", "which issues are meant: jql = 'project = SHOP AND issuetype = Bug'");
    }
    if (!is_version && !is_velocity && query_.has("project")) no_meaning(info, "project");
    if (!is_velocity && query_.has("board")) no_meaning(info, "board");
    if (!is_velocity && query_.has("points_field")) no_meaning(info, "points_field");
    const bool has_window_field =
        !is_velocity && info.measure != Measure::matching && info.measure != Measure::reopen_rate && !query_.has("project");
    if (!has_window_field && query_.has("window_field")) no_meaning(info, "window_field");
  }

  void check_jql() {
    const auto jql = query_.text("jql");
    if (!jql) return;
    if (const auto problem = jql_problem(*jql)) {
      const core::Setting* setting = query_.find("jql");
      diagnostics.push_back({core::Severity::error,
                             {"RG1722",
                              "this cannot be JQL as it is needed here: " + *problem,
                              "write the conditions alone: the bounds of the window are added to them",
                              {},
                              setting->node.location}});
    }
  }

  const Settings& query_;
};

}  // namespace

const std::vector<MeasureInfo>& all_measures() {
  static const std::vector<MeasureInfo> kMeasures = {
      {"issues", Measure::issues, Nature::events, "count", "created"},
      {"throughput", Measure::throughput, Nature::events, "count", "resolved"},
      {"lead_time", Measure::lead_time, Nature::durations, "samples", "resolved"},
      {"cycle_time", Measure::cycle_time, Nature::durations, "samples", "resolved"},
      {"reopen_rate", Measure::reopen_rate, Nature::shares, "samples", kDoneField},
      {"velocity", Measure::velocity, Nature::amounts, "samples", ""},
      {"deployment_frequency", Measure::deployment_frequency, Nature::events, "count", "resolved"},
      {"change_failure_rate", Measure::change_failure_rate, Nature::shares, "samples", ""},
      {"matching", Measure::matching, Nature::amounts, "value", ""},
  };
  return kMeasures;
}

const MeasureInfo* find_measure(std::string_view name) {
  const auto& all = all_measures();
  const auto found = std::find_if(all.begin(), all.end(), [&](const MeasureInfo& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<core::KeySpec> query_keys() {
  return {
      {"jql", KeyType::text, "which issues are meant; the bounds of the window are added"},
      {"measure", KeyType::text,
       "issues (the default), throughput, lead_time, cycle_time, reopen_rate, velocity, deployment_frequency, "
       "change_failure_rate or matching"},
      {"window_field", KeyType::text,
       "the date that puts an issue into the window: created, resolved, updated, a field of yours, or `done`, the moment it "
       "entered a done status (created; resolved for throughput and times)"},
      {"project", KeyType::text, "the key of the project whose versions are counted, or whose Scrum boards are meant"},
      {"board", KeyType::integer, "the number of the board whose closed sprints are meant"},
      {"points_field", KeyType::text, "the field of the story points, by name or id (Story Points, Story point estimate)"},
      {"time_unit", KeyType::text, "of lead_time and cycle_time: s, min, h, d or w (d)"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  query.info = find_measure(measure_name(settings));
  query.jql = settings.text("jql").value_or("");
  query.window_field = settings.text("window_field").value_or(std::string(query.info->window_field));
  query.project = settings.text("project").value_or("");
  query.board = settings.integer("board").value_or(0);
  query.points_field_named = settings.has("points_field");
  query.points_fields = query.points_field_named ? settings.text_list("points_field")
                                                 : std::vector<std::string>{"Story Points", "Story point estimate"};
  if (const TimeUnit* unit = find_unit(settings.text("time_unit").value_or("d"))) query.time_unit = unit->length;
  return query;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  Checker checker(query);
  checker.check();
  return std::move(checker.diagnostics);
}

core::QueryFacts query_facts(const Settings& query) {
  core::QueryFacts facts;
  const MeasureInfo* info = find_measure(measure_name(query));
  // What is wrong with an unknown measure is check_query's to say, of every kind.
  facts.natural_kind = info == nullptr ? all_measures().front().natural_kind : info->natural_kind;
  if (info == nullptr) return facts;
  facts.latest = info->measure == Measure::matching;
  return facts;
}

}  // namespace gate::sources::jira
