#include "sources/google_analytics/decode.h"

#include <fmt/format.h>

#include <algorithm>

namespace gate::sources::google_analytics {
namespace {

bool is_set(const JsonAt& metadata, std::string_view key) {
  const auto flag = metadata.find(key);
  return flag && flag->flag();
}

void add_once(std::vector<std::string>& all, std::string one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

/// "20260317" as "2026-03-17".
std::string date_of(const JsonAt& value) {
  const std::string text = value.text();
  if (text.size() != 8 || text.find_first_not_of("0123456789") != std::string::npos) value.refuse("a day such as 20260317");
  return text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6);
}

void read_metadata(Report& report, const JsonAt& metadata) {
  report.time_zone = metadata.text_of("timeZone");
  report.currency = metadata.text_of("currencyCode");
  report.empty_reason = metadata.text_of("emptyReason");
  if (is_set(metadata, "subjectToThresholding"))
    add_once(report.partial, "rows of few users are withheld (subjectToThresholding)");
  if (is_set(metadata, "dataLossFromOtherRow"))
    add_once(report.partial, "rows were put together as \"(other)\" (dataLossFromOtherRow)");
  for (const JsonAt& sampling : metadata.items_of("samplingMetadatas")) {
    const auto read = sampling.find("samplesReadCount");
    const auto all = sampling.find("samplingSpaceSize");
    const double share = read && all && all->numeric() > 0.0 ? 100.0 * read->numeric() / all->numeric() : 0.0;
    add_once(report.partial, fmt::format("the numbers are of a sample of {:.1f} % of the events (samplingMetadatas)", share));
  }
  const auto restrictions = metadata.find("schemaRestrictionResponse");
  if (!restrictions) return;
  for (const JsonAt& one : restrictions->items_of("activeMetricRestrictions"))
    add_once(report.restricted, one.text_of("metricName"));
}

}  // namespace

void add_page(Report& report, const JsonAt& page, const Query& query, const std::string& each) {
  for (const JsonAt& row : page.items_of("rows")) {
    const std::vector<JsonAt> dimensions = row.items_of("dimensionValues");
    const std::vector<JsonAt> metrics = row.need("metricValues").items();
    const std::size_t wanted = (each.empty() ? 0U : 1U) + (query.is_daily ? 1U : 0U);
    if (dimensions.size() != wanted || metrics.empty()) row.refuse("a row with the values that were asked for");
    const std::string group = each.empty() ? "" : dimensions.front().text_of("value");
    const std::string day = query.is_daily ? date_of(dimensions.back().need("value")) : "";
    report.values[group][day] = metrics.front().need("value").numeric();
    ++report.rows;
  }
  const auto count = page.find("rowCount");
  report.row_count = count ? static_cast<std::size_t>(count->numeric()) : 0;
  if (const auto metadata = page.find("metadata")) read_metadata(report, *metadata);
}

}  // namespace gate::sources::google_analytics
