#include "sources/opensearch/decode.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "core/text.h"

namespace gate::sources::opensearch {
namespace {

/// The measure in `aggregations`, which `documents` made; nullopt when there is nothing to be measured.
std::optional<double> value_of(const JsonAt& aggregations, const Query& query, double documents) {
  if (query.measure == Measure::count) return documents;
  if (aggregations.need("values").need("value").number() <= 0.0) {
    return has_zero(query.measure) ? std::optional<double>(0.0) : std::nullopt;
  }
  const JsonAt value = aggregations.need("value");
  switch (query.measure) {
    case Measure::percentile: {
      const auto values = value.need("values").items();
      if (values.size() != 1) value.need("values").refuse("one percentile");
      return values.front().need("value").number();
    }
    case Measure::cardinality:
      return value.need("value").number();
    default:
      return value.need(query.measure_name).number();
  }
}

core::Time time_of_key(const JsonAt& part) {
  return core::Time(core::Duration(std::llround(part.need("key").number())));
}

core::Series in_parts_of(const JsonAt& aggregations, const Query& query, const Grid& grid) {
  std::vector<std::optional<double>> values(grid.count);
  if (has_zero(query.measure)) values.assign(grid.count, 0.0);
  for (const JsonAt& part : aggregations.need("parts").need("buckets").items()) {
    const core::Duration since = time_of_key(part) - grid.start;
    // A document with several times is in the parts of all of them, also in those outside of what was asked for.
    if (since.count() < 0 || since / grid.step >= static_cast<std::int64_t>(grid.count)) continue;
    if (since % grid.step != core::Duration(0)) part.need("key").refuse("the beginning of a part");
    values[static_cast<std::size_t>(since / grid.step)] = value_of(part, query, part.need("doc_count").number());
  }
  core::Series out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    out.times.push_back(grid.start + grid.step * static_cast<std::int64_t>(i + 1));
    out.values.push_back(*values[i]);
  }
  return out;
}

core::Series series_of(const JsonAt& aggregations, const Query& query, const Grid& grid, bool in_parts, double documents) {
  if (in_parts) return in_parts_of(aggregations, query, grid);
  core::Series out;
  if (const auto value = value_of(aggregations, query, documents)) {
    out.times = {grid.end()};
    out.values = {*value};
  }
  return out;
}

bool has_values(const JsonAt& aggregations, const Query& query) {
  return query.measure == Measure::count || aggregations.need("values").need("value").number() > 0.0;
}

std::string name_of(const JsonAt& bucket) {
  if (const auto text = bucket.find("key_as_string")) return text->text();
  const JsonAt key = bucket.need("key");
  return key.is_string() ? key.text() : fmt::format("{}", key.number());
}

void read_groups(Decoded& out, const JsonAt& groups, const Query& query, const Grid& grid, bool in_parts,
                 const std::string& each, double documents) {
  double grouped = groups.need("sum_other_doc_count").number();
  if (grouped > 0.0) {
    out.partial.push_back(fmt::format("`{}` has more than {} values: {:.0f} documents are of others", core::printable(each),
                                      kMostGroups, grouped));
  }
  if (const auto error = groups.find("doc_count_error_upper_bound"); error && error->number() > 0.0) {
    out.partial.push_back(
        fmt::format("the documents of a value of `{}` may be too few by up to {:.0f}", core::printable(each), error->number()));
  }
  for (const JsonAt& bucket : groups.need("buckets").items()) {
    const double count = bucket.need("doc_count").number();
    grouped += count;
    if (!has_values(bucket, query)) continue;
    core::Series series = series_of(bucket, query, grid, in_parts, count);
    series.labels = {{each, name_of(bucket)}};
    if (!series.times.empty()) out.series.push_back(std::move(series));
  }
  if (grouped < documents) {
    out.notes.push_back(
        fmt::format("{:.0f} documents without a `{}` are in no group", documents - grouped, core::printable(each)));
  }
}

std::string reason_of(const JsonAt& failure) {
  const auto reason = failure.find("reason");
  if (!reason || !reason->is_object()) return "";
  const std::string words = reason->text_of("reason");
  return words.empty() ? reason->text_of("type") : words;
}

void read_shards(Found& out, const JsonAt& root) {
  const JsonAt shards = root.need("_shards");
  const double total = shards.need("total").number();
  const double failed = shards.need("failed").number();
  if (total <= 0.0) shards.need("total").refuse("a number of shards that were searched");
  if (failed <= 0.0) return;
  out.partial.push_back(fmt::format("{:.0f} of {:.0f} shards failed", failed, total));
  for (const JsonAt& failure : shards.items_of("failures")) {
    if (const std::string reason = reason_of(failure); !reason.empty()) out.partial.push_back("it said: " + reason);
  }
}

}  // namespace

Found read_found(const JsonAt& root) {
  Found out;
  if (root.need("timed_out").flag()) out.partial.emplace_back("the search ran into its time limit");
  if (const auto ended = root.find("terminated_early"); ended && ended->flag())
    out.partial.emplace_back("the search ended before it had seen everything");
  read_shards(out, root);
  if (const auto clusters = root.find("_clusters")) {
    const auto skipped = clusters->find("skipped");
    if (skipped && skipped->number() > 0.0)
      out.partial.push_back(fmt::format("{:.0f} of the clusters were not reached", skipped->number()));
  }
  const JsonAt total = root.need("hits").need("total");
  if (total.is_number()) {
    out.documents = total.number();
    return out;
  }
  out.documents = total.need("value").number();
  if (total.need("relation").text() != "eq")
    out.partial.push_back(fmt::format("documents were counted to {:.0f} and no further", out.documents));
  return out;
}

Decoded read_series(const JsonAt& root, const Query& query, const Grid& grid, bool in_parts, const std::string& each) {
  Decoded out;
  const double documents = read_found(root).documents;
  const auto aggregations = root.find("aggregations");
  const JsonAt inside = aggregations ? *aggregations : root;
  if (!each.empty()) {
    read_groups(out, inside.need("each"), query, grid, in_parts, each, documents);
    out.is_field_missing = out.series.empty();
    return out;
  }
  out.is_field_missing = !has_values(inside, query);
  if (out.is_field_missing) return out;
  core::Series series = series_of(inside, query, grid, in_parts, documents);
  if (!series.times.empty()) out.series.push_back(std::move(series));
  return out;
}

}  // namespace gate::sources::opensearch
