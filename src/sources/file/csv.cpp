// CSV by RFC 4180: quoted fields with doubled quotes and line breaks inside, CRLF or LF, a byte order mark, a header line.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/text.h"
#include "sources/file/csv_row.h"
#include "sources/file/formats.h"

namespace gate::sources::file {
namespace {

constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();

class CsvReader final : public RecordReader {
 public:
  explicit CsvReader(const ReadRequest& request)
      : reader_(request.path, request.digest),
        parser_(request.options.delimiter),
        columns_(request.columns),
        sink_(request.sink),
        path_(request.path),
        given_header_(request.options.header) {}

  core::Result<bool> step() override {
    reader_.more();
    if (!has_begun_) {
      if (const auto error = begin()) return *error;
    }
    if (reader_.error()) return *reader_.error();
    while (!reader_.rest().empty()) {
      const RowFound found = parser_.parse(reader_.rest(), reader_.at_end());
      if (found == RowFound::incomplete) {
        if (reader_.rest().size() > kMostRowBytes) return row_too_long(path_, line_);
        return true;
      }
      if (const auto error = take(found)) return *error;
      reader_.consume(parser_.consumed());
      line_ += parser_.inner_lines() + 1;
    }
    return !reader_.at_end();
  }

  [[nodiscard]] std::uint64_t bytes() const override { return reader_.bytes(); }

 private:
  std::optional<core::Error> begin() {
    has_begun_ = true;
    const std::string_view text = reader_.rest();
    if (text.starts_with("\xEF\xBB\xBF")) reader_.consume(3);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
      return wrong_form(path_, "it is UTF-16, not UTF-8", "convert it: iconv -f UTF-16 -t UTF-8");
    }
    if (!given_header_.empty()) return use_header(given_header_);
    return std::nullopt;
  }

  std::optional<core::Error> take(RowFound found) {
    const auto& fields = parser_.fields();
    if (!has_header_) return take_header(found);
    if (found == RowFound::unclosed) {
      return wrong_form(path_, fmt::format("a quote in line {} is never closed, and every row after it is lost", line_),
                        "close it, or double the quotes inside of a field");
    }
    if (found == RowFound::stray_quote) {
      sink_.bad(line_, "a quoted field is not closed, or text follows its closing quote");
    } else if (fields.size() == 1 && fields.front().empty()) {
      return std::nullopt;  // a blank line
    } else if (fields.size() != width_) {
      sink_.bad(line_,
                fmt::format("it has {} field{}, the header has {}", fields.size(), fields.size() == 1 ? "" : "s", width_));
    } else {
      for (std::size_t i = 0; i < places_.size(); ++i) {
        cells_[i] = places_[i] == kNoColumn ? Cell{} : Cell{fields[places_[i]], true};
      }
      sink_.row(cells_, line_);
    }
    return std::nullopt;
  }

  std::optional<core::Error> take_header(RowFound found) {
    if (found != RowFound::row) return wrong_form(path_, "the quotes of its header are not closed", "");
    return use_header({parser_.fields().begin(), parser_.fields().end()});
  }

  std::optional<core::Error> use_header(const std::vector<std::string>& names) {
    has_header_ = true;
    width_ = names.size();
    for (const std::string& wanted : columns_) {
      const auto at = std::find(names.begin(), names.end(), wanted);
      if (at != names.end() && std::find(at + 1, names.end(), wanted) != names.end()) {
        return wrong_form(path_, fmt::format("its header names `{}` twice", core::printable(wanted)), "rename one of them");
      }
      places_.push_back(at == names.end() ? kNoColumn : static_cast<std::size_t>(at - names.begin()));
    }
    cells_.resize(places_.size());
    sink_.header(names);
    return std::nullopt;
  }

  BlockReader reader_;
  RowParser parser_;
  const std::vector<std::string>& columns_;
  Sink& sink_;
  std::string path_;
  std::vector<std::string> given_header_;
  bool has_begun_ = false;
  bool has_header_ = false;
  std::size_t width_ = 0;
  std::vector<std::size_t> places_;
  std::vector<Cell> cells_;
  std::uint64_t line_ = 1;
};

}  // namespace

std::unique_ptr<RecordReader> open_csv(const ReadRequest& request) {
  return std::make_unique<CsvReader>(request);
}

}  // namespace gate::sources::file
