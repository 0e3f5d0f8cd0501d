// Text that Prometheus scrapes (OpenMetrics 1.0, text format 0.0.4), as rows.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "sources/file/formats.h"

namespace gate::sources::file {
namespace {

std::string_view next_word(std::string_view& text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = std::min(text.find_first_of(" \t", start), text.size());
  const std::string_view word = text.substr(start, end - start);
  text.remove_prefix(end);
  return word;
}

/// name="value",… up to the closing brace; false when it is none of that.
bool read_labels(std::string_view& text, std::map<std::string, std::string>& fields) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
    if (text.starts_with('}')) {
      text.remove_prefix(1);
      return true;
    }
    const std::size_t equals = text.find("=\"");
    if (equals == std::string_view::npos || equals == 0) return false;
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 2);
    std::string value;
    while (!text.empty() && text.front() != '"') {
      if (text.front() == '\\' && text.size() > 1) {
        text.remove_prefix(1);
        value += text.front() == 'n' ? '\n' : text.front();
      } else {
        value += text.front();
      }
      text.remove_prefix(1);
    }
    if (text.empty()) return false;
    text.remove_prefix(1);
    fields[name] = std::move(value);
  }
}

std::string seconds_of(std::string_view timestamp, TimestampUnit unit) {
  if (unit == TimestampUnit::seconds) return std::string(timestamp);
  double milliseconds = 0.0;
  const auto [end, problem] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), milliseconds);
  if (problem != std::errc() || end != timestamp.data() + timestamp.size()) return std::string(timestamp);
  return fmt::format("{:.3f}", milliseconds / 1000.0);
}

/// "" or why the line is no sample.
std::string read_sample(std::string_view line, TimestampUnit unit, std::map<std::string, std::string>& fields) {
  fields.clear();
  const std::size_t name_end = line.find_first_of("{ \t");
  if (name_end == std::string_view::npos || name_end == 0) return "it is no sample: name{labels} value [time]";
  fields["__name__"] = std::string(line.substr(0, name_end));
  line.remove_prefix(name_end);
  if (line.starts_with('{')) {
    line.remove_prefix(1);
    if (!read_labels(line, fields)) return "its labels are not closed";
  }
  const std::string_view value = next_word(line);
  if (value.empty()) return "it has no value";
  fields["value"] = std::string(value);
  const std::string_view timestamp = next_word(line);
  if (!timestamp.empty() && timestamp != "#") fields["time"] = seconds_of(timestamp, unit);
  return "";
}

class ExpositionReader final : public LineReader {
 public:
  ExpositionReader(const ReadRequest& request, TimestampUnit unit)
      : LineReader(request), unit_(unit), row_(request.columns), sink_(request.sink) {}

 protected:
  void take(std::string_view line, std::size_t /*readable*/, std::uint64_t number) override {
    ended_ = ended_ || line == "# EOF";
    if (line.empty() || line.front() == '#') return;
    const std::string problem = read_sample(line, unit_, fields_);
    problem.empty() ? sink_.row(row_.cells(fields_), number) : sink_.bad(number, problem);
  }

  core::Result<bool> finish() override {
    if (unit_ == TimestampUnit::milliseconds || ended_) return false;
    return wrong_form(path(), "OpenMetrics ends with `# EOF`, this file does not",
                      "was it written to its end? For the older text format: format = \"prometheus-text\"");
  }

 private:
  TimestampUnit unit_;
  RowBuilder row_;
  Sink& sink_;
  std::map<std::string, std::string> fields_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RecordReader> open_exposition(const ReadRequest& request, TimestampUnit unit) {
  return std::make_unique<ExpositionReader>(request, unit);
}

}  // namespace gate::sources::file
