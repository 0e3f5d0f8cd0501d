#include "sources/file/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/text.h"

namespace gate::sources::file {
namespace {

using core::KeySpec;
using core::KeyType;

struct NamedFormat {
  std::string_view name;
  Format format;
};

constexpr std::array<NamedFormat, 6> kFormats = {{{"csv", Format::csv},
                                                  {"jsonl", Format::jsonl},
                                                  {"json", Format::json},
                                                  {"openmetrics", Format::openmetrics},
                                                  {"prometheus-text", Format::prometheus_text},
                                                  {"prometheus-api", Format::prometheus_api}}};

struct Extension {
  std::string_view extension;
  Format format;
  char delimiter;
};

constexpr std::array<Extension, 9> kExtensions = {{{".csv", Format::csv, ','},
                                                   {".tsv", Format::csv, '\t'},
                                                   {".jtl", Format::csv, ','},
                                                   {".jsonl", Format::jsonl, ','},
                                                   {".ndjson", Format::jsonl, ','},
                                                   {".json", Format::json, ','},
                                                   {".om", Format::openmetrics, ','},
                                                   {".openmetrics", Format::openmetrics, ','},
                                                   {".prom", Format::prometheus_text, ','}}};

const Extension* extension_of(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  const auto found =
      std::find_if(kExtensions.begin(), kExtensions.end(), [&](const Extension& one) { return one.extension == extension; });
  return found == kExtensions.end() ? nullptr : &*found;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  names.reserve(kFormats.size());
  for (const NamedFormat& one : kFormats) names.emplace_back(one.name);
  return names;
}

class OptionsReader {
 public:
  OptionsReader(const core::Settings& settings, core::Diagnostics& diagnostics)
      : settings_(settings), diagnostics_(diagnostics) {}

  FileOptions read() {
    options_.path = settings_.text("path").value_or("");
    read_format();
    read_delimiter();
    options_.items = settings_.text("items").value_or("");
    if (const core::Node* time = settings_.node("time")) read_times(*time);
    read_on_bad_row();
    return options_;
  }

 private:
  void report(std::string code, std::string message, std::string hint, const core::Location& place) {
    diagnostics_.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, place}});
  }

  void read_format() {
    const auto name = settings_.text("format");
    if (!name) return;
    const auto found =
        std::find_if(kFormats.begin(), kFormats.end(), [&](const NamedFormat& one) { return one.name == *name; });
    if (found != kFormats.end()) {
      options_.format = found->format;
      return;
    }
    const std::string near = core::nearest(*name, format_names());
    report("RG1402",
           fmt::format("there is no format \"{}\": it is {}", core::printable(*name), core::list_names(format_names())),
           near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), settings_.node("format")->location);
  }

  void read_delimiter() {
    const auto text = settings_.text("delimiter");
    if (!text) return;
    const std::string one = *text == "tab" ? "\t" : *text;
    if (one.size() == 1 && one != "\"" && one != "\n" && one != "\r") {
      options_.delimiter = one.front();
    } else {
      report("RG1415", "`delimiter` must be one character", R"(";", "|" or "tab")", settings_.node("delimiter")->location);
    }
  }

  void read_on_bad_row() {
    const auto word = settings_.text("on_bad_row");
    if (!word || *word == "error") return;
    if (*word == "drop") {
      options_.on_bad_row = OnBadRow::drop;
      return;
    }
    const std::string near = core::nearest(*word, {"error", "drop"});
    report("RG1415", fmt::format("`on_bad_row` is \"error\" or \"drop\", not \"{}\"", core::printable(*word)),
           near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), settings_.node("on_bad_row")->location);
  }

  void read_times(const core::Node& node) {
    const auto* flag = std::get_if<bool>(&node.value);
    if (flag != nullptr && !*flag) {
      options_.times = Times::none;
    } else {
      options_.time = read_time(node);
    }
  }

  /// "ts", or { column = "ts", format = "rfc3339", zone = "UTC" }.
  TimeSpec read_time(const core::Node& node) {
    TimeSpec time;
    if (node.string() != nullptr) {
      time.column = *node.string();
      return time;
    }
    if (node.table() == nullptr) {
      report("RG1411", fmt::format("`time` must be a table, not {}", node.kind_name()), kTimeHint, node.location);
      return time;
    }
    for (const core::Member& member : *node.table()) {
      if (member.node.string() == nullptr) {
        report("RG1411",
               fmt::format("`time.{}` must be a string, not {}", core::printable(member.key), member.node.kind_name()),
               kTimeHint, member.node.location);
      } else if (member.key == "column") {
        time.column = *member.node.string();
      } else if (member.key == "format") {
        read_time_format(*member.node.string(), member.node.location, time);
      } else if (member.key == "zone") {
        read_zone(*member.node.string(), member.node.location, time);
      } else {
        const std::string near = core::nearest(member.key, {"column", "format", "zone"});
        report("RG0104", fmt::format("unknown key `{}` in `time`", core::printable(member.key)),
               near.empty() ? kTimeHint : fmt::format("did you mean `{}`?", near), member.key_location);
      }
    }
    check_zone(node, time);
    return time;
  }

  void read_time_format(const std::string& format, const core::Location& place, TimeSpec& time) {
    static const std::vector<std::string> kNames = {"rfc3339", "unix", "unix_ms"};
    if (format.find('%') != std::string::npos) {
      time.format = TimeFormat::pattern;
      time.pattern = format;
      check_pattern(format, place);
    } else if (format == "rfc3339") {
      time.format = TimeFormat::rfc3339;
    } else if (format == "unix") {
      time.format = TimeFormat::unix_seconds;
    } else if (format == "unix_ms") {
      time.format = TimeFormat::unix_milliseconds;
    } else {
      const std::string near = core::nearest(format, kNames);
      report("RG1411",
             fmt::format("\"{}\" is no format of times: it is rfc3339, unix, unix_ms or a strptime pattern",
                         core::printable(format)),
             near.empty() ? "a pattern is, for instance, \"%d/%b/%Y:%H:%M:%S %z\"" : fmt::format("did you mean \"{}\"?", near),
             place);
    }
  }

  void check_pattern(const std::string& pattern, const core::Location& place) {
    const auto has_any = [&](const std::vector<std::string_view>& all) {
      return std::any_of(all.begin(), all.end(), [&](std::string_view one) { return pattern.find(one) != std::string::npos; });
    };
    if (has_any({"%s"})) {
      report("RG1411", "%s in a pattern depends on the clock of this machine", "say format = \"unix\"", place);
    } else if (!has_any({"%Y", "%y", "%F", "%D", "%c", "%x"})) {
      report("RG1411", fmt::format("the pattern \"{}\" names no year", core::printable(pattern)),
             "a time that could be of any year is in no window: log times with their date", place);
    }
  }

  void read_zone(const std::string& name, const core::Location& place, TimeSpec& time) {
    auto zone = core::Zone::find(name);
    if (zone) {
      time.zone = *zone;
      return;
    }
    core::Error error = zone.error();
    error.location = place;
    diagnostics_.push_back({core::Severity::error, std::move(error)});
  }

  void check_zone(const core::Node& node, const TimeSpec& time) {
    const bool has_zone = node.find("zone") != nullptr;
    const bool naive = time.format == TimeFormat::pattern && time.pattern.find("%z") == std::string::npos;
    if (naive && !has_zone) {
      report("RG1411", fmt::format("the pattern \"{}\" names no offset, and `time` no zone", core::printable(time.pattern)),
             "say where the times were written down: zone = \"UTC\"", node.location);
    } else if (has_zone && (time.format == TimeFormat::unix_seconds || time.format == TimeFormat::unix_milliseconds)) {
      report("RG1411", "Unix times have no zone", "leave `zone` out", node.find("zone")->location);
    }
  }

  static constexpr const char* kTimeHint = R"(time = { column = "ts", format = "rfc3339", zone = "UTC" })";

  const core::Settings& settings_;
  core::Diagnostics& diagnostics_;
  FileOptions options_;
};

}  // namespace

std::vector<core::KeySpec> source_keys() {
  return {
      {"path", KeyType::text, "the files, relative to the gate file; * ? and [] match, {{track}} differs by side"},
      {"format", KeyType::text, "csv, jsonl, json, openmetrics, prometheus-text or prometheus-api (by extension)"},
      {"delimiter", KeyType::text, "of CSV: one character, or \"tab\" (,)"},
      {"time", KeyType::any,
       "{ column, format, zone }: rfc3339, unix, unix_ms or a strptime pattern (column time, rfc3339); false: rows have none"},
      {"items", KeyType::text, "where the array of rows is in a JSON document: /data/rows or data.rows"},
      {"on_bad_row", KeyType::text, "error, or drop: bad rows are left out and counted (error)"},
  };
}

FileOptions read_options(const core::Settings& settings, core::Diagnostics& diagnostics) {
  return OptionsReader(settings, diagnostics).read();
}

core::Result<ReadOptions> reading_of(const std::string& path, const FileOptions& options) {
  const Extension* extension = extension_of(path);
  if (!options.format && extension == nullptr) {
    return core::Error{"RG1402",
                       fmt::format("{}: its extension does not say what it is", core::printable(path)),
                       fmt::format("say `format`: {}", core::list_names(format_names())),
                       {},
                       {}};
  }
  ReadOptions reading;
  reading.format = options.format ? *options.format : extension->format;
  reading.items = options.items;
  if (extension != nullptr) reading.delimiter = extension->delimiter;
  if (options.delimiter) reading.delimiter = *options.delimiter;
  return reading;
}

const TimeSpec& time_of(Format format, const FileOptions& options) {
  static const TimeSpec kUsual;
  static const TimeSpec kLabelled{"time", TimeFormat::unix_seconds, "", std::nullopt};
  if (options.time) return *options.time;
  const bool labelled = format == Format::openmetrics || format == Format::prometheus_text || format == Format::prometheus_api;
  return labelled ? kLabelled : kUsual;
}

}  // namespace gate::sources::file
