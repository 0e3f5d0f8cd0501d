// JsonCursor: one pass over a JSON text, value by value, with nothing kept: no tree and no index, so that a big answer costs
// the memory of what is taken out of it. Knows no Prometheus.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace gate::sources::prometheus {

enum class JsonKind { object, array, string, number, literal };

/// The text is no JSON, or it ends too early.
class JsonError : public std::exception {
 public:
  JsonError(const char* what, std::size_t offset) : what_(what), offset_(offset) {}
  [[nodiscard]] const char* what() const noexcept override { return what_; }
  [[nodiscard]] std::size_t offset() const noexcept { return offset_; }

 private:
  const char* what_;
  std::size_t offset_;
};

/// Throws JsonError wherever the text is not what RFC 8259 allows, or of another kind than what is asked for: kind() tells
/// beforehand. The text must be valid UTF-8 and outlive the cursor.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  /// Of the value that comes next.
  JsonKind kind();
  /// Calls `on_field(key)` for each member; it must read the member's value.
  template <typename OnField>
  void object(OnField on_field) {
    expect('{');
    if (consume('}')) return;
    do {
      const std::string key = string();
      expect(':');
      on_field(key);
    } while (consume(','));
    expect('}');
  }
  /// Calls `on_item()` for each element; it must read the element.
  template <typename OnItem>
  void array(OnItem on_item) {
    expect('[');
    if (consume(']')) return;
    do {
      on_item();
    } while (consume(','));
    expect(']');
  }
  /// Unescaped.
  std::string string();
  /// The same, in place where nothing is escaped, else in `buffer`; good until either changes.
  std::string_view string_view(std::string& buffer);
  double number();
  /// A number of seconds as milliseconds, rounded; nullopt beyond ±1e11 s.
  std::optional<std::int64_t> milliseconds();
  /// Any value; nesting costs one byte a level.
  void skip();
  /// True when nothing but space is left.
  bool at_end();

 private:
  [[noreturn]] void fail(const char* what) const { throw JsonError(what, at_); }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  char peek() {
    skip_space();
    if (at_ == text_.size()) fail("it ends too early");
    return text_[at_];
  }
  void expect(char c) {
    if (peek() != c) fail("a sign is missing or wrong");
    ++at_;
  }
  bool consume(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void skip_literal();
  void skip_scalar();
  void read_escape(std::string& out);
  std::uint32_t read_hex4();
  std::string_view number_text();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace gate::sources::prometheus
