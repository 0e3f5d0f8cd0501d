#include "sources/cost_explorer/request.h"

#include <nlohmann/json.hpp>

namespace gate::sources::cost_explorer {
namespace {

using nlohmann::json;

json period_json(const Period& period) {
  return {{"Start", period.start}, {"End", period.end}};
}

const char* kind_in_filter(FilterKind kind) {
  if (kind == FilterKind::tag) return "Tags";
  return kind == FilterKind::category ? "CostCategories" : "Dimensions";
}

const char* kind_in_group(FilterKind kind) {
  if (kind == FilterKind::tag) return "TAG";
  return kind == FilterKind::category ? "COST_CATEGORY" : "DIMENSION";
}

json filter_json(const Filter& filter) {
  json out = {{kind_in_filter(filter.kind), {{"Key", filter.key}, {"Values", filter.values}}}};
  return filter.is_excluded ? json{{"Not", std::move(out)}} : out;
}

std::string text_of(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string usage_body(const Query& query, const Period& period, const std::string& each, const std::string& page_token) {
  json body = {{"TimePeriod", period_json(period)}, {"Granularity", "DAILY"}, {"Metrics", {query.metric}}};
  json filters = json::array();
  for (const Filter& filter : query.filters) filters.push_back(filter_json(filter));
  if (filters.size() == 1) body["Filter"] = filters.front();
  if (filters.size() > 1) body["Filter"] = {{"And", std::move(filters)}};
  if (!each.empty()) {
    const Grouping grouping = grouping_of(each);
    body["GroupBy"] = json::array({{{"Type", kind_in_group(grouping.kind)}, {"Key", grouping.key}}});
  }
  if (!page_token.empty()) body["NextPageToken"] = page_token;
  return text_of(body);
}

std::string values_body(const Filter& filter, const std::string& value, const Period& period) {
  json body = {{"TimePeriod", period_json(period)}, {"SearchString", value}};
  if (filter.kind == FilterKind::dimension) body["Dimension"] = filter.key;
  if (filter.kind == FilterKind::tag) body["TagKey"] = filter.key;
  if (filter.kind == FilterKind::category) body["CostCategoryName"] = filter.key;
  return text_of(body);
}

}  // namespace gate::sources::cost_explorer
