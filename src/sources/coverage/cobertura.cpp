#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "core/text.h"
#include "sources/coverage/decode.h"
#include "sources/file/number.h"
#include "sources/xml.h"

namespace gate::sources::coverage {
namespace {

std::uint64_t whole_number(std::string_view text, std::string_view what, const std::string& place) {
  std::uint64_t out = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (problem == std::errc() && end == text.data() + text.size() && !text.empty()) return out;
  throw_wrong_content(place,
                      fmt::format("`{}` is \"{}\", which is no whole number", what, core::shorten(core::printable(text), 60)),
                      "the report was changed, or written by a tool that breaks its format");
}

class Handler final : public XmlHandler {
 public:
  explicit Handler(CoverageReport& report) : report_(report) {}

  void open(std::string_view name, const XmlAttributes& attributes) override {
    if (++depth_ == 1) check_root(name, attributes);
    if (name == "class") {
      file_ = attributes.text("filename");
      if (file_.empty()) throw_wrong_content(place(), "a class has no `filename`", "only Cobertura's XML is read");
    } else if (name == "methods") {
      // The lines of methods stand once more among those of their class.
      in_methods_ = true;
    } else if (name == "line" && !in_methods_) {
      take_line(attributes);
    }
  }

  void close(std::string_view name) override {
    --depth_;
    if (name == "methods") in_methods_ = false;
  }

 private:
  /// Unix seconds of most tools, milliseconds of coverage.py; what is neither says nothing.
  void read_time(const std::string& text) {
    constexpr double kLastSecond = 1e11;
    const auto number = file::parse_number(text);
    if (!number || !(*number > 0.0) || *number > 1e3 * kLastSecond) return;
    const double seconds = *number > kLastSecond ? *number / 1e3 : *number;
    report_.made_at(core::Time{std::chrono::seconds(static_cast<std::int64_t>(seconds))});
  }

  void check_root(std::string_view name, const XmlAttributes& attributes) {
    if (name != "coverage") {
      throw_wrong_form(place(), fmt::format("it is no coverage report: its root is `{}`", core::printable(name)),
                       name == "report" ? "it looks like JaCoCo's: let its tool write Cobertura's XML, or LCOV"
                                        : "Cobertura's XML begins with <coverage>");
    }
    read_time(attributes.text("timestamp"));
    if (attributes.find("clover")) throw_wrong_form(place(), "it is Clover's report", "let the tool write Cobertura's XML");
  }

  void take_line(const XmlAttributes& attributes) {
    if (file_.empty()) throw_wrong_content(place(), "a line stands outside of any class", "only Cobertura's XML is read");
    const std::uint64_t number = whole_number(attributes.text("number"), "number", place());
    const double hits = amount_of(attributes.text("hits"), "`hits`", place());
    SourceFile& source = report_.files[file_];
    source.lines[number] = source.lines[number] || hits > 0.0;
    if (const auto condition = attributes.find("condition-coverage")) take_branches(*condition, source.branches[number]);
  }

  /// "50% (1/2)"
  void take_branches(std::string_view text, Branches& branches) const {
    const std::size_t open = text.find('(');
    const std::size_t slash = text.find('/', open == std::string_view::npos ? 0 : open);
    const std::size_t shut = text.find(')', slash == std::string_view::npos ? 0 : slash);
    if (open == std::string_view::npos || slash == std::string_view::npos || shut == std::string_view::npos) {
      throw_wrong_content(place(), "`condition-coverage` does not say \"50% (1/2)\"", "only Cobertura's XML is read");
    }
    const std::uint64_t taken = whole_number(text.substr(open + 1, slash - open - 1), "condition-coverage", place());
    const std::uint64_t total = whole_number(text.substr(slash + 1, shut - slash - 1), "condition-coverage", place());
    if (taken > total) throw_wrong_content(place(), "more branches were taken than there are", "look at the report");
    branches.total = std::max(branches.total, total);
    branches.taken = std::max(branches.taken, taken);
  }

  CoverageReport& report_;
  std::string file_;
  bool in_methods_ = false;
  int depth_ = 0;
};

}  // namespace

void read_cobertura(WorkspaceFile& file, std::uint64_t max_bytes, CoverageReport& report) {
  Handler handler(report);
  read_xml(file, max_bytes, handler);
}

}  // namespace gate::sources::coverage
