#include "sources/prometheus/refusal.h"

#include <fmt/format.h>

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

std::string_view line_of(std::string_view text, std::size_t number) {
  while (number > 1) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
    --number;
  }
  return text.substr(0, text.find('\n'));
}

void show_place(core::Error& error, const Place& place, std::string_view query) {
  const std::string_view line = line_of(query, place.line);
  if (line.empty() || place.column > line.size() + 1) return;
  // Only the neighbourhood of the place: a query may be thousands of bytes long.
  constexpr std::size_t kBefore = 60;
  constexpr std::size_t kShown = 100;
  const std::size_t from = place.column > kBefore + 1 ? place.column - 1 - kBefore : 0;
  error.context.push_back("query: " + core::printable(line.substr(from, kShown)));
  error.context.push_back("       " + std::string(core::printable(line.substr(from, place.column - 1 - from)).size(), ' ') +
                          "^");
}

}  // namespace

core::Error refusal_error(std::string_view who, const Refusal& refusal, std::string_view query) {
  core::Error error;
  const std::string words = refusal.message.empty() ? "(no reason given)" : refusal.message;
  if (refusal.type == "bad_data") {
    error = {
        "RG1301", fmt::format("{}: the server rejects the query: {}", who, words), "mend `query` in the gate file", {}, {}};
    if (const auto place = place_in(refusal.message)) show_place(error, *place, query);
  } else if (refusal.type == "execution") {
    error = {"RG1302",
             fmt::format("{}: the server cannot execute the query: {}", who, words),
             "try it in the server's own interface; a label that is missing in an on(…) or by (…) is the usual cause",
             {},
             {}};
  } else if (refusal.type == "timeout" || refusal.type == "canceled") {
    error = {"RG1303",
             fmt::format("{}: the server gave up on the query: {}", who, words),
             "use a recording rule, a larger `step`, or a larger `timeout`",
             {},
             {}};
  } else {
    error = {"RG1304",
             fmt::format("{}: the server could not answer ({}): {}", who,
                         refusal.type.empty() ? "no type given" : core::printable(refusal.type), words),
             "the server's own log says why",
             {},
             {}};
  }
  return error;
}

}  // namespace gate::sources::prometheus
