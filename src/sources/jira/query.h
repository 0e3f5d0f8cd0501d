// Query: the keys of a question to Jira, read into values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings.h"
#include "core/time.h"
#include "sources/jira/times.h"

namespace gate::sources::jira {

enum class Measure {
  issues,                ///< issues whose window_field lies in the window
  throughput,            ///< the same, with `resolved` as the field
  lead_time,             ///< from created to done
  cycle_time,            ///< from first in progress to done
  reopen_rate,           ///< 1 for an issue that was done and opened again within the window, 0 for one that stayed done
  velocity,              ///< story points done in a closed sprint
  deployment_frequency,  ///< versions released, or issues resolved that stand for deployments
  change_failure_rate,   ///< 1 for a released version with a failure against it, 0 for one without
  matching               ///< how many issues match now
};

/// What there is to count: `reopen_rate` and `change_failure_rate` are 0 or 1 a row, so that their sum counts, too.
enum class Nature { events, shares, durations, amounts };

struct MeasureInfo {
  std::string_view name;
  Measure measure;
  Nature nature;
  std::string_view natural_kind;
  std::string_view window_field;  ///< by default
};

const std::vector<MeasureInfo>& all_measures();
/// nullptr when there is none of that name.
const MeasureInfo* find_measure(std::string_view name);

/// The pseudo field for `window_field`: the moment an issue entered a done status, from its changelog.
inline constexpr std::string_view kDoneField = "done";

struct Query {
  const MeasureInfo* info = nullptr;
  std::string jql;
  std::string window_field;
  std::string project;
  std::int64_t board = 0;
  std::vector<std::string> points_fields;
  bool points_field_named = false;
  core::Duration time_unit{std::chrono::hours(24)};
};

/// The keys that a question to Jira may have.
std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// RG1721: a key is missing, unknown or has no meaning for the measure. RG1722: text that is no JQL, or that has an ORDER BY.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

}  // namespace gate::sources::jira
