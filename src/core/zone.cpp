#include "core/zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "core/posix_zone.h"
#include "core/text.h"

namespace gate::core {
namespace {

Error unknown_zone(std::string_view name) {
  return {"RG1412",
          fmt::format("\"{}\" is no time zone that is known here", shorten(printable(name), 60)),
          "\"UTC\", an offset such as \"+02:00\", or a name such as \"Europe/Berlin\" if the system has its time zone files",
          {},
          {}};
}

/// Names of zones are relative and stay inside of the folder.
bool is_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
  });
  return plain && !name.empty() && name.front() != '/';
}

}  // namespace

/// The Time Zone Information Format, RFC 8536.
class ZoneFile {
 public:
  explicit ZoneFile(std::string bytes) : bytes_(std::move(bytes)) {}

  std::optional<Zone> read() {
    constexpr std::size_t kHeader = 44;
    if (bytes_.size() < kHeader || !bytes_.starts_with("TZif") || bytes_[4] < '2') return std::nullopt;
    // The first block holds 32-bit times, for old readers; the second all of them.
    const Counts old = counts(0);
    const std::size_t second = kHeader + old.size(4);
    if (bytes_.size() < second + kHeader) return std::nullopt;
    const Counts now = counts(second);
    const std::size_t data = second + kHeader;
    if (bytes_.size() < data + now.size(8) || now.types == 0) return std::nullopt;
    const std::size_t indices = data + now.times * 8;
    const std::size_t types = indices + now.times;
    std::vector<Zone::Span> spans = {{Time::min(), offset(types, 0)}};
    for (std::size_t i = 0; i < now.times; ++i) {
      const auto type = static_cast<unsigned char>(bytes_[indices + i]);
      if (type >= now.types) return std::nullopt;
      spans.push_back({Time(std::chrono::seconds(number(data + i * 8, 8))), offset(types, type)});
    }
    add_rule(spans, bytes_.substr(data + now.size(8)));
    return Zone(std::move(spans));
  }

 private:
  struct Counts {
    std::size_t utc, standard, leaps, times, types, letters;
    [[nodiscard]] std::size_t size(std::size_t width) const {
      return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc;
    }
  };

  [[nodiscard]] std::int64_t number(std::size_t at, std::size_t width) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | static_cast<unsigned char>(bytes_[at + i]);
    return width == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value)) : static_cast<std::int64_t>(value);
  }

  [[nodiscard]] Counts counts(std::size_t header) const {
    const auto count = [&](std::size_t i) { return static_cast<std::size_t>(number(header + 20 + 4 * i, 4)) & 0xFFFFFFU; };
    return {count(0), count(1), count(2), count(3), count(4), count(5)};
  }

  [[nodiscard]] Duration offset(std::size_t types, std::size_t index) const {
    return std::chrono::seconds(number(types + 6 * index, 4));
  }

  /// What the last line of the file says of the years after the last transition.
  static void add_rule(std::vector<Zone::Span>& spans, std::string footer) {
    std::erase(footer, '\n');
    const auto rule = parse_posix_zone(footer);
    if (!rule) return;
    constexpr int kFirstYear = 1990;
    constexpr int kLastYear = 2100;
    const Time last = spans.back().since;
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      for (const PosixZone::Change& change : rule->changes(year)) {
        if (change.at > last) spans.push_back({change.at, change.ahead});
      }
    }
  }

  std::string bytes_;
};

Zone::Zone(Duration ahead) : spans_{{Time::min(), ahead}} {}

Result<Zone> Zone::find(std::string_view name) {
  Duration ahead{0};
  if (name == "UTC" || parse_offset(name, ahead)) return Zone(ahead);
  if (!is_name(name)) return unknown_zone(name);
  const char* folder = std::getenv("TZDIR");
  std::ifstream file(fmt::format("{}/{}", folder == nullptr ? "/usr/share/zoneinfo" : folder, name), std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  auto zone = file ? ZoneFile(bytes.str()).read() : std::nullopt;
  if (!zone) return unknown_zone(name);
  return std::move(*zone);
}

Time Zone::to_utc(Time local) const {
  // No zone is more than 15 hours from UTC, so the spans that end before then cannot hold it.
  const Time earliest = local - std::chrono::hours(15);
  const auto after = [](Time time, const Span& span) { return time < span.since; };
  auto span = std::upper_bound(spans_.begin() + 1, spans_.end(), earliest, after) - 1;
  while (span + 1 != spans_.end() && local - span->ahead >= (span + 1)->since) {
    const bool skipped = local - (span + 1)->ahead < (span + 1)->since;
    if (skipped) break;
    ++span;
  }
  return local - span->ahead;
}

Duration Zone::ahead(Time time) const {
  const auto after = [](Time at, const Span& span) { return at < span.since; };
  return (std::upper_bound(spans_.begin() + 1, spans_.end(), time, after) - 1)->ahead;
}

bool parse_offset(std::string_view text, Duration& ahead) {
  if (text == "Z" || text == "z") {
    ahead = Duration(0);
    return true;
  }
  const bool colon = text.size() == 6 && text[3] == ':';
  if ((!colon && text.size() != 5) || (text[0] != '+' && text[0] != '-')) return false;
  const std::string_view minutes = text.substr(colon ? 4 : 3);
  for (const char c : {text[1], text[2], minutes[0], minutes[1]}) {
    if (c < '0' || c > '9') return false;
  }
  const int h = (text[1] - '0') * 10 + (text[2] - '0');
  const int m = (minutes[0] - '0') * 10 + (minutes[1] - '0');
  if (h > 23 || m > 59) return false;
  ahead = std::chrono::minutes(h * 60 + m);
  if (text[0] == '-') ahead = -ahead;
  return true;
}

}  // namespace gate::core
