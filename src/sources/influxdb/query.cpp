#include "sources/influxdb/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "core/text.h"
#include "sources/api_source.h"
#include "sources/window_text.h"

namespace gate::sources::influxdb {
namespace {

constexpr std::string_view kOffset = "{{offset}}";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void skip_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

/// What stands in the first place of time(…) behind GROUP BY; nullopt when the query has none.
std::optional<std::string> bucket_of(const std::string& query) {
  const std::string text = lower(query);
  const std::size_t group = text.find("group");
  if (group == std::string::npos) return std::nullopt;
  for (std::size_t at = text.find("time", group); at != std::string::npos; at = text.find("time", at + 1)) {
    std::string_view rest = std::string_view(text).substr(at + 4);
    skip_space(rest);
    if (!rest.starts_with('(')) continue;
    rest.remove_prefix(1);
    skip_space(rest);
    const std::size_t end = rest.find_first_of(", )\t\r\n");
    return std::string(rest.substr(0, end));
  }
  return std::nullopt;
}

bool names(const std::string& text, std::string_view variable) {
  return text.find(variable) != std::string::npos;
}

/// "{{ start }}" as "{{start}}".
std::string without_blanks(std::string text) {
  for (const char* blanks : {"{{ ", " }}"}) {
    const std::string braces = core::replace_all(blanks, " ", "");
    while (names(text, blanks)) text = core::replace_all(std::move(text), blanks, braces);
  }
  return text;
}

/// InfluxQL wants its times quoted, and an author may have done so.
std::string with_quotes(std::string text) {
  for (const char* variable : {"{{start}}", "{{end}}"}) {
    const std::string quoted = fmt::format("'{}'", variable);
    text = core::replace_all(std::move(text), quoted, variable);
    text = core::replace_all(std::move(text), variable, quoted);
  }
  return text;
}

void check_buckets(core::Diagnostics& diagnostics, const core::Settings& query, const std::string& text) {
  const auto bucket = bucket_of(text);
  if (!bucket || *bucket == "{{step}}" || *bucket == "{{window}}") return;
  add_key_error(diagnostics, query, "query", fmt::format("time({}) makes buckets that are not those of the metric", *bucket),
                "write GROUP BY time({{step}}, {{offset}}), and the length as the metric's `step`");
}

}  // namespace

int version_of(const core::Settings& settings) {
  return static_cast<int>(settings.integer("version").value_or(settings.has("org") ? 2 : 1));
}

core::Result<Asked> asked_by(const core::Question& question, int version) {
  const core::Window window = *question.window;
  const core::Duration offset = window.start.time_since_epoch() % question.step;
  std::string text = without_blanks(question.query.text("query").value_or(""));
  if (version == 1) text = with_quotes(std::move(text));
  Asked out;
  out.text =
      core::replace_all(put_window_in(text, window, core::Zone(), PutIn::as_is), kOffset, fmt::format("{}ms", offset.count()));
  if (version == 2) out.stamp = Stamp::end;
  if (version == 1 && bucket_of(text)) out.stamp = Stamp::bucket_start;
  const bool counts = question.shape == core::Shape::range && question.part != "value";
  if (counts && out.stamp == Stamp::own) {
    return core::Error{"RG1977",
                       fmt::format("the query of `{}` makes no buckets, and counts are compared slice by slice", question.part),
                       "write GROUP BY time({{step}}, {{offset}})",
                       {},
                       {}};
  }
  return out;
}

void check_query_text(core::Diagnostics& diagnostics, const core::Settings& query, int version) {
  const std::string text = without_blanks(query.text("query").value_or(""));
  const auto add = [&](std::string message, std::string hint) {
    add_key_error(diagnostics, query, "query", std::move(message), std::move(hint));
  };
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return add("no `query` says what is asked for", version == 1 ? "write it in InfluxQL" : "write it in Flux");
  }
  if (const std::string mistake = window_mistake(text); !mistake.empty())
    return add(mistake, "there are {{start}}, {{start|unix}} and {{start|unix_ms}}");
  if (names_days(text)) return add("InfluxDB takes no dates for times", "write {{start}} and {{end}}");
  if (!names(text, "{{start") || !names(text, "{{end")) {
    return add(fmt::format("the query does not name {}, so that it would ask for more than the window",
                           names(text, "{{start") ? "{{end}}" : "{{start}}"),
               version == 1 ? "WHERE time >= {{start}} AND time < {{end}}" : "range(start: {{start}}, stop: {{end}})");
  }
  if (version == 2) {
    if (!names(text, "timeSrc") || !names(text, "_start")) return;
    return add("with timeSrc: \"_start\" points stand at the beginnings of what they sum up", "leave `timeSrc` out");
  }
  std::string_view first = text;
  skip_space(first);
  if (!lower(std::string(first.substr(0, 6))).starts_with("select"))
    return add("the query is no SELECT", "InfluxDB 1 is asked in InfluxQL; for Flux give the source an `org`");
  if (names(text, ";")) return add("the query has several statements", "ask for one thing in a metric");
  check_buckets(diagnostics, query, text);
}

core::QueryFacts facts(const core::Settings& query) {
  core::QueryFacts out;
  const std::string text = without_blanks(query.text("query").value_or(""));
  out.uses_step = names(text, "{{step}}");
  out.uses_window = names(text, "{{window}}");
  out.step_is_range = out.uses_step;
  const std::string small = lower(text);
  if (names(small, "fill(") && !names(small, "fill(null)") && !names(small, "fill(none)")) {
    out.notes.emplace_back("fill() makes a number of every bucket that has no data");
  }
  return out;
}

}  // namespace gate::sources::influxdb
