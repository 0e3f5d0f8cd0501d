#include "sources/new_relic/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/api_source.h"

namespace gate::sources::new_relic {
namespace {

using core::Settings;

/// Clauses that are the gate's to write, and how they are called.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOwnClauses = {{{"SINCE", "SINCE"},
                                                                                       {"UNTIL", "UNTIL"},
                                                                                       {"TIMESERIES", "TIMESERIES"},
                                                                                       {"COMPARE", "COMPARE WITH"},
                                                                                       {"SLIDE", "SLIDE BY"},
                                                                                       {"LIMIT", "LIMIT"}}};

constexpr std::array<std::string_view, 16> kNotAdding = {
    "average", "percentile", "median", "min",      "max",    "uniquecount", "rate",          "percentage",
    "apdex",   "stddev",     "latest", "earliest", "stdvar", "derivative",  "cdfpercentage", "predictlinear"};

std::int64_t epoch_ms(core::Time time) {
  return time.time_since_epoch().count();
}

std::string window_of(const Grid& grid) {
  return fmt::format("SINCE {} UNTIL {}", epoch_ms(grid.start), epoch_ms(grid.end()));
}

}  // namespace

Query read_query(const Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  query.text = settings.text("query").value_or("");
  query.value = settings.text("value").value_or("");
  query.member = settings.text("member").value_or("");
  query.said = read_nrql(query.text);
  const Nrql& said = query.said;
  const auto add = [&](std::string message, std::string hint) {
    add_key_error(diagnostics, settings, "query", std::move(message), std::move(hint));
    return query;
  };
  if (query.text.find_first_not_of(" \t\r\n") == std::string::npos)
    return add("no `query` says what is asked for", "write it in NRQL: SELECT average(duration) FROM Transaction");
  if (!said.mistake.empty()) return add(said.mistake, "try the query in New Relic's query builder");
  const bool is_select = said.clauses.contains("SELECT") && said.clauses.contains("FROM") && said.first_word != "DELETE";
  if (!is_select) return add("the query has no SELECT and FROM", "SELECT average(duration) FROM Transaction");
  for (const auto& [word, name] : kOwnClauses) {
    if (!said.clauses.contains(std::string(word))) continue;
    return add(fmt::format("the query says {}, and the gate itself writes the window, its steps and the limit", name),
               fmt::format("leave {} out", name));
  }
  if (said.selects_all || said.functions.empty())
    return add("the query lists events, and numbers are compared",
               "SELECT count(*), average(duration), percentile(duration, 95)");
  return query;
}

std::string adds_up_not(const Nrql& said) {
  const auto found = std::find_if(said.outer_functions.begin(), said.outer_functions.end(), [](const std::string& name) {
    return std::find(kNotAdding.begin(), kNotAdding.end(), name) != kNotAdding.end();
  });
  return found == said.outer_functions.end() ? "" : *found;
}

std::vector<Grid> pieces_of(const Grid& grid) {
  std::vector<Grid> out;
  for (std::size_t done = 0; done < grid.count; done += kMostBuckets)
    out.push_back(
        {grid.start + grid.step * static_cast<std::int64_t>(done), grid.step, std::min(kMostBuckets, grid.count - done)});
  return out;
}

std::string nrql_for(const Query& query, const Grid& grid, bool in_parts) {
  // On a line of its own: the author's last one may end in a comment.
  std::string out = fmt::format("{}\n{}", query.text, window_of(grid));
  if (in_parts) out += fmt::format(" TIMESERIES {} seconds", grid.step.count() / 1000);
  if (query.said.clauses.contains("FACET")) out += " LIMIT MAX";
  return out;
}

std::string presence_nrql(const Query& query, const Grid& grid) {
  std::vector<std::string> types;
  for (const std::string& name : query.said.event_types) types.push_back(in_backticks(name));
  if (types.empty()) return "";
  std::string counted = "count(*) AS 'events'";
  if (query.said.summed.size() == 1)
    counted += fmt::format(", count({}) AS 'values'", in_backticks(*query.said.summed.begin()));
  return fmt::format("SELECT {} FROM {} {}", counted, fmt::join(types, ", "), window_of(grid));
}

core::QueryFacts facts(const Settings& settings) {
  core::QueryFacts out;
  out.uses_step = true;
  out.step_is_range = true;
  const Nrql said = read_nrql(settings.text("query").value_or(""));
  if (said.clauses.contains("EXTRAPOLATE"))
    out.notes.emplace_back("EXTRAPOLATE: New Relic estimates what agents would have sent, had they not sampled");
  if (said.functions.contains("percentage"))
    out.notes.emplace_back(
        "percentage() weighs every step alike: kind = \"ratio\" with `events` and `total` weighs what happened");
  if (said.functions.contains("uniquecount")) out.notes.emplace_back("uniqueCount() is approximate above 256 values");
  if (said.functions.contains("percentile")) out.notes.emplace_back("percentile() is approximate, as New Relic computes it");
  return out;
}

}  // namespace gate::sources::new_relic
