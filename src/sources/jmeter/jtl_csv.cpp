#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"
#include "sources/jmeter/decode.h"
#include "sources/report_rows.h"

namespace gate::sources::jmeter {
namespace {

constexpr const char* kProperties =
    "set jmeter.save.saveservice.print_field_names=true, and keep timeStamp, elapsed, label and success";
/// In milliseconds: what is beyond is no load test.
constexpr std::int64_t kLongest = std::int64_t{1000} * 60 * 60 * 24 * 366;

/// What JMeter writes when its properties say nothing, by the number of its columns (2.13, and from 3.0 on).
std::vector<std::string> usual_columns(std::size_t count) {
  if (count == 12) {
    return {"timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName",
            "dataType",  "success", "bytes", "grpThreads",   "allThreads",      "Latency"};
  }
  if (count == 17) {
    return {"timeStamp",  "elapsed", "label",          "responseCode", "responseMessage", "threadName",
            "dataType",   "success", "failureMessage", "bytes",        "sentBytes",       "grpThreads",
            "allThreads", "URL",     "Latency",        "IdleTime",     "Connect"};
  }
  return {};
}

bool is_whole_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The delimiter is a property of JMeter's; it stands behind the first name or number.
char delimiter_of(std::string_view line) {
  const std::size_t end = line.find_first_of(",;\t|");
  return end == std::string_view::npos ? ',' : line[end];
}

std::int64_t milliseconds_of(std::string_view text, std::string_view what, std::int64_t most,
                             const std::function<std::string()>& place) {
  std::int64_t out = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (problem == std::errc() && end == text.data() + text.size() && !text.empty() && out >= 0 && out <= most) return out;
  const bool is_header = text == what;
  throw_wrong_content(
      place(),
      is_header
          ? std::string("a second header: two runs were written to one file")
          : fmt::format("`{}` is \"{}\", which is no time in milliseconds", what, core::shorten(core::printable(text), 60)),
      is_header ? "remove the file before each run, or let -f do it" : "set jmeter.save.saveservice.timestamp_format=ms");
}

}  // namespace

std::uint32_t JmeterReport::label_of(std::string_view name) {
  const auto found = known_.find(name);
  if (found != known_.end()) return found->second;
  const auto place = static_cast<std::uint32_t>(labels.size());
  labels.emplace_back(name);
  known_.emplace(name, place);
  return place;
}

bool is_transaction(std::string_view message) {
  return message.starts_with("Number of samples in transaction");
}

void add_sample(JmeterReport& report, std::string_view start, std::string_view elapsed, std::string_view ok,
                std::string_view label, const std::function<std::string()>& place) {
  constexpr std::int64_t kLastMoment = std::int64_t{253402300800} * 1000;
  Sample sample;
  sample.start_ms = milliseconds_of(start, "timeStamp", kLastMoment, place);
  sample.elapsed_ms = milliseconds_of(elapsed, "elapsed", kLongest, place);
  if (ok != "true" && ok != "false") {
    throw_wrong_content(place(),
                        fmt::format("`success` is \"{}\", neither true nor false", core::shorten(core::printable(ok), 60)),
                        "is this a result file of JMeter's?");
  }
  sample.ok = ok == "true";
  sample.label = report.label_of(label);
  report.samples.push_back(sample);
}

void read_csv(WorkspaceFile& file, JmeterReport& report) {
  const std::string line = first_line(file);
  TableReading reading;
  reading.options.delimiter = delimiter_of(line);
  const std::string_view first = std::string_view(line).substr(0, line.find(reading.options.delimiter));
  if (is_whole_number(first)) {
    const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), reading.options.delimiter)) + 1;
    reading.options.header = usual_columns(count);
    if (reading.options.header.empty()) {
      throw_wrong_form(core::printable(file.path),
                       fmt::format("it has no header, and {} columns, which are not JMeter's usual ones", count), kProperties);
    }
  }
  reading.columns = {"timeStamp", "elapsed", "label", "success", "responseMessage"};
  reading.required = 4;
  reading.hint = kProperties;
  reading.take = [&report](std::span<const file::Cell> cells, const std::function<std::string()>& place) {
    if (is_transaction(cells[4].text)) {
      ++report.transactions;
      return;
    }
    add_sample(report, cells[0].text, cells[1].text, cells[3].text, cells[2].text, place);
  };
  read_table(file, reading);
}

}  // namespace gate::sources::jmeter
