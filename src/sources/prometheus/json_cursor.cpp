#include "sources/prometheus/json_cursor.h"

#include <charconv>
#include <cmath>

namespace gate::sources::prometheus {
namespace {

constexpr double kMostSeconds = 1e11;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// RFC 8259, section 6: [-] int [frac] [exp].
bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6U);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12U);
    put(0x80 | (code >> 6U & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18U);
    put(0x80 | (code >> 12U & 0x3F));
    put(0x80 | (code >> 6U & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

JsonKind JsonCursor::kind() {
  const char c = peek();
  if (c == '{') return JsonKind::object;
  if (c == '[') return JsonKind::array;
  if (c == '"') return JsonKind::string;
  return c == '-' || is_digit(c) ? JsonKind::number : JsonKind::literal;
}

std::string JsonCursor::string() {
  std::string buffer;
  const std::string_view plain = string_view(buffer);
  return plain.data() == buffer.data() ? buffer : std::string(plain);
}

std::string_view JsonCursor::string_view(std::string& buffer) {
  expect('"');
  const std::size_t start = at_;
  bool escaped = false;
  while (true) {
    if (at_ == text_.size()) fail("a string does not end");
    const char c = text_[at_];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) fail("a string holds a control character");
    if (c != '\\') {
      if (escaped) buffer += c;
      ++at_;
      continue;
    }
    if (!escaped) buffer.assign(text_, start, at_ - start);
    escaped = true;
    read_escape(buffer);
  }
  const std::string_view plain = text_.substr(start, at_ - start);
  ++at_;
  return escaped ? std::string_view(buffer) : plain;
}

void JsonCursor::read_escape(std::string& out) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (++at_ == text_.size()) fail("a string does not end");
  const char c = text_[at_++];
  if (c != 'u') {
    const std::size_t which = kNames.find(c);
    if (which == std::string_view::npos) fail("a string holds an escape that is none");
    out += kMeanings[which];
    return;
  }
  std::uint32_t code = read_hex4();
  const bool is_high = code >= 0xD800 && code < 0xDC00;
  if (is_high) {
    if (text_.substr(at_, 2) != "\\u") fail("a string holds half a character");
    at_ += 2;
    const std::uint32_t low = read_hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail("a string holds half a character");
    code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
  } else if (code >= 0xDC00 && code <= 0xDFFF) {
    fail("a string holds half a character");
  }
  append_utf8(out, code);
}

std::uint32_t JsonCursor::read_hex4() {
  std::uint32_t code = 0;
  const std::string_view digits = text_.substr(at_, 4);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (problem != std::errc() || end != digits.data() + 4) fail("a string holds an escape that is none");
  at_ += 4;
  return code;
}

std::string_view JsonCursor::number_text() {
  const std::size_t start = at_;
  while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '-' || text_[at_] == '+' || text_[at_] == '.' ||
                                text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
  }
  const std::string_view text = text_.substr(start, at_ - start);
  if (!is_number(text)) fail("a number is none");
  return text;
}

double JsonCursor::number() {
  if (kind() != JsonKind::number) fail("a number is missing");
  const std::string_view text = number_text();
  double number = 0.0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) fail("a number is out of range");
  return number;
}

std::optional<std::int64_t> JsonCursor::milliseconds() {
  constexpr std::size_t kExactDigits = 11;
  if (kind() != JsonKind::number) fail("a number is missing");
  // Nearly every time is a whole number of seconds: no need to take the long way.
  std::int64_t whole = 0;
  std::size_t end = at_;
  while (end < text_.size() && end - at_ < kExactDigits && is_digit(text_[end])) whole = whole * 10 + (text_[end++] - '0');
  const bool is_whole = end < text_.size() && text_[end] == ',' && text_[at_] >= '1';
  if (is_whole) {
    at_ = end;
    return whole * 1000;
  }
  const double seconds = number();
  if (std::abs(seconds) > kMostSeconds) return std::nullopt;
  return std::llround(seconds * 1000.0);
}

void JsonCursor::skip_literal() {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text_.substr(at_).starts_with(word)) {
      at_ += word.size();
      return;
    }
  }
  fail("a value is none");
}

void JsonCursor::skip_scalar() {
  std::string buffer;
  switch (kind()) {
    case JsonKind::string:
      string_view(buffer);
      break;
    case JsonKind::number:
      number_text();
      break;
    default:
      skip_literal();
  }
}

void JsonCursor::skip() {
  std::string open;  // a stack of brackets, so that depth costs no call
  const auto key = [&] {
    std::string buffer;
    string_view(buffer);
    expect(':');
  };
  do {
    const char c = peek();
    if (c == '{' || c == '[') {
      ++at_;
      const char closer = c == '{' ? '}' : ']';
      if (!consume(closer)) {
        open += closer;
        if (closer == '}') key();
        continue;
      }
    } else {
      skip_scalar();
    }
    while (!open.empty() && consume(open.back())) open.pop_back();
    if (open.empty()) return;
    expect(',');
    if (open.back() == '}') key();
  } while (true);
}

bool JsonCursor::at_end() {
  skip_space();
  return at_ == text_.size();
}

}  // namespace gate::sources::prometheus
