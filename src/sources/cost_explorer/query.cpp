#include "sources/cost_explorer/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/api_values.h"

namespace gate::sources::cost_explorer {
namespace {

struct Named {
  std::string_view measure;
  std::string_view metric;  ///< in Cost Explorer's words
};

constexpr std::array<ApiMeasure, 7> kMeasures = {{
    {"unblended_cost", "samples", "", "what each day cost, as billed"},
    {"amortized_cost", "samples", "", "the same with upfront payments spread over their term"},
    {"net_unblended_cost", "samples", "", "unblended_cost after discounts"},
    {"net_amortized_cost", "samples", "", "amortized_cost after discounts"},
    {"blended_cost", "samples", "", "the same at the average rates of an organization"},
    {"usage_quantity", "samples", "", "how much was used; only together with a filter that leaves one unit"},
    {"normalized_usage", "samples", "", "usage of instances, made comparable between sizes"},
}};

constexpr std::array<Named, 7> kMetrics = {{
    {"unblended_cost", "UnblendedCost"},
    {"amortized_cost", "AmortizedCost"},
    {"net_unblended_cost", "NetUnblendedCost"},
    {"net_amortized_cost", "NetAmortizedCost"},
    {"blended_cost", "BlendedCost"},
    {"usage_quantity", "UsageQuantity"},
    {"normalized_usage", "NormalizedUsageAmount"},
}};

constexpr std::string_view kTagPrefix = "tag:";
constexpr std::string_view kCategoryPrefix = "category:";

/// Names of dimensions are in capitals: a small letter is a slip that AWS would refuse.
bool is_dimension(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

void read_filters(const core::Settings& settings, std::string_view key, bool is_excluded, Query& query,
                  core::Diagnostics& diagnostics) {
  const core::Node* table = settings.node(key);
  if (table == nullptr || table->table() == nullptr) return;
  for (const core::Member& member : *table->table()) {
    const Grouping named = grouping_of(member.key);
    Filter filter{named.kind, named.key, texts_in(member.node), is_excluded};
    if (filter.kind == FilterKind::dimension && !is_dimension(filter.key)) {
      add_key_error(
          diagnostics, settings, key, fmt::format("Cost Explorer has no dimension `{}`", core::printable(filter.key)),
          R"(dimensions are in capitals: SERVICE, REGION, LINKED_ACCOUNT; tags are "tag:team", cost categories "category:…")");
    }
    const bool is_empty = filter.values.empty() || std::any_of(filter.values.begin(), filter.values.end(),
                                                               [](const std::string& value) { return value.empty(); });
    if (is_empty) {
      add_key_error(diagnostics, settings, key, fmt::format("`{}` has no value", core::printable(member.key)),
                    R"(SERVICE = "AmazonCloudWatch", or a list)");
    }
    query.filters.push_back(std::move(filter));
  }
}

std::string_view prefix_of(FilterKind kind) {
  if (kind == FilterKind::tag) return kTagPrefix;
  return kind == FilterKind::category ? kCategoryPrefix : "";
}

}  // namespace

std::span<const ApiMeasure> measures() {
  return kMeasures;
}

Grouping grouping_of(std::string_view each) {
  if (each.starts_with(kTagPrefix)) return {FilterKind::tag, std::string(each.substr(kTagPrefix.size()))};
  if (each.starts_with(kCategoryPrefix)) return {FilterKind::category, std::string(each.substr(kCategoryPrefix.size()))};
  return {FilterKind::dimension, std::string(each)};
}

Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  check_measure(diagnostics, "Cost Explorer", kMeasures, settings);
  const std::string measure = settings.text("measure").value_or("");
  for (const Named& one : kMetrics) {
    if (one.measure == measure) query.metric = one.metric;
  }
  read_filters(settings, "where", false, query, diagnostics);
  read_filters(settings, "without", true, query, diagnostics);
  return query;
}

std::string describe(const Query& query) {
  std::string out = query.metric;
  for (const bool is_excluded : {false, true}) {
    std::string part;
    for (const Filter& filter : query.filters) {
      if (filter.is_excluded != is_excluded) continue;
      part += fmt::format("{}{}{} = {}", part.empty() ? "" : ", ", prefix_of(filter.kind), filter.key,
                          fmt::join(filter.values, " or "));
    }
    if (!part.empty()) out += (is_excluded ? " without " : " where ") + part;
  }
  return core::printable(out);
}

}  // namespace gate::sources::cost_explorer
