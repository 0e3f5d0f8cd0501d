#include "sources/google_analytics/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "sources/api_values.h"

namespace gate::sources::google_analytics {
namespace {

using nlohmann::json;

constexpr std::string_view kDaily = "daily_";
constexpr std::size_t kRowsAPage = 100000;  // of 250,000 that Google allows

/// https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema#metrics
constexpr std::array<ApiMeasure, 17> kMeasures = {{
    {"sessions", "value", "", "sessions that began"},
    {"engagedSessions", "value", "", "sessions of 10 seconds, with a key event, or of two pages"},
    {"keyEvents", "value", "", "key events (conversions)"},
    {"eventCount", "value", "", "events"},
    {"screenPageViews", "value", "", "pages and screens seen"},
    {"newUsers", "value", "", "users seen for the first time"},
    {"activeUsers", "value", "", "different users of the window, by an estimate"},
    {"totalUsers", "value", "", "different users with any event, by an estimate"},
    {"userEngagementDuration", "value", "s", "how long the site was in the foreground"},
    {"transactions", "value", "", "purchases and refunds with money"},
    {"ecommercePurchases", "value", "", "purchases"},
    {"addToCarts", "value", "", "items put into a cart"},
    {"checkouts", "value", "", "checkouts that began"},
    {"totalRevenue", "value", "", "purchases, subscriptions and advertising, less refunds"},
    {"purchaseRevenue", "value", "", "purchases, less refunds"},
    {"totalAdRevenue", "value", "", "advertising"},
    {"custom", "value", "", "the metric that `metric_name` names"},
}};

/// Every measure, and the same of each day.
const std::vector<ApiMeasure>& all_measures() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    out.reserve(kMeasures.size());
    for (const ApiMeasure& one : kMeasures) out.push_back(fmt::format("{}{}", kDaily, one.name));
    return out;
  }();
  static const std::vector<ApiMeasure> measures = [] {
    std::vector<ApiMeasure> out(kMeasures.begin(), kMeasures.end());
    for (std::size_t i = 0; i < names.size(); ++i)
      out.push_back({names[i], "samples", kMeasures[i].unit, "the same of each day"});
    return out;
  }();
  return measures;
}

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

void read_where(const core::Settings& settings, Query& query, core::Diagnostics& diagnostics) {
  const core::Node* table = settings.node("where");
  if (table == nullptr || table->table() == nullptr) return;
  for (const core::Member& member : *table->table()) {
    Filter filter{member.key, texts_in(member.node)};
    const bool has_empty =
        std::any_of(filter.values.begin(), filter.values.end(), [](const std::string& one) { return one.empty(); });
    if (!is_name(filter.dimension) || filter.values.empty() || has_empty) {
      add_key_error(diagnostics, settings, "where",
                    fmt::format("`{}` is no dimension with a value", core::printable(member.key)),
                    R"(where = { country = "Germany", deviceCategory = ["mobile", "tablet"] })");
    }
    query.filters.push_back(std::move(filter));
  }
}

json filter_json(const std::string& dimension, const std::vector<std::string>& values) {
  return {{"filter", {{"fieldName", dimension}, {"inListFilter", {{"values", values}, {"caseSensitive", true}}}}}};
}

}  // namespace

std::span<const ApiMeasure> measures() {
  return all_measures();
}

Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  check_measure(diagnostics, "Google Analytics", all_measures(), settings);
  query.metric = settings.text("measure").value_or("");
  query.is_daily = query.metric.starts_with(kDaily);
  if (query.is_daily) query.metric.erase(0, kDaily.size());
  const std::string name = settings.text("metric_name").value_or("");
  const bool is_custom = query.metric == "custom";
  if (is_custom != settings.has("metric_name") || (is_custom && !is_name(name))) {
    add_key_error(diagnostics, settings, "metric_name",
                  is_custom ? std::string("`measure = \"custom\"` needs the `metric_name` of the Data API")
                            : std::string("`metric_name` goes with measure = \"custom\""),
                  R"(metric_name = "customEvent:points")");
  }
  if (is_custom) query.metric = name;
  query.has_companion = !is_custom && query.metric != kCompanion;
  query.event = settings.text("event").value_or("");
  if (settings.has("event") && query.event.empty())
    add_key_error(diagnostics, settings, "event", "`event` is empty", R"(event = "purchase")");
  read_where(settings, query, diagnostics);
  return query;
}

std::string report_body(const Query& query, const DateRange& range, const std::string& each, std::size_t offset) {
  json body = {{"dateRanges", {{{"startDate", range.first}, {"endDate", range.last}}}},
               {"metrics", {{{"name", query.metric}}}},
               {"keepEmptyRows", true},
               {"limit", std::to_string(kRowsAPage)},
               {"offset", std::to_string(offset)}};
  if (query.has_companion) body["metrics"].push_back({{"name", kCompanion}});
  json dimensions = json::array();
  if (!each.empty()) dimensions.push_back({{"name", each}});
  if (query.is_daily) dimensions.push_back({{"name", "date"}});
  if (!dimensions.empty()) body["dimensions"] = std::move(dimensions);
  json filters = json::array();
  if (!query.event.empty()) filters.push_back(filter_json("eventName", {query.event}));
  for (const Filter& filter : query.filters) filters.push_back(filter_json(filter.dimension, filter.values));
  if (filters.size() == 1) body["dimensionFilter"] = filters.front();
  if (filters.size() > 1) body["dimensionFilter"] = {{"andGroup", {{"expressions", std::move(filters)}}}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string describe(const Query& query) {
  std::string out = query.is_daily ? query.metric + " of each day" : query.metric;
  if (!query.event.empty()) out += " of the event " + query.event;
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const Filter& filter = query.filters[i];
    out += fmt::format("{}{} = {}", i == 0 ? " where " : ", ", filter.dimension, fmt::join(filter.values, " or "));
  }
  return core::printable(out);
}

core::QueryFacts facts(const core::Settings& settings) {
  core::QueryFacts facts = measure_facts(all_measures(), settings);
  facts.uses_window = !settings.text("measure").value_or("").starts_with(kDaily);
  return facts;
}

}  // namespace gate::sources::google_analytics
