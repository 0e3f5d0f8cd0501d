#include "sources/datadog/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gate::sources::datadog {
namespace {

using nlohmann::json;

/// The name of the one query of a question that names none.
constexpr const char* kOnlyName = "a";

std::int64_t milliseconds(core::Time time) {
  return time.time_since_epoch().count();
}

json json_of(const core::Node& node) {
  if (const auto* flag = std::get_if<bool>(&node.value)) return *flag;
  if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return *whole;
  if (const auto* number = std::get_if<double>(&node.value)) return *number;
  if (const auto* array = node.array()) {
    json out = json::array();
    for (const core::Node& item : *array) out.push_back(json_of(item));
    return out;
  }
  if (const auto* table = node.table()) {
    json out = json::object();
    for (const core::Member& member : *table) out[member.key] = json_of(member.node);
    return out;
  }
  return core::scalar_text(node);
}

enum class Endpoint { timeseries, scalar };

json metrics_json(const core::Settings& query, const std::string& name, const std::string& text, Endpoint endpoint) {
  json one = {{"data_source", "metrics"}, {"name", name}, {"query", with_rollup_seconds(text)}};
  if (endpoint == Endpoint::scalar) one["aggregator"] = aggregator_of(query, text);
  return one;
}

json queries_json(const core::Settings& query, Endpoint endpoint) {
  json all = json::array();
  const core::Node* named = query.node("queries");
  if (named == nullptr) {
    all.push_back(metrics_json(query, kOnlyName, query.text("query").value_or(""), endpoint));
    return all;
  }
  for (const core::Member& member : *named->table()) {
    if (member.node.table() == nullptr) {
      all.push_back(metrics_json(query, member.key, core::scalar_text(member.node), endpoint));
      continue;
    }
    json one = json_of(member.node);
    one["name"] = member.key;
    all.push_back(std::move(one));
  }
  return all;
}

json attributes_json(const core::Settings& query, core::Time from, core::Time to, Endpoint endpoint) {
  const std::string formula = query.text("formula").value_or(kOnlyName);
  return {{"formulas", json::array({{{"formula", formula}}})},
          {"from", milliseconds(from)},
          {"to", milliseconds(to)},
          {"queries", queries_json(query, endpoint)}};
}

std::string request_body(const char* type, json attributes) {
  const json body = {{"data", {{"type", type}, {"attributes", std::move(attributes)}}}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Subject subject_of(const core::Settings& query) {
  if (query.has("monitor") || query.has("monitor_tags")) return Subject::monitor;
  if (query.has("slo")) return Subject::slo;
  if (query.has("deployment_gate")) return Subject::deployment_gate;
  return Subject::metrics;
}

std::vector<std::pair<std::string, std::string>> metric_queries(const core::Settings& query) {
  std::vector<std::pair<std::string, std::string>> all;
  if (const auto text = query.text("query")) all.emplace_back(kOnlyName, *text);
  const core::Node* named = query.node("queries");
  if (named == nullptr || named->table() == nullptr) return all;
  for (const core::Member& member : *named->table()) {
    if (const std::string* text = member.node.string()) all.emplace_back(member.key, *text);
  }
  return all;
}

std::string shown_query(const core::Settings& query) {
  if (const auto text = query.text("query")) return with_rollup_seconds(*text);
  std::string shown = query.text("formula").value_or("");
  for (const auto& [name, text] : metric_queries(query)) shown += fmt::format("; {} = {}", name, with_rollup_seconds(text));
  return shown;
}

std::optional<core::Duration> rollup_of(const core::Settings& query) {
  core::Duration longest{0};
  for (const auto& [name, text] : metric_queries(query)) longest = std::max(longest, scan_query(text).longest_rollup);
  if (longest.count() == 0) return std::nullopt;
  return longest;
}

std::string aggregator_of(const core::Settings& query, std::string_view metric_query) {
  if (const auto given = query.text("aggregator")) return *given;
  return scan_query(metric_query).as_count ? "sum" : "avg";
}

std::string timeseries_body(const core::Settings& query, const Segment& segment, core::Duration interval) {
  json attributes = attributes_json(query, segment.from, segment.to, Endpoint::timeseries);
  attributes["interval"] = interval.count();
  return request_body("timeseries_request", std::move(attributes));
}

std::string scalar_body(const core::Settings& query, const core::Window& window) {
  return request_body("scalar_request", attributes_json(query, window.start, window.end, Endpoint::scalar));
}

std::string gate_body(const core::Settings& query) {
  return request_body("deployment_gates_evaluation_request", json_of(*query.node("deployment_gate")));
}

Parameters query_parameters(const core::Settings& query, const core::Window& window) {
  const auto from = std::chrono::ceil<std::chrono::seconds>(window.start).time_since_epoch().count();
  const auto to = std::chrono::floor<std::chrono::seconds>(window.end).time_since_epoch().count();
  return {{"from", fmt::format("{}", from)},
          {"to", fmt::format("{}", to)},
          {"query", with_rollup_seconds(query.text("query").value_or(""))}};
}

std::vector<std::string> monitor_ids(const core::Settings& query) {
  return query.text_list("monitor");
}

}  // namespace gate::sources::datadog
