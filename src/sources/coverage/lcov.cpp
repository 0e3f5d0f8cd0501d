#include <fmt/format.h>

#include <charconv>

#include "core/text.h"
#include "sources/coverage/decode.h"

namespace gate::sources::coverage {
namespace {

constexpr const char* kHint = "LCOV's trace files have lines such as SF:src/a.c, DA:12,3 and end_of_record";

class LcovReader {
 public:
  LcovReader(const std::string& path, CoverageReport& report) : path_(path), report_(report) {}

  void read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++number_;
      take(line);
    }
    if (!records_) throw_wrong_form(core::printable(path_), "it is neither Cobertura's XML nor an LCOV trace file", kHint);
    if (source_ != nullptr) throw_wrong_form(place(), "its last record has no end_of_record: it was cut off", kHint);
  }

 private:
  [[nodiscard]] std::string place() const { return fmt::format("{}:{}", core::printable(path_), number_); }

  void take(std::string_view line) {
    if (line.starts_with("SF:")) {
      if (source_ != nullptr) throw_wrong_form(place(), "a record begins before the one above has ended", kHint);
      source_ = &report_.files[std::string(line.substr(3))];
      records_ = true;
    } else if (line == "end_of_record") {
      source_ = nullptr;
    } else if (line.starts_with("DA:")) {
      take_line(line.substr(3));
    } else if (line.starts_with("BRDA:")) {
      take_branch(line.substr(5));
    } else if (!line.empty() && !line.starts_with('#') && line.find(':') == std::string_view::npos) {
      throw_wrong_form(place(),
                       fmt::format("\"{}\" is no line of an LCOV trace file", core::shorten(core::printable(line), 60)), kHint);
    }
  }

  SourceFile& source() const {
    if (source_ == nullptr) throw_wrong_form(place(), "a line stands outside of any record", kHint);
    return *source_;
  }

  /// The text up to the next comma, which is taken from `rest`.
  static std::string_view field(std::string_view& rest) {
    const std::size_t end = rest.find(',');
    const std::string_view out = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return out;
  }

  std::uint64_t line_number(std::string_view text) const {
    std::uint64_t out = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem == std::errc() && end == text.data() + text.size() && !text.empty()) return out;
    throw_wrong_content(place(), fmt::format("\"{}\" is no line number", core::shorten(core::printable(text), 60)), kHint);
  }

  void take_line(std::string_view rest) {
    SourceFile& file = source();
    const std::uint64_t number = line_number(field(rest));
    const bool hit = amount_of(field(rest), "the count of a DA line", place()) > 0.0;
    file.lines[number] = file.lines[number] || hit;
  }

  /// BRDA:line,block,branch,taken; "-" when the line was not reached. A block may have an "e" before it.
  void take_branch(std::string_view rest) {
    SourceFile& file = source();
    const std::size_t last = rest.rfind(',');
    if (last == std::string_view::npos) throw_wrong_content(place(), "a BRDA line has fewer than four fields", kHint);
    const std::string_view taken = rest.substr(last + 1);
    const std::string name(rest.substr(0, last));
    std::string_view start = rest;
    (void)line_number(field(start));
    const bool is_taken = taken != "-" && amount_of(taken, "the count of a BRDA line", place()) > 0.0;
    bool& known = file.named_branches[name];
    known = known || is_taken;
  }

  const std::string& path_;
  CoverageReport& report_;
  SourceFile* source_ = nullptr;
  std::uint64_t number_ = 0;
  bool records_ = false;
};

}  // namespace

void read_lcov(WorkspaceFile& file, std::uint64_t max_bytes, CoverageReport& report) {
  const std::string text = read_text(file, max_bytes);
  LcovReader(file.path, report).read(text);
}

}  // namespace gate::sources::coverage
