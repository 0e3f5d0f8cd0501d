#include "sources/opensearch/request.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "http/url.h"

namespace gate::sources::opensearch {
namespace {

using nlohmann::json;

std::string index_path(const std::string& index) {
  const std::string encoded = core::replace_all(http::percent_encode(index), "%2A", "*");
  return "/" + core::replace_all(encoded, "%2C", ",");
}

std::int64_t epoch_ms(core::Time time) {
  return time.time_since_epoch().count();
}

json range_of(const Query& query, const Grid& grid) {
  return {{"range",
           {{query.time_field, {{"gte", epoch_ms(grid.start)}, {"lt", epoch_ms(grid.end())}, {"format", "epoch_millis"}}}}}};
}

json body_of(json filters) {
  return {{"size", 0}, {"track_total_hits", true}, {"query", {{"bool", {{"filter", std::move(filters)}}}}}};
}

json aggregation_of(const Query& query) {
  const json field = {{"field", query.field}};
  switch (query.measure) {
    case Measure::count:
      return nullptr;
    case Measure::percentile:
      return {{"percentiles", {{"field", query.field}, {"percents", {query.percent}}, {"keyed", false}}}};
    case Measure::cardinality:
      return {{"cardinality", field}};
    default:
      return {{"stats", field}};
  }
}

/// The measure, and of how many values it is.
json measured(const Query& query) {
  json value = aggregation_of(query);
  if (value.is_null()) return json::object();
  return {{"value", std::move(value)}, {"values", {{"value_count", {{"field", query.field}}}}}};
}

json with_inner(json aggregation, json inner) {
  if (!inner.empty()) aggregation["aggs"] = std::move(inner);
  return aggregation;
}

std::string text_of(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string search_path(const std::string& index) {
  return index_path(index) + "/_search?allow_no_indices=false&ignore_unavailable=false";
}

std::string fields_path(const std::string& index, const std::set<std::string>& fields) {
  return fmt::format("{}/_field_caps?allow_no_indices=false&fields={}&include_unmapped=true", index_path(index),
                     http::percent_encode(fmt::format("{}", fmt::join(fields, ","))));
}

std::string search_body(const Query& query, const Grid& grid, bool in_parts, const std::string& each) {
  json filters = json::array({range_of(query, grid)});
  if (!query.text.empty()) filters.push_back({{"query_string", {{"query", query.text}, {"analyze_wildcard", true}}}});
  if (!query.dsl.empty()) filters.push_back(json::parse(query.dsl));
  json aggregations = measured(query);
  if (in_parts) {
    const core::Duration offset = grid.start.time_since_epoch() % grid.step;
    json parts = {{"date_histogram",
                   {{"field", query.time_field},
                    {"fixed_interval", fmt::format("{}ms", grid.step.count())},
                    {"offset", fmt::format("{}ms", offset.count())},
                    {"min_doc_count", 1}}}};
    json of_all = measured(query);
    aggregations["parts"] = with_inner(std::move(parts), std::move(of_all));
  }
  if (!each.empty()) {
    json groups = {{"terms", {{"field", each}, {"size", kMostGroups}}}};
    aggregations = {{"each", with_inner(std::move(groups), std::move(aggregations))}};
  }
  return text_of(with_inner(body_of(std::move(filters)), std::move(aggregations)));
}

std::string presence_body(const Query& query, const Grid& grid) {
  return text_of(body_of(json::array({range_of(query, grid)})));
}

}  // namespace gate::sources::opensearch
