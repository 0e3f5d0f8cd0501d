#include "sources/influxdb/annotated_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "core/text.h"
#include "core/time.h"
#include "sources/file/csv_row.h"
#include "sources/file/number.h"

namespace gate::sources::influxdb {
namespace {

using Cells = std::vector<std::string>;

[[noreturn]] void refuse_form(std::string_view why) {
  throw Unusable{"RG1902", fmt::format("the answer is no annotated CSV: {}", why), "is `url` that of an InfluxDB 2?"};
}

class Reader {
 public:
  explicit Reader(const std::string& column) : column_(column) {}

  void row(const std::vector<std::string_view>& fields) {
    const Cells cells(fields.begin(), fields.end());
    if (cells.size() == 1 && cells.front().empty()) {
      header_.clear();
      annotations_.clear();
    } else if (cells.front().starts_with('#')) {
      if (!header_.empty()) annotations_.clear();
      header_.clear();
      annotations_[cells.front()] = cells;
    } else if (header_.empty()) {
      read_header(cells);
    } else {
      add(cells);
    }
  }

  Decoded take() && {
    for (auto& [labels, points] : series_) out_.series.push_back({labels, std::move(points)});
    return std::move(out_);
  }

 private:
  void read_header(const Cells& cells) {
    for (const char* name : {"#datatype", "#group", "#default"}) {
      if (!annotations_.contains(name)) refuse_form(fmt::format("no line of {} before a table", name));
      if (annotations_[name].size() != cells.size()) refuse_form(fmt::format("the line of {} is of another length", name));
    }
    header_ = cells;
    if (place("error")) return;
    value_ = place(column_);
    time_ = place("_time") ? place("_time") : place("_stop");
    if (!value_) {
      throw Unusable{"RG1977", fmt::format("a table has no column `{}`: it has {}", column_, core::list_names(header_, "and")),
                     "end the query with one column of numbers, or say which with `column`"};
    }
    const std::string& type = annotations_["#datatype"][*value_];
    if (type != "double" && type != "long" && type != "unsignedLong" && type != "boolean") {
      throw Unusable{"RG1977", fmt::format("the column `{}` holds values of the type {}, not numbers", column_, type),
                     "filter for one field of numbers (r._field == \"…\")"};
    }
    if (!time_)
      throw Unusable{"RG1977", "a table has neither `_time` nor `_stop`", "keep one of them: its rows have no place in time"};
  }

  [[nodiscard]] std::optional<std::size_t> place(const std::string& name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
  }

  [[nodiscard]] const std::string& cell(const Cells& cells, std::size_t at) const {
    return cells[at].empty() ? annotations_.at("#default")[at] : cells[at];
  }

  void add(const Cells& cells) {
    if (cells.size() != header_.size()) refuse_form("a row is not as long as its header, as if it were cut off");
    if (const auto error = place("error"))
      throw Unusable{"RG1976", "InfluxDB says: " + cell(cells, *error), "try the query in the Data Explorer of InfluxDB"};
    if (const auto result = place("result")) {
      const std::string& name = cell(cells, *result);
      if (result_ && *result_ != name) {
        throw Unusable{"RG1977", fmt::format("the query yields several results, `{}` and `{}`", *result_, name),
                       "leave one yield() in it"};
      }
      result_ = name;
    }
    const std::string& text = cell(cells, *value_);
    auto& points = series_[labels_of(cells)];
    if (text.empty()) return;
    const bool is_flag = text == "true" || text == "false";
    const auto number = is_flag ? std::optional<double>(text == "true" ? 1.0 : 0.0) : file::parse_number(text);
    if (!number) refuse_form(fmt::format("\"{}\" is no number", text));
    const auto time = core::parse_time(cell(cells, *time_));
    if (!time) refuse_form(fmt::format("\"{}\" is no time", cell(cells, *time_)));
    points.emplace_back(*time, *number);
  }

  [[nodiscard]] core::Labels labels_of(const Cells& cells) const {
    core::Labels out;
    const Cells& group = annotations_.at("#group");
    for (std::size_t i = 1; i < header_.size(); ++i) {
      const bool is_own = i == value_ || i == time_ || header_[i] == "_start" || header_[i] == "_stop";
      if (group[i] == "true" && !is_own) out[header_[i]] = cell(cells, i);
    }
    return out;
  }

  std::string column_;
  std::map<std::string, Cells> annotations_;
  Cells header_;
  std::optional<std::size_t> value_;
  std::optional<std::size_t> time_;
  std::optional<std::string> result_;  ///< whose rows these are: what yield() calls them
  std::map<core::Labels, std::vector<std::pair<core::Time, double>>> series_;
  Decoded out_;
};

}  // namespace

Decoded decode_annotated_csv(std::string_view csv, const std::string& column) {
  Reader reader(column.empty() ? "_value" : column);
  file::RowParser parser(',');
  while (!csv.empty()) {
    if (parser.parse(csv, true) != file::RowFound::row) refuse_form("a quote that closes nothing");
    if (!parser.fields().empty()) reader.row(parser.fields());
    csv.remove_prefix(parser.consumed());
  }
  return std::move(reader).take();
}

}  // namespace gate::sources::influxdb
