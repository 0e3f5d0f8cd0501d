#include "sources/json_reading.h"

#include <fmt/format.h>

#include "core/text.h"
#include "sources/api_source.h"
#include "sources/json_pointer.h"
#include "sources/present.h"

namespace gate::sources {
namespace {

using core::KeyType;
using core::Settings;

std::vector<std::string> steps_of(const Settings& query, std::string_view key) {
  auto steps = parse_pointer(query.text(key).value_or(""));
  return steps ? std::move(steps).value() : std::vector<std::string>();
}

file::TimeSpec times_of(const Settings& query) {
  file::TimeSpec times;
  const std::string format = query.text("time_format").value_or("rfc3339");
  if (format == "unix") {
    times.format = file::TimeFormat::unix_seconds;
  } else if (format == "unix_ms") {
    times.format = file::TimeFormat::unix_milliseconds;
  } else if (format != "rfc3339") {
    times.format = file::TimeFormat::pattern;
    times.pattern = format;
  }
  if (query.has("zone")) times.zone = zone_of(query);
  return times;
}

/// A time as text: Unix times are numbers, mostly.
std::string time_text(const JsonAt& at) {
  return at.is_number() ? fmt::format("{:.3f}", at.number()) : at.text();
}

}  // namespace

std::vector<core::KeySpec> json_reading_keys() {
  return {
      {"value", KeyType::text,
       "JSON Pointer to the number, or to that of each item (/data/count); without it items are counted"},
      {"items", KeyType::text, "JSON Pointer to a list of things that happened, each with a time"},
      {"time", KeyType::text, "JSON Pointer to the time, within each item"},
      {"time_format", KeyType::text, "how these times are written: rfc3339, unix, unix_ms, or a strptime pattern (rfc3339)"},
      {"zone", KeyType::text, "of dates, and of times without an offset: Europe/Berlin, +02:00 (UTC)"},
      {"on_missing", KeyType::text, "what a value that is not there means: error or no-data (error); null is no data"},
  };
}

void check_json_reading(core::Diagnostics& diagnostics, const Settings& query, ItemsAre items) {
  const bool has_items = items == ItemsAre::lines || reads_items(query);
  for (const std::string_view key : {"value", "items", "time"}) {
    const auto pointer = query.text(key);
    if (!pointer) continue;
    const auto steps = parse_pointer(*pointer);
    if (!steps) add_key_error(diagnostics, query, key, fmt::format("`{}`: {}", key, steps.error().message), steps.error().hint);
  }
  if (has_items && !query.has("time")) {
    add_key_error(diagnostics, query, "items", "items without `time`: nothing says when each of them happened",
                  R"(name it: time = "/created_at")");
  }
  if (items == ItemsAre::lines && reads_items(query))
    add_key_error(diagnostics, query, "items", "`items` has no meaning here: each line is an item", "remove it");
  if (query.has("time") && !has_items)
    add_key_error(diagnostics, query, "time", "`time` belongs to `items`", R"(name the list: items = "/data")");
  if (!has_items && !query.has("value")) {
    add_key_error(diagnostics, query, "value", "neither `value` nor `items` says what to read from the answer",
                  R"(value = "/data/count" for one number, items = "/data" and time = "/created_at" for a list)");
  }
  if (query.has("time_format") && !query.has("time"))
    add_key_error(diagnostics, query, "time_format", "`time_format` has no meaning without `time`", "remove it");
  const std::string format = query.text("time_format").value_or("rfc3339");
  const bool known = format == "rfc3339" || format == "unix" || format == "unix_ms";
  if (!known && format.find('%') == std::string::npos) {
    add_key_error(diagnostics, query, "time_format", fmt::format("there is no form of times `{}`", core::printable(format)),
                  R"(it is rfc3339, unix, unix_ms, or a pattern such as "%Y-%m-%d %H:%M:%S")");
  }
  if (!known && format.find("%z") == std::string::npos && !query.has("zone")) {
    add_key_error(diagnostics, query, "time_format", "the pattern names no offset, and `zone` says nothing",
                  R"(say where the times were written down: zone = "UTC")");
  }
  check_zone(diagnostics, query, "zone");
  const std::string missing = query.text("on_missing").value_or("error");
  if (missing != "error" && missing != "no-data")
    add_key_error(diagnostics, query, "on_missing", "`on_missing` is \"error\" or \"no-data\"", "leave it out for \"error\"");
}

bool reads_items(const Settings& query) {
  return query.has("items");
}

core::QueryFacts json_reading_facts(const Settings& query, ItemsAre items) {
  core::QueryFacts facts;
  const bool has_items = items == ItemsAre::lines || reads_items(query);
  facts.natural_kind = !has_items ? "value" : query.has("value") ? "samples" : "count";
  facts.uses_window = !has_items;
  return facts;
}

core::Zone zone_of(const Settings& query) {
  const auto name = query.text("zone");
  if (!name) return {};
  auto zone = core::Zone::find(*name);
  return zone ? std::move(zone).value() : core::Zone();
}

JsonReading::JsonReading(const Settings& query, ItemsAre items)
    : value_(steps_of(query, "value")),
      items_(steps_of(query, "items")),
      time_(steps_of(query, "time")),
      has_value_(query.has("value")),
      reads_items_(items == ItemsAre::lines || reads_items(query)),
      missing_is_no_data_(query.text("on_missing").value_or("error") == "no-data"),
      times_(times_of(query)) {}

std::optional<JsonAt> JsonReading::wanted(const JsonAt& from, const std::vector<std::string>& pointer,
                                          std::string_view key) const {
  auto found = find_at(from, pointer);
  if (found && !found->is_null()) return found;
  if (found || missing_is_no_data_) return std::nullopt;
  std::string path;
  for (const std::string& step : pointer) path += "/" + core::replace_all(core::replace_all(step, "~", "~0"), "/", "~1");
  throw core::SourceError(
      {"RG1963",
       fmt::format("{}: there is no `{}`, where `{}` should be", from.place(), core::printable(path), key),
       "mend the pointer; where the system leaves out what it has no data for, write on_missing = \"no-data\"",
       {},
       {}});
}

void JsonReading::read(const JsonAt& root) {
  if (!reads_items_) {
    const auto at = wanted(root, value_, "value");
    if (at) {
      number_ = at->numeric();
    } else {
      absence_ = "the answer has no value there, which is not 0";
    }
    return;
  }
  const auto list = wanted(root, items_, "items");
  if (!list) {
    absence_ = "the answer has no list of items";
    return;
  }
  for (const JsonAt& item : list->items()) read_item(item);
}

void JsonReading::read_item(const JsonAt& item) {
  const auto at = find_at(item, time_);
  if (!at || at->is_null()) item.refuse("an item with a time: `time` leads nowhere in it");
  const auto time = file::parse_row_time(time_text(*at), times_);
  if (!time) at->refuse(fmt::format("a time as `time_format` says: {}", time.error().message));
  const auto value = has_value_ ? wanted(item, value_, "value") : std::nullopt;
  if (has_value_ && !value) {
    ++dropped_;
    return;
  }
  rows_.push_back({*time, value ? value->numeric() : 1.0});
}

void JsonReading::put(core::Answer& answer, const Question& question) && {
  if (reads_items_) {
    answer.dropped_rows += dropped_;
    if (question.window) std::erase_if(rows_, [&](const Row& row) { return !question.window->contains(row.time); });
    if (!absence_.empty() && rows_.empty()) {
      answer.absence = absence_;
      return;
    }
    put_rows(answer, question, std::move(rows_));
    return;
  }
  if (!number_) {
    answer.absence = absence_;
    return;
  }
  put_present(answer, question, *number_);
}

}  // namespace gate::sources
