#include "sources/tableau/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace gate::sources::tableau {
namespace {

using core::KeyType;
using core::Settings;

/// https://help.tableau.com/current/api/vizql-data-service/en-us/docs/vds_create_queries.html, those that give a number.
constexpr std::array<std::string_view, 9> kFunctions = {"SUM", "AVG", "MEDIAN", "COUNT", "COUNTD",
                                                        "MIN", "MAX", "STDEV",  "AGG"};

Filters read_filters(const Settings& settings, std::string_view key) {
  Filters filters;
  const core::Node* node = settings.node(key);
  if (node == nullptr || node->table() == nullptr) return filters;
  for (const core::Member& one : *node->table()) filters.emplace_back(one.key, core::scalar_text(one.node));
  return filters;
}

void check_filters(core::Diagnostics& diagnostics, const Settings& query, std::string_view key) {
  const core::Node* node = query.node(key);
  if (node == nullptr || node->table() == nullptr) return;
  for (const core::Member& one : *node->table()) {
    if (one.node.string() != nullptr || one.node.is_number()) continue;
    add_key_error(diagnostics, query, key, fmt::format("`{}.{}` is no text and no number", key, core::printable(one.key)),
                  "each field has one value: filters = { Region = \"West\" }");
  }
}

void check_meaning(core::Diagnostics& diagnostics, const Settings& query, bool of_view) {
  const std::string_view kind = of_view ? "view" : "datasource";
  for (const auto& [key, belongs_to_view] : {std::pair<std::string_view, bool>{"column", true},
                                             {"percent", true},
                                             {"field", false},
                                             {"function", false},
                                             {"date_field", false}}) {
    if (query.has(key) && belongs_to_view != of_view)
      add_key_error(diagnostics, query, key, fmt::format("`{}` has no meaning for a {}", key, kind), "remove it");
  }
  const std::string_view needed = of_view ? "column" : "field";
  if (!query.has(needed)) {
    add_key_error(diagnostics, query, kind, fmt::format("`{}` without `{}`", kind, needed),
                  of_view ? "the column of the view's data that holds the number: column = \"Sales\""
                          : "the field whose total is meant: field = \"Sales\"");
  }
  if (query.has("date_field") && query.has("baseline_filters")) {
    add_key_error(diagnostics, query, "baseline_filters",
                  "`baseline_filters` beside `date_field`: the window tells the sides apart", "remove one of them");
  }
}

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"view", KeyType::text, "the LUID of a view, whose data hold the number as it is displayed"},
      {"column", KeyType::text, "the column of the view's data"},
      {"percent", KeyType::boolean, "true: the column is displayed in per cent (12.5%)"},
      {"datasource", KeyType::text, "the LUID of a published data source, whose numbers are exact"},
      {"field", KeyType::text, "the field of the data source"},
      {"function", KeyType::text,
       "SUM (the default), AVG, MEDIAN, COUNT, COUNTD, MIN, MAX, STDEV, or AGG for a calculated aggregate"},
      {"date_field", KeyType::text, "the field of dates by which the days of the window are chosen"},
      {"filters", KeyType::table, "fields and the value each must have: { Region = \"West\" }"},
      {"baseline_filters", KeyType::table, "what the baseline has in place of `filters`"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  query.view = settings.text("view").value_or("");
  query.column = settings.text("column").value_or("");
  query.percent = settings.boolean("percent").value_or(false);
  query.datasource = settings.text("datasource").value_or("");
  query.field = settings.text("field").value_or("");
  query.function = settings.text("function").value_or("SUM");
  query.date_field = settings.text("date_field").value_or("");
  query.filters = read_filters(settings, "filters");
  query.baseline_filters = read_filters(settings, "baseline_filters");
  query.has_baseline_filters = settings.has("baseline_filters");
  return query;
}

const Filters& filters_for(const Query& query, const Question& question) {
  return question.before && query.has_baseline_filters ? query.baseline_filters : query.filters;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics diagnostics;
  if (query.has("view") == query.has("datasource")) {
    add_key_error(diagnostics, query, query.has("view") ? "datasource" : "view",
                  "one of `view` and `datasource` says what is asked",
                  "`view` is read as it is displayed, `datasource` gives exact numbers; each is a LUID");
    return diagnostics;
  }
  check_meaning(diagnostics, query, query.has("view"));
  for (const std::string_view key : {"filters", "baseline_filters"}) check_filters(diagnostics, query, key);
  const std::string function = query.text("function").value_or("SUM");
  if (std::find(kFunctions.begin(), kFunctions.end(), function) == kFunctions.end()) {
    const std::vector<std::string> names(kFunctions.begin(), kFunctions.end());
    add_key_error(diagnostics, query, "function", fmt::format("there is no function `{}` here", core::printable(function)),
                  "it may be " + core::list_names(names));
  }
  return diagnostics;
}

core::QueryFacts query_facts(const Settings& query) {
  core::QueryFacts facts;
  facts.natural_kind = "value";
  facts.uses_window = query.has("date_field");
  facts.latest = !facts.uses_window;
  facts.names_baseline = query.has("baseline_filters");
  if (query.boolean("percent").value_or(false)) facts.natural_unit = "%";
  return facts;
}

std::string describe(const Query& query, const Question& question) {
  std::string out = query.of_view()
                        ? fmt::format("{} of the view {}", query.column, query.view)
                        : fmt::format("{}({}) of the data source {}", query.function, query.field, query.datasource);
  for (const auto& [field, value] : filters_for(query, question)) out += fmt::format(", {} = {}", field, value);
  return core::printable(out);
}

}  // namespace gate::sources::tableau
