#include "sources/prometheus/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/text.h"

namespace gate::sources::prometheus {
namespace {

struct Place {
  std::size_t line = 0;
  std::size_t column = 0;
};

/// "invalid parameter "query": 1:5: parse error: …": the numbers count from 1, columns in bytes.
std::optional<Place> place_in(std::string_view message) {
  const std::size_t mark = message.find(": parse error");
  if (mark == std::string_view::npos) return std::nullopt;
  std::size_t start = mark;
  while (start > 0 && (message[start - 1] == ':' || (message[start - 1] >= '0' && message[start - 1] <= '9'))) --start;
  if (start < mark && message[start] == ':') ++start;
  const std::string_view numbers = message.substr(start, mark - start);
  const std::size_t colon = numbers.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Place place;
  const auto line = std::from_chars(numbers.data(), numbers.data() + colon, place.line);
  const auto column = std::from_chars(numbers.data() + colon + 1, numbers.data() + numbers.size(), place.column);
  if (line.ec != std::errc() || column.ec != std::errc() || place.line == 0 || place.column == 0) return std::nullopt;
  return place;
}

/// A Go string literal without its quotes: the inverse of %q for what queries hold.
std::string unquoted(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escaped = text[++i];
    out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
  }
  return out;
}

/// VictoriaMetrics gives no position, but what it had not read yet: …unparsed data left: ") x".
std::optional<Place> place_before_rest(std::string_view message, std::string_view query) {
  const std::size_t mark = message.rfind("unparsed data");
  if (mark == std::string_view::npos) return std::nullopt;
  const std::size_t quote = message.find('"', mark);
  if (quote == std::string_view::npos) return std::nullopt;
  const std::string rest = unquoted(message.substr(quote + 1));
  if (!query.ends_with(rest)) return std::nullopt;
  const std::string_view read = query.substr(0, query.size() - rest.size());
  const std::size_t line_start = read.rfind('\n') == std::string_view::npos ? 0 : read.rfind('\n') + 1;
  return Place{static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n')) + 1, read.size() - line_start + 1};
}

std::string_view line_of(std::string_view text, std::size_t number) {
  while (number > 1) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
    --number;
  }
  return text.substr(0, text.find('\n'));
}

/// Characters, not bytes: the caret must stand under its place.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void show_place(core::Error& error, const Place& place, std::string_view query) {
  const std::string_view line = line_of(query, place.line);
  if (line.empty() || place.column > line.size() + 1) return;
  // Only the neighbourhood of the place: a query may be thousands of bytes long.
  constexpr std::size_t kBefore = 60;
  constexpr std::size_t kShown = 100;
  const std::size_t from = place.column > kBefore + 1 ? place.column - 1 - kBefore : 0;
  error.context.push_back("query: " + core::printable(line.substr(from, kShown)));
  error.context.push_back("       " + std::string(width(core::printable(line.substr(from, place.column - 1 - from))), ' ') +
                          "^");
}

enum class Meaning { bad_query, execution, gave_up, other };

/// Prometheus names its kinds; VictoriaMetrics gives the HTTP status as the type, and 422 for mistakes of either kind.
Meaning meaning_of(const Refusal& refusal) {
  const std::string& type = refusal.type;
  const bool is_syntax = refusal.message.find("unparsed data") != std::string::npos;
  if (type == "bad_data" || type == "400" || (type == "422" && is_syntax)) return Meaning::bad_query;
  if (type == "execution" || type == "422") return Meaning::execution;
  if (type == "timeout" || type == "canceled" || type == "503") return Meaning::gave_up;
  return Meaning::other;
}

/// What may be shown. VictoriaMetrics repeats the query before it says what is wrong.
std::string words_of(const Refusal& refusal) {
  constexpr std::size_t kShownBytes = 300;
  std::string_view words = refusal.message;
  if (words.empty()) return "(no reason given)";
  const std::size_t step = words.find(", step=");
  const std::size_t reason = step == std::string_view::npos ? step : words.find("): ", step);
  if (words.starts_with("error when executing query=") && reason != std::string_view::npos) words.remove_prefix(reason + 3);
  return core::shorten(core::printable(words), kShownBytes);
}

}  // namespace

core::Error refusal_error(std::string_view who, const Refusal& refusal, std::string_view query) {
  const std::string words = words_of(refusal);
  switch (meaning_of(refusal)) {
    case Meaning::bad_query: {
      core::Error error{
          "RG1301", fmt::format("{}: the server rejects the query: {}", who, words), "mend `query` in the gate file", {}, {}};
      auto place = place_in(refusal.message);
      if (!place) place = place_before_rest(refusal.message, query);
      if (place) show_place(error, *place, query);
      return error;
    }
    case Meaning::execution:
      return {"RG1302",
              fmt::format("{}: the server cannot execute the query: {}", who, words),
              "try it in the server's own interface; a label that is missing in an on(…) or by (…) is the usual cause",
              {},
              {}};
    case Meaning::gave_up:
      return {"RG1303",
              fmt::format("{}: the server gave up on the query: {}", who, words),
              "use a recording rule, a larger `step`, or a larger `timeout`",
              {},
              {}};
    case Meaning::other:
      break;
  }
  return {"RG1304",
          fmt::format("{}: the server could not answer ({}): {}", who,
                      refusal.type.empty() ? "no type given" : core::shorten(core::printable(refusal.type), 40), words),
          "the server's own log says why",
          {},
          {}};
}

}  // namespace gate::sources::prometheus
