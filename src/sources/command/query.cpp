#include "sources/command/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "sources/api_source.h"
#include "sources/file/number.h"
#include "sources/json_reading.h"
#include "sources/window_text.h"

namespace gate::sources::command {
namespace {

using core::KeyType;
using core::Settings;

const JsonFaults kOutputFaults{"RG1970", "the program must write nothing but JSON to its standard output", "RG1971",
                               "mend the pointer, or what the program writes"};

ItemsAre items_are(const Settings& query) {
  return format_of(query) == Format::json_lines ? ItemsAre::lines : ItemsAre::listed;
}

bool is_quiet_in_shells(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

double number_in(const std::string& id, const std::string& output) {
  const auto number = file::parse_number(trimmed(output));
  if (number && std::isfinite(*number)) return *number;
  throw core::SourceError(
      {"RG1970",
       fmt::format("{}: the output is no number: \"{}\"", id, core::shorten(core::printable(trimmed(output)), 60)),
       "the program must write one number, and nothing else, to its standard output; `value` reads it out of JSON",
       {},
       {}});
}

void read_lines(JsonReading& reading, const std::string& id, const std::string& output) {
  simdjson::dom::parser parser;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < output.size();) {
    const std::size_t end = std::min(output.find('\n', begin), output.size());
    const std::string line(trimmed(std::string_view(output).substr(begin, end - begin)));
    begin = end + 1;
    ++number;
    if (!line.empty()) reading.read_item(parse_json(parser, line, fmt::format("{}: line {}", id, number), kOutputFaults));
  }
}

void check_format(core::Diagnostics& out, const Settings& query) {
  const std::string name = query.text("format").value_or("number");
  if (name != "number" && name != "json" && name != "json-lines")
    add_key_error(out, query, "format", "`format` is number, json or json-lines", "leave it out for one number");
  if (query.has("format") && name == "number") {
    for (const std::string_view key : {"value", "items", "time", "time_format", "on_missing"}) {
      if (query.has(key))
        add_key_error(out, query, key, fmt::format("`{}` has no meaning for format = \"number\"", key),
                      "remove it, or write format = \"json\"");
    }
  }
}

}  // namespace

Format format_of(const Settings& query) {
  const std::string name = query.text("format").value_or("");
  if (name == "json-lines") return Format::json_lines;
  return name == "json" || (name.empty() && (query.has("value") || query.has("items"))) ? Format::json : Format::number;
}

std::vector<core::KeySpec> query_keys() {
  std::vector<core::KeySpec> keys = {
      {"command", KeyType::text_list, "the program and its arguments, without a shell: [\"./count.sh\", \"{{start}}\"]"},
      {"format", KeyType::text, "of the output: number, json, json-lines (number; json with `value` or `items`)"},
  };
  const std::vector<core::KeySpec> reading = json_reading_keys();
  keys.insert(keys.end(), reading.begin(), reading.end());
  return keys;
}

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out;
  if (format_of(query) == Format::number) {
    out.natural_kind = "value";
    out.uses_window = true;
  } else {
    out = json_reading_facts(query, items_are(query));
  }
  out.latest = out.uses_window && !asks_for_window(query);
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics out;
  const std::vector<std::string> arguments = query.text_list("command");
  if (arguments.empty() || arguments.front().empty()) {
    add_key_error(out, query, "command", "no `command` says what is started",
                  R"(write the program and its arguments: command = ["./count.sh", "{{start}}", "{{end}}"])");
  }
  for (const std::string& argument : arguments) {
    const std::string mistake = window_mistake(argument);
    if (!mistake.empty()) add_key_error(out, query, "command", mistake, "write {{start}}, {{start|unix}}, {{start|date}}, …");
  }
  check_format(out, query);
  if (format_of(query) != Format::number) check_json_reading(out, query, items_are(query));
  return out;
}

bool asks_for_window(const Settings& query) {
  const std::vector<std::string> arguments = query.text_list("command");
  return std::any_of(arguments.begin(), arguments.end(), [](const std::string& one) { return names_window(one); });
}

std::vector<std::string> arguments_of(const Question& question) {
  std::vector<std::string> arguments = question.query.text_list("command");
  if (!question.window) return arguments;
  for (std::string& one : arguments) one = put_window_in(one, *question.window, zone_of(question.query), PutIn::as_is);
  return arguments;
}

std::string shown_command(const std::vector<std::string>& arguments) {
  std::string out;
  for (const std::string& one : arguments) {
    const bool is_plain = !one.empty() && std::all_of(one.begin(), one.end(), is_quiet_in_shells);
    out += fmt::format("{}{}", out.empty() ? "" : " ", is_plain ? one : "'" + core::replace_all(one, "'", R"('\'')") + "'");
  }
  return core::printable(out);
}

void read_output(core::Answer& answer, const Question& question, const std::string& id, const std::string& output) {
  JsonReading reading(question.query, items_are(question.query));
  switch (format_of(question.query)) {
    case Format::number:
      reading.take_number(number_in(id, output));
      break;
    case Format::json: {
      simdjson::dom::parser parser;
      reading.read(parse_json(parser, output, id + ": output", kOutputFaults));
      break;
    }
    case Format::json_lines:
      read_lines(reading, id, output);
      break;
  }
  std::move(reading).put(answer, question);
}

}  // namespace gate::sources::command
