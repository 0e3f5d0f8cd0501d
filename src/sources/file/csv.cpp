// CSV by RFC 4180: quoted fields with doubled quotes and line breaks inside, CRLF or LF, a byte order mark, a header line.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <limits>

#include "core/text.h"
#include "sources/file/formats.h"

namespace gate::sources::file {
namespace {

constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();

/// What one attempt to read a row out of the buffered bytes found.
/// `unclosed`: a quote that swallows every line to the end of the file, so that nobody knows which rows were lost.
enum class Found { row, incomplete, stray_quote, unclosed };

class RowParser {
 public:
  explicit RowParser(char delimiter) : delimiter_(delimiter) {}

  /// Reads one row from the front of `text`. `last`: no more bytes follow.
  Found parse(std::string_view text, bool last) {
    fields_.clear();
    unescaped_.clear();
    lines_ = 0;
    std::size_t at = 0;
    while (true) {
      const Found found = at < text.size() && text[at] == '"' ? quoted(text, at, last) : plain(text, at, last);
      if (found == Found::incomplete || found == Found::unclosed) return found;
      if (found == Found::stray_quote) return skip_line(text, at, last);
      if (at < text.size() && text[at] == delimiter_) {
        ++at;
        continue;
      }
      return end_of_row(text, at);
    }
  }

  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }
  [[nodiscard]] std::size_t consumed() const { return consumed_; }
  /// Line breaks inside of the row, its own end not among them.
  [[nodiscard]] std::uint64_t inner_lines() const { return lines_; }

 private:
  Found plain(std::string_view text, std::size_t& at, bool last) {
    const std::size_t start = at;
    while (at < text.size() && text[at] != delimiter_ && text[at] != '\n') ++at;
    if (at == text.size() && !last) return Found::incomplete;
    std::size_t end = at;
    const bool ends_row = at == text.size() || text[at] == '\n';
    if (ends_row && end > start && text[end - 1] == '\r') --end;
    fields_.push_back(text.substr(start, end - start));
    return Found::row;
  }

  Found quoted(std::string_view text, std::size_t& at, bool last) {
    const std::size_t start = at + 1;
    bool has_escapes = false;
    for (std::size_t i = start;;) {
      const void* hit = i < text.size() ? std::memchr(text.data() + i, '"', text.size() - i) : nullptr;
      if (hit == nullptr) {
        const bool more_lines = text.find('\n', start) < text.size() - 1;
        at = text.size();
        if (!last) return Found::incomplete;
        return more_lines ? Found::unclosed : Found::stray_quote;
      }
      i = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
      if (i + 1 == text.size() && !last) return Found::incomplete;
      if (i + 1 < text.size() && text[i + 1] == '"') {
        has_escapes = true;
        i += 2;
        continue;
      }
      at = i + 1;
      break;
    }
    const std::string_view inside = text.substr(start, at - 1 - start);
    lines_ += static_cast<std::uint64_t>(std::count(inside.begin(), inside.end(), '\n'));
    fields_.push_back(has_escapes ? unescape(inside) : inside);
    if (at < text.size() && text[at] == '\r') {
      if (at + 1 == text.size() && !last) return Found::incomplete;
      if (at + 1 == text.size() || text[at + 1] == '\n') ++at;
    }
    const bool ends = at == text.size() || text[at] == delimiter_ || text[at] == '\n';
    return ends ? Found::row : Found::stray_quote;
  }

  std::string_view unescape(std::string_view inside) {
    std::string text;
    text.reserve(inside.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
      text += inside[i];
      if (inside[i] == '"') ++i;
    }
    return unescaped_.emplace_back(std::move(text));
  }

  Found end_of_row(std::string_view text, std::size_t at) {
    consumed_ = at < text.size() ? at + 1 : at;
    return Found::row;
  }

  /// A quote that closes nothing: reading goes on at the next line.
  Found skip_line(std::string_view text, std::size_t at, bool last) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos && !last) return Found::incomplete;
    consumed_ = end == std::string_view::npos ? text.size() : end + 1;
    return Found::stray_quote;
  }

  char delimiter_;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unescaped_;
  std::size_t consumed_ = 0;
  std::uint64_t lines_ = 0;
};

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
      const Found found = parser_.parse(reader_.rest(), reader_.at_end());
      if (found == Found::incomplete) {
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

  std::optional<core::Error> take(Found found) {
    const auto& fields = parser_.fields();
    if (!has_header_) return take_header(found);
    if (found == Found::unclosed) {
      return wrong_form(path_, fmt::format("a quote in line {} is never closed, and every row after it is lost", line_),
                        "close it, or double the quotes inside of a field");
    }
    if (found == Found::stray_quote) {
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

  std::optional<core::Error> take_header(Found found) {
    if (found != Found::row) return wrong_form(path_, "the quotes of its header are not closed", "");
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
