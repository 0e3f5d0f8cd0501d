#include "sources/file/row_time.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <ctime>
#include <optional>

#include "core/text.h"

namespace gate::sources::file {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kNoZone = "it names no offset: say which zone is meant, for instance time = { …, zone = \"UTC\" }";

core::Error not_a_time(std::string_view text, std::string hint) {
  return {"RG1404",
          fmt::format("\"{}\" is not a time of the declared format", core::shorten(core::printable(text), 60)),
          std::move(hint),
          {},
          {}};
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<core::Time> civil(int year, int month, int day, int hour, int minute, int second) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return core::Time(
      duration_cast<core::Duration>(sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second)));
}

/// The form that nearly every log has, "2026-03-17T12:04:00[.fff]Z" or with an offset; nothing when it is another. `has_offset`
/// is false when the text ends before one.
std::optional<core::Time> usual_form(std::string_view text, bool& has_offset) {
  constexpr std::size_t kSeconds = 19;
  if (text.size() < kSeconds || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (text[10] != 'T' && text[10] != ' ' && text[10] != 't') return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  auto time = civil(*year, *month, *day, *hour, *minute, *second);
  if (!time) return std::nullopt;
  std::size_t at = kSeconds;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    int fraction = 0;
    int scale = 100;
    std::size_t count = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count, scale /= 10)
      fraction += (text[at] - '0') * scale;
    if (count == 0) return std::nullopt;
    *time += milliseconds(fraction);
  }
  const std::string_view zone = text.substr(at);
  has_offset = !zone.empty();
  if (zone.empty()) return time;
  core::Duration ahead{0};
  if (!core::parse_offset(zone, ahead)) return std::nullopt;
  return *time - ahead;
}

core::Result<core::Time> parse_rfc3339(std::string_view text, const TimeSpec& spec) {
  bool has_offset = false;
  const auto time = usual_form(text, has_offset);
  if (!time) return not_a_time(text, "rfc3339 is 2026-03-17T12:04:00Z, or with an offset such as +02:00");
  if (has_offset) return *time;
  if (!spec.zone) return not_a_time(text, std::string(kNoZone));
  return spec.zone->to_utc(*time);
}

core::Result<core::Time> parse_unix(std::string_view text, bool in_seconds) {
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return not_a_time(text, in_seconds ? "unix is a number of seconds" : "unix_ms is a number of milliseconds");
  }
  constexpr double kMostSeconds = 1e11;
  if (in_seconds && value > kMostSeconds)
    return not_a_time(text, "as seconds it lies thousands of years ahead: did you mean format = \"unix_ms\"?");
  if (std::abs(value) > kMostSeconds * 1000.0) return not_a_time(text, "it is out of range");
  return core::Time(core::Duration(std::llround(in_seconds ? value * 1000.0 : value)));
}

/// ".123" or "123" where the pattern says %f, as milliseconds; further digits are cut off.
std::optional<int> read_fraction(std::string_view& text) {
  int fraction = 0;
  int scale = 100;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count, scale /= 10) {
    fraction += (text[count] - '0') * scale;
  }
  text.remove_prefix(count);
  if (count == 0) return std::nullopt;
  return fraction;
}

/// strptime over `pattern`, which may hold one %f.
bool read_pattern(const std::string& text, const std::string& pattern, std::tm& parts, int& fraction) {
  const std::size_t percent = pattern.find("%f");
  const char* end = strptime(text.c_str(), pattern.substr(0, percent).c_str(), &parts);
  if (end == nullptr) return false;
  std::string_view rest(end);
  if (percent == std::string::npos) return rest.empty();
  const auto digits_read = read_fraction(rest);
  if (!digits_read) return false;
  fraction = *digits_read;
  end = strptime(rest.data(), pattern.c_str() + percent + 2, &parts);
  return end != nullptr && *end == '\0';
}

core::Result<core::Time> parse_pattern(std::string_view text, const TimeSpec& spec) {
  std::tm parts{};
  parts.tm_mday = 1;
  int fraction = 0;
  if (!read_pattern(std::string(text), spec.pattern, parts, fraction)) {
    return not_a_time(text, fmt::format("the declared pattern is \"{}\"", core::printable(spec.pattern)));
  }
  const auto time = civil(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  if (!time) return not_a_time(text, "there is no such date");
  const core::Time local = *time + milliseconds(fraction);
  if (spec.pattern.find("%z") != std::string::npos) return local - core::Duration(std::chrono::seconds(parts.tm_gmtoff));
  if (!spec.zone) return not_a_time(text, std::string(kNoZone));
  return spec.zone->to_utc(local);
}

}  // namespace

core::Result<core::Time> parse_row_time(std::string_view text, const TimeSpec& spec) {
  switch (spec.format) {
    case TimeFormat::rfc3339:
      return parse_rfc3339(text, spec);
    case TimeFormat::unix_seconds:
      return parse_unix(text, true);
    case TimeFormat::unix_milliseconds:
      return parse_unix(text, false);
    case TimeFormat::pattern:
      return parse_pattern(text, spec);
  }
  return not_a_time(text, "");
}

}  // namespace gate::sources::file
