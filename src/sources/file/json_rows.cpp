// Rows of JSON Lines and of JSON documents, by simdjson's on-demand parser.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

#include "core/text.h"
#include "sources/file/formats.h"
#include "sources/file/json_path.h"

namespace gate::sources::file {
namespace {

namespace json = simdjson::ondemand;

constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();

/// The columns that begin with a key, as a tree: {"response": {"status": column 2}}.
struct Wanted {
  std::string key;
  std::size_t column = kNoColumn;
  std::vector<Wanted> inside;
};

Wanted& child(Wanted& parent, const std::string& key) {
  const auto found =
      std::find_if(parent.inside.begin(), parent.inside.end(), [&](const Wanted& one) { return one.key == key; });
  if (found != parent.inside.end()) return *found;
  return parent.inside.emplace_back(Wanted{key, kNoColumn, {}});
}

Wanted tree_of(const std::vector<std::string>& columns) {
  Wanted root;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    child(root, columns[i]).column = i;
    const std::vector<std::string> steps = json_steps(columns[i]);
    if (steps.empty() || (steps.size() == 1 && steps.front() == columns[i])) continue;
    Wanted* at = &root;
    for (const std::string& step : steps) at = &child(*at, step);
    if (at->column == kNoColumn) at->column = i;
  }
  return root;
}

/// The cells of rows: each row is gone through once, so that one which ends early is noticed.
class Extractor {
 public:
  explicit Extractor(const std::vector<std::string>& columns)
      : names_(columns), root_(tree_of(columns)), cells_(columns.size()), texts_(columns.size()) {}

  /// "" or why it is no row.
  template <typename Row>
  std::string read(Row& row) {
    if (row.type() != json::json_type::object) return "it is not a JSON object";
    std::fill(cells_.begin(), cells_.end(), Cell{});
    problem_.clear();
    json::object object = row.get_object();
    read_object(object, root_);
    return problem_;
  }

  [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }

 private:
  void read_object(json::object& object, const Wanted& wanted) {
    for (auto field : object) {
      const std::string_view key = field.unescaped_key();
      const auto found =
          std::find_if(wanted.inside.begin(), wanted.inside.end(), [&](const Wanted& one) { return one.key == key; });
      if (found == wanted.inside.end()) continue;
      json::value value = field.value();
      if (!found->inside.empty() && value.type() == json::json_type::object) {
        json::object inner = value.get_object();
        read_object(inner, *found);
      } else if (found->column != kNoColumn) {
        keep(value, found->column);
      }
    }
  }

  void keep(json::value& value, std::size_t column) {
    std::string& text = texts_[column];
    switch (json::json_type(value.type())) {
      case json::json_type::null:
        return;
      case json::json_type::string:
        text.assign(std::string_view(value.get_string()));
        break;
      case json::json_type::boolean:
        text = bool(value.get_bool()) ? "true" : "false";
        break;
      case json::json_type::number:
        text.assign(value.raw_json_token());
        text.erase(text.find_last_not_of(" \t\r\n") + 1);
        break;
      default:
        problem_ = fmt::format("`{}` holds an array or an object", core::printable(names_[column]));
        return;
    }
    cells_[column] = {text, true};
  }

  const std::vector<std::string>& names_;
  Wanted root_;
  std::vector<Cell> cells_;
  std::vector<std::string> texts_;
  std::string problem_;
};

std::string why(const simdjson::simdjson_error& failure) {
  return fmt::format("it is not JSON: {}", simdjson::error_message(failure.error()));
}

class JsonLinesReader final : public LineReader {
 public:
  explicit JsonLinesReader(const ReadRequest& request)
      : LineReader(request), extractor_(request.columns), sink_(request.sink) {}

 protected:
  void take(std::string_view line, std::size_t readable, std::uint64_t number) override {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) {
      line.remove_prefix(3);
      readable -= 3;
    }
    if (line.find_first_not_of(" \t") == std::string_view::npos) return;
    const std::string problem = read(line, readable);
    problem.empty() ? sink_.row(extractor_.cells(), number) : sink_.bad(number, problem);
  }

 private:
  std::string read(std::string_view line, std::size_t readable) {
    try {
      json::document document = parser_.iterate(line.data(), line.size(), readable);
      std::string problem = extractor_.read(document);
      if (problem.empty() && document.current_location().error() == simdjson::SUCCESS) problem = "something follows its object";
      return problem;
    } catch (const simdjson::simdjson_error& failure) {
      return why(failure);
    }
  }

  Extractor extractor_;
  Sink& sink_;
  json::parser parser_;
};

/// Whether every bracket is closed. The parser reads no further than the rows, so it would not notice a document cut off later.
bool is_whole(std::string_view text) {
  std::int64_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return depth == 0 && !in_string;
}

class JsonReader final : public DocumentReader {
 public:
  explicit JsonReader(const ReadRequest& request)
      : DocumentReader(request), items_(request.options.items), extractor_(request.columns), sink_(request.sink) {}

 protected:
  core::Result<bool> take(std::string_view text) override {
    std::size_t readable = text.size() + kReadPadding;
    if (text.starts_with("\xEF\xBB\xBF")) {
      text.remove_prefix(3);
      readable -= 3;
    }
    if (!is_whole(text))
      return wrong_form(path(), "it is not JSON: it ends before its brackets are closed", "was the file written to its end?");
    json::parser parser;
    try {
      json::document document = parser.iterate(text.data(), text.size(), readable);
      json::array rows;
      if (!find_rows(document, rows)) return no_items();
      std::uint64_t number = 0;
      for (json::value row : rows) {
        ++number;
        const std::string problem = extractor_.read(row);
        problem.empty() ? sink_.row(extractor_.cells(), number) : sink_.bad(number, problem);
      }
    } catch (const simdjson::simdjson_error& failure) {
      return wrong_form(path(), why(failure), "was the file written to its end?");
    }
    return false;
  }

 private:
  bool find_rows(json::document& document, json::array& rows) const {
    const std::vector<std::string> steps = json_steps(items_);
    if (steps.empty()) return document.get_array().get(rows) == simdjson::SUCCESS;
    json::value value;
    if (document.get_value().get(value) != simdjson::SUCCESS) return false;
    for (const std::string& step : steps) {
      json::object object;
      if (value.get_object().get(object) != simdjson::SUCCESS) return false;
      if (object.find_field_unordered(step).get(value) != simdjson::SUCCESS) return false;
    }
    return value.get_array().get(rows) == simdjson::SUCCESS;
  }

  [[nodiscard]] core::Error no_items() const {
    const std::string place = items_.empty() ? "the top of the document" : "`" + core::printable(items_) + "`";
    return wrong_form(path(), fmt::format("there is no array at {}", place), "say where the rows are: items = \"/data/rows\"");
  }

  std::string items_;
  Extractor extractor_;
  Sink& sink_;
};

}  // namespace

std::unique_ptr<RecordReader> open_json_lines(const ReadRequest& request) {
  return std::make_unique<JsonLinesReader>(request);
}

std::unique_ptr<RecordReader> open_json(const ReadRequest& request) {
  return std::make_unique<JsonReader>(request);
}

}  // namespace gate::sources::file
