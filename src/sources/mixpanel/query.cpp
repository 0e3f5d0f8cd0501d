#include "sources/mixpanel/query.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"

namespace gate::sources::mixpanel {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::array<ApiMeasure, 9> kMeasures = {{
    {"general", "value", "", "how often `event` happened in the window"},
    {"unique", "value", "", "how many different users did `event` in the window"},
    {"daily_general", "samples", "", "how often `event` happened, a sample a day"},
    {"daily_unique", "samples", "", "how many users did `event`, a sample a day"},
    {"funnel_started", "value", "", "users who entered the funnel in the window"},
    {"funnel_completed", "value", "", "those of them who came to its end"},
    {"retention_first", "value", "", "users whose first `born_event` was in the window"},
    {"retained", "value", "", "those of them who did `event` `after_days` later"},
    {"insights", "samples", "", "the points of a saved report, a sample a day"},
}};

/// https://docs.mixpanel.com/reference/funnels-query: "May not be greater than 90 days."
constexpr std::int64_t kMostDays = 90;

class Checker {
 public:
  explicit Checker(const Settings& query) : query_(query), name_(query.text("measure").value_or("")) {}

  core::Diagnostics check() {
    check_measure(diagnostics_, "Mixpanel", kMeasures, query_);
    if (!diagnostics_.empty()) return std::move(diagnostics_);
    Query query;
    query.measure = find_measure(kMeasures, name_);
    need("event", query.is_segmentation() || query.is("retained") || query.is("insights"),
         "the name of the event, or of the series: event = \"checkout\"", query.is_retention());
    need("where", false, "", query.is_segmentation());
    need("funnel", query.is_funnel(), "the number of the saved funnel: funnel = \"7509\"");
    need("length", query.is_funnel(), "how many days a user has for the funnel: length = 14");
    need("report", query.is("insights"), "the number of the saved report: report = \"44138\"");
    need("born_event", query.is_retention(), "the event that makes a user one of the cohort: born_event = \"signup\"");
    need("after_days", query.is_retention(), "which day of retention is meant: after_days = 7");
    for (const std::string_view key : {"funnel", "report"}) check_number(diagnostics_, query_, key, "7509");
    for (const std::string_view key : {"length", "after_days"}) check_days(key);
    return std::move(diagnostics_);
  }

 private:
  void need(std::string_view key, bool is_needed, std::string_view hint, bool may_be = false) {
    if (is_needed && !query_.has(key))
      add_key_error(diagnostics_, query_, "measure", fmt::format("measure = \"{}\" needs `{}`", name_, key), std::string(hint));
    if (!is_needed && !may_be) refuse_key(diagnostics_, query_, key, name_);
  }

  void check_days(std::string_view key) {
    const std::int64_t days = query_.integer(key).value_or(1);
    if (days >= 1 && days <= kMostDays) return;
    add_key_error(diagnostics_, query_, key, fmt::format("`{}` must lie between 1 and {} days", key, kMostDays),
                  fmt::format("{} = 7", key));
  }

  const Settings& query_;
  std::string name_;
  core::Diagnostics diagnostics_;
};

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"measure", KeyType::text, measures_doc(kMeasures)},
      {"event", KeyType::text, "the name of the event, or of a saved report's series"},
      {"where", KeyType::text, "which events: an expression such as 'properties[\"plan\"] == \"pro\"'"},
      {"funnel", KeyType::text, "the number of a saved funnel"},
      {"length", KeyType::integer, "how many days a user has for the funnel"},
      {"report", KeyType::text, "the number of a saved Insights report, a point a day"},
      {"born_event", KeyType::text, "the event that makes a user one of the cohort"},
      {"after_days", KeyType::integer, "which day of retention is meant"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  query.measure = find_measure(kMeasures, settings.text("measure").value_or(""));
  query.event = settings.text("event").value_or("");
  query.where = settings.text("where").value_or("");
  query.funnel = settings.text("funnel").value_or("");
  query.report = settings.text("report").value_or("");
  query.born_event = settings.text("born_event").value_or("");
  query.length = settings.integer("length").value_or(0);
  query.after_days = settings.integer("after_days").value_or(0);
  return query;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  return Checker(query).check();
}

core::QueryFacts query_facts(const Settings& query) {
  core::QueryFacts facts = measure_facts(kMeasures, query);
  // Users who came on two days would be counted twice in two slices, and days do not fit into hours.
  facts.uses_window = facts.natural_kind == "value";
  return facts;
}

std::string describe(const Query& query) {
  std::string out(query.measure->name);
  if (query.is_funnel()) out += fmt::format(" of funnel {} within {} days", query.funnel, query.length);
  if (query.is("insights")) out += fmt::format(" of report {}", query.report);
  if (query.is_retention()) out += fmt::format(" of {}, day {}", query.born_event, query.after_days);
  if (!query.event.empty()) out += fmt::format("{} {}", query.is_retention() ? ", by" : "", query.event);
  if (!query.where.empty()) out += " where " + query.where;
  return core::printable(out);
}

}  // namespace gate::sources::mixpanel
