#include "sources/file/reducer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/text.h"
#include "http/digest.h"
#include "sources/file/number.h"

namespace gate::sources::file {
namespace {

using core::Shape;

constexpr std::size_t kMostGroups = 1000;
constexpr const char* kDefaultValue = "value";

/// Whose a row is leaves this file by another name: ids of people have no place in kept evidence.
std::string alias_of(std::string_view id) {
  constexpr std::size_t kLength = 16;
  return http::sha256_hex(id).substr(0, kLength);
}

std::string label_text(std::string_view text) {
  return core::is_utf8(text) ? std::string(text) : core::printable(text);
}

}  // namespace

std::size_t Columns::add(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  names_.push_back(name);
  return names_.size() - 1;
}

Reducer::Reducer(const core::Question& question, FileQuery query, Times times, Columns& columns)
    : question_(question), query_(std::move(query)), is_timeless_(times == Times::none && question.window) {
  for (const Condition& condition : query_.where) where_places_.push_back(need(condition.column, columns));
  if (query_.in) key_place_ = need(query_.in->key, columns);
  if (!question_.each.empty()) each_place_ = need(question_.each, columns);
  if (!question_.cluster.empty()) cluster_place_ = need(question_.cluster, columns);
  const std::string measured(measured_column());
  measures_ = !measured.empty();
  if (measures_) value_place_ = need(measured, columns);
  if (question_.each.empty()) only_ = &groups_[""];
}

std::size_t Reducer::need(const std::string& column, Columns& columns) {
  const std::size_t place = columns.add(column);
  if (std::find(needs_.begin(), needs_.end(), place) == needs_.end()) needs_.push_back(place);
  return place;
}

bool Reducer::counts_rows() const {
  return question_.shape == Shape::slices || question_.shape == Shape::clusters;
}

/// "" when rows are only counted.
std::string_view Reducer::measured_column() const {
  if (!counts_rows()) return query_.value ? std::string_view(*query_.value) : kDefaultValue;
  if (query_.sum) return *query_.sum;
  return query_.distinct ? std::string_view(*query_.distinct) : std::string_view();
}

std::optional<core::Error> Reducer::misfit() const {
  const auto error = [](std::string message, std::string hint) {
    return core::Error{"RG1413", std::move(message), std::move(hint), {}, {}};
  };
  if (counts_rows() && query_.value) {
    return error(fmt::format("`{}` counts rows, and `value` is a measurement a row", question_.part),
                 "leave it out, or use `sum` to add a column up");
  }
  if (question_.shape == Shape::clusters && query_.distinct) {
    return error(fmt::format("`distinct` counts different values, and `cluster` counts by {}", question_.cluster),
                 "leave one of them out");
  }
  if (!counts_rows() && (query_.sum || query_.distinct)) {
    return error(
        fmt::format("`{}` is for counts, and this metric takes a measurement from every row", query_.sum ? "sum" : "distinct"),
        R"(use `value`, with aggregate = "sum" in a metric of kind = "value" if that is meant)");
  }
  if (is_timeless_ && question_.parts > 1) {
    return error(
        fmt::format("the rows have no times, and `{}` is wanted in {} parts of the window", question_.part, question_.parts),
        "such rows can be counted with `distinct`, or become one `value`");
  }
  return std::nullopt;
}

bool Reducer::is_kept(std::span<const Cell> cells) {
  for (std::size_t i = 0; i < query_.where.size(); ++i) {
    const Cell& cell = cells[where_places_[i]];
    const Kept kept = meets(query_.where[i], cell);
    if (kept == Kept::no) return false;
    if (kept == Kept::not_a_number) {
      problem_ = not_a_number(query_.where[i].column, cell.text);
      return false;
    }
  }
  return !query_.in || ids_->contains(cells[key_place_].text);
}

Reducer::Group* Reducer::group_of(std::span<const Cell> cells) {
  if (only_ != nullptr) return only_;
  const std::string_view value = cells[each_place_].text;
  const auto found = groups_.find(value);
  if (found != groups_.end()) return &found->second;
  if (groups_.size() >= kMostGroups) {
    too_many_groups_ = true;
    return nullptr;
  }
  return &groups_[std::string(value)];
}

std::size_t Reducer::part_of(core::Time time) const {
  if (!question_.window || question_.parts < 2) return 0;
  const auto parts = static_cast<std::int64_t>(question_.parts);
  const auto length = std::max<std::int64_t>(1, question_.window->length().count());
  return static_cast<std::size_t>((time - question_.window->start).count() * parts / length);
}

core::Time Reducer::end_of_part(std::size_t part) const {
  if (!question_.window) return core::Time{};
  return question_.window->start +
         question_.window->length() * static_cast<std::int64_t>(part + 1) / static_cast<std::int64_t>(question_.parts);
}

/// A cell as a number; NaN when there is nothing in it. false when it is something else.
bool Reducer::read_amount(const Cell& cell, double& amount) {
  amount = std::numeric_limits<double>::quiet_NaN();
  if (cell.text.empty()) return true;
  saw_value_ = true;
  if (!query_.scores.empty()) {
    const auto found = query_.scores.find(cell.text);
    if (found == query_.scores.end()) {
      problem_ = fmt::format("`{}` is \"{}\", which `map` does not name", core::printable(measured_column()),
                             core::shorten(core::printable(cell.text), 60));
      return false;
    }
    amount = found->second;
    return true;
  }
  const auto number = parse_number(cell.text);
  if (!number) {
    problem_ = not_a_number(measured_column(), cell.text);
    return false;
  }
  amount = *number;
  return true;
}

bool Reducer::add(std::span<const Cell> cells, core::Time time) {
  if (is_timeless_) time = question_.window->start;
  if (question_.window && !question_.window->contains(time)) return true;
  ++in_window_;
  problem_.clear();
  if (!is_kept(cells)) return problem_.empty();
  Group* group = group_of(cells);
  if (group == nullptr) return true;
  ++kept_;
  const Cell measured = measures_ ? cells[value_place_] : Cell{};
  if (question_.cluster.empty()) return put(*group, measured, "", time);
  const std::string_view cluster = cells[cluster_place_].text;
  saw_cluster_ = saw_cluster_ || !cluster.empty();
  return put(*group, measured, cluster.empty() ? std::string() : alias_of(cluster), time);
}

/// One row of a cluster, counted or added up.
bool Reducer::put_in_cluster(Group& group, const Cell& cell, std::string_view cluster) {
  double amount = 1.0;
  if (measures_ && !read_amount(cell, amount)) return false;
  if (!std::isfinite(amount)) {
    ++group.dropped;
    return true;
  }
  const auto found = group.clusters.find(cluster);
  if (found == group.clusters.end()) {
    group.clusters.emplace(cluster, amount);
  } else {
    found->second += amount;
  }
  return true;
}

void Reducer::count_different(Group& group, std::string_view value) const {
  if (query_.counting == Counting::exact) {
    if (!group.ids.contains(value)) group.ids.emplace(value);
    return;
  }
  if (!group.sketch) group.sketch = std::make_unique<HyperLogLog>();
  group.sketch->add(value);
}

/// An estimate is no more than those there can be.
double Reducer::different(const Group& group) const {
  if (!group.sketch) return static_cast<double>(group.ids.size());
  const double found = std::round(group.sketch->estimate());
  const bool same_column = query_.in && query_.distinct && query_.in->key == *query_.distinct;
  return same_column ? std::min(found, static_cast<double>(ids_->size())) : found;
}

bool Reducer::put(Group& group, const Cell& cell, std::string_view cluster, core::Time time) {
  if (!question_.cluster.empty() && cluster.empty()) {
    ++group.dropped;  // whose it is cannot be told
    return true;
  }
  if (question_.shape == Shape::clusters) return put_in_cluster(group, cell, cluster);
  if (question_.shape != Shape::rows && group.amounts.empty()) {
    group.amounts.assign(question_.parts, 0.0);
    if (question_.shape == Shape::batches) group.weights.assign(question_.parts, 0.0);
  }
  if (!measures_) {
    group.amounts[part_of(time)] += 1.0;
    return true;
  }
  if (question_.shape == Shape::slices && query_.distinct) {
    saw_value_ = saw_value_ || cell.present;
    if (cell.text.empty()) {
      ++group.dropped;
    } else {
      count_different(group, cell.text);
    }
    return true;
  }
  double amount = 0.0;
  if (!read_amount(cell, amount)) return false;
  if (question_.shape == Shape::rows) {
    group.rows.push_back({time, amount, std::string(cluster)});
  } else if (!std::isfinite(amount)) {
    ++group.dropped;
  } else if (question_.shape == Shape::slices) {
    group.amounts[part_of(time)] += amount;
  } else {
    // A running mean: neither a sum nor a difference of large values overflows.
    const std::size_t part = part_of(time);
    const double weight = 1.0 / ++group.weights[part];
    group.amounts[part] += amount * weight - group.amounts[part] * weight;
  }
  return true;
}

core::Series Reducer::series_of(Group& group) const {
  core::Series series;
  series.dropped = group.dropped;
  if (question_.shape == Shape::rows) {
    std::stable_sort(group.rows.begin(), group.rows.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    for (Group::Row& row : group.rows) {
      series.times.push_back(row.time);
      series.values.push_back(row.value);
      if (!question_.cluster.empty()) series.ids.push_back(std::move(row.id));
    }
    return series;
  }
  if (question_.shape == Shape::clusters) {
    for (const auto& [id, amount] : group.clusters) {
      series.ids.push_back(id);
      series.values.push_back(amount);
    }
    return series;
  }
  series.values = std::move(group.amounts);
  series.values.resize(question_.parts, 0.0);
  series.weights = std::move(group.weights);
  if (query_.distinct) series.values.front() = different(group);
  for (std::size_t i = 0; i < question_.parts; ++i) series.times.push_back(end_of_part(i));
  return series;
}

core::Result<core::Answer> Reducer::finish() {
  if (too_many_groups_) {
    return core::Error{"RG1409",
                       fmt::format("each = \"{}\": the column has more than {} different values", question_.each, kMostGroups),
                       "choose a column with few values, or leave some out with `where`",
                       {},
                       {}};
  }
  if (measures_ && kept_ > 0 && !saw_value_) {
    return core::Error{"RG1408",
                       fmt::format("none of the {} rows has a `{}`", kept_, core::printable(measured_column())),
                       "name the column or field that holds it",
                       {},
                       {}};
  }
  if (!question_.cluster.empty() && kept_ > 0 && !saw_cluster_) {
    return core::Error{"RG1408",
                       fmt::format("none of the {} rows has a `{}`", kept_, core::printable(question_.cluster)),
                       "name the column or field that says whose a row is",
                       {},
                       {}};
  }
  core::Answer answer;
  answer.asked = describe(query_, counts_rows() ? std::string_view() : measured_column());
  // Without one row in the window nobody can say that nothing happened: the log may not have been written.
  const bool is_silent = in_window_ == 0 || (!counts_rows() && kept_ == 0);
  if (is_silent) return answer;
  if (query_.counting == Counting::hyperloglog)
    answer.notes.push_back(
        fmt::format("different values are estimated by HyperLogLog with {} registers: standard error {:.2f} %, "
                    "which no interval holds",
                    HyperLogLog::kRegisters, 100.0 * HyperLogLog::kStandardError));
  for (auto& [value, group] : groups_) {
    core::Series series = series_of(group);
    if (only_ == nullptr) series.labels[question_.each] = label_text(value);
    answer.series.push_back(std::move(series));
  }
  return answer;
}

}  // namespace gate::sources::file
