#include "sources/file/csv_row.h"

#include <algorithm>
#include <cstring>

namespace gate::sources::file {

RowFound RowParser::parse(std::string_view text, bool last) {
  fields_.clear();
  unescaped_.clear();
  lines_ = 0;
  std::size_t at = 0;
  while (true) {
    const RowFound found = at < text.size() && text[at] == '"' ? quoted(text, at, last) : plain(text, at, last);
    if (found == RowFound::incomplete || found == RowFound::unclosed) return found;
    if (found == RowFound::stray_quote) return skip_line(text, at, last);
    if (at < text.size() && text[at] == delimiter_) {
      ++at;
      continue;
    }
    return end_of_row(text, at);
  }
}

RowFound RowParser::plain(std::string_view text, std::size_t& at, bool last) {
  const std::size_t start = at;
  while (at < text.size() && text[at] != delimiter_ && text[at] != '\n') ++at;
  if (at == text.size() && !last) return RowFound::incomplete;
  std::size_t end = at;
  const bool ends_row = at == text.size() || text[at] == '\n';
  if (ends_row && end > start && text[end - 1] == '\r') --end;
  fields_.push_back(text.substr(start, end - start));
  return RowFound::row;
}

RowFound RowParser::quoted(std::string_view text, std::size_t& at, bool last) {
  const std::size_t start = at + 1;
  bool has_escapes = false;
  for (std::size_t i = start;;) {
    const void* hit = i < text.size() ? std::memchr(text.data() + i, '"', text.size() - i) : nullptr;
    if (hit == nullptr) {
      const bool more_lines = text.find('\n', start) < text.size() - 1;
      at = text.size();
      if (!last) return RowFound::incomplete;
      return more_lines ? RowFound::unclosed : RowFound::stray_quote;
    }
    i = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
    if (i + 1 == text.size() && !last) return RowFound::incomplete;
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
    if (at + 1 == text.size() && !last) return RowFound::incomplete;
    if (at + 1 == text.size() || text[at + 1] == '\n') ++at;
  }
  const bool ends = at == text.size() || text[at] == delimiter_ || text[at] == '\n';
  return ends ? RowFound::row : RowFound::stray_quote;
}

std::string_view RowParser::unescape(std::string_view inside) {
  std::string text;
  text.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if (inside[i] == '"') ++i;
  }
  return unescaped_.emplace_back(std::move(text));
}

RowFound RowParser::end_of_row(std::string_view text, std::size_t at) {
  consumed_ = at < text.size() ? at + 1 : at;
  return RowFound::row;
}

RowFound RowParser::skip_line(std::string_view text, std::size_t at, bool last) {
  const std::size_t end = text.find('\n', at);
  if (end == std::string_view::npos && !last) return RowFound::incomplete;
  consumed_ = end == std::string_view::npos ? text.size() : end + 1;
  return RowFound::stray_quote;
}

}  // namespace gate::sources::file
