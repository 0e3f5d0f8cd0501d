#include "core/time.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace gate::core {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Error time_error(std::string_view text, std::string hint) {
  return Error{"RG0221", fmt::format("\"{}\" is not a time", text), std::move(hint), {}, {}};
}

/// Reads `count` digits at `position`; -1 when one is not a digit.
int digits(std::string_view text, std::size_t position, std::size_t count) {
  if (position + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = position; i < position + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "25" after the point -> 250 ms; further digits are cut off.
Duration fraction(std::string_view text) {
  int value = 0;
  int scale = 100;
  for (const char c : text) {
    value += (c - '0') * scale;
    scale /= 10;
  }
  return Duration(value);
}

constexpr const char* kTimeHint = "write RFC 3339 with an offset, \"2026-03-17T12:04:00Z\", or Unix seconds";

Result<Time> parse_unix(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (code != std::errc() || end != whole.data() + whole.size()) return time_error(text, kTimeHint);
  if (value > 100'000'000'000) return time_error(text, "this looks like milliseconds: Unix time is read in seconds");
  Time time{seconds(value)};
  if (point != std::string_view::npos) time += fraction(text.substr(point + 1));
  return time;
}

}  // namespace

Result<Time> parse_time(std::string_view text) {
  const std::size_t point = text.find('.');
  if (all_digits(text.substr(0, point)) && (point == std::string_view::npos || all_digits(text.substr(point + 1)))) {
    return parse_unix(text);
  }
  if (text.size() == 10 && digits(text, 0, 4) >= 0 && text[4] == '-' && digits(text, 5, 2) >= 0 && text[7] == '-' &&
      digits(text, 8, 2) >= 0) {
    return time_error(text, fmt::format("a date needs a time and an offset: \"{}T00:00:00Z\"", text));
  }
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
      text[13] != ':' || text[16] != ':') {
    return time_error(text, kTimeHint);
  }
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
      !date.ok()) {
    return time_error(text, kTimeHint);
  }
  Time time = std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
  std::size_t position = 19;
  if (position < text.size() && text[position] == '.') {
    const std::size_t end = text.find_first_not_of("0123456789", position + 1);
    const std::string_view part = text.substr(position + 1, end == std::string_view::npos ? end : end - position - 1);
    if (part.empty()) return time_error(text, kTimeHint);
    time += fraction(part);
    position = end == std::string_view::npos ? text.size() : end;
  }
  const std::string_view zone = text.substr(position);
  if (zone.empty()) return time_error(text, "it has no offset: add \"Z\" for UTC, or \"+02:00\"");
  if (zone == "Z" || zone == "z") return time;
  const int zone_hours = zone.size() == 6 && zone[3] == ':' ? digits(zone, 1, 2) : -1;
  const int zone_minutes = zone.size() == 6 ? digits(zone, 4, 2) : -1;
  if (zone_hours < 0 || zone_hours > 23 || zone_minutes < 0 || zone_minutes > 59 || (zone[0] != '+' && zone[0] != '-')) {
    return time_error(text, kTimeHint);
  }
  const auto offset = hours(zone_hours) + minutes(zone_minutes);
  return zone[0] == '+' ? time - offset : time + offset;
}

std::string format_time(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:03}", clock.subseconds().count());
  return text + "Z";
}

std::string format_clock(Time time) {
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<days>(time));
  if (clock.seconds().count() == 0) return fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
  return fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string format_day(Time time, Time now) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(std::chrono::floor<days>(time));
  const std::chrono::year_month_day today(std::chrono::floor<days>(now));
  const std::string year = date.year() == today.year() ? "" : fmt::format(" {:04}", static_cast<int>(date.year()));
  return fmt::format("{} {}{}", static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1], year);
}

std::string format_moment(Time time, Time now) {
  const std::string clock = format_clock(time) + " UTC";
  const bool today = std::chrono::floor<days>(time) == std::chrono::floor<days>(now);
  return today ? clock : format_day(time, now) + " " + clock;
}

namespace {

struct DurationUnit {
  std::string_view name;
  std::string_view long_name;
  std::int64_t milliseconds;
};
constexpr std::array<DurationUnit, 6> kDurationUnits = {{{"w", "w", 604'800'000},
                                                         {"d", "d", 86'400'000},
                                                         {"h", "h", 3'600'000},
                                                         {"m", "min", 60'000},
                                                         {"s", "s", 1'000},
                                                         {"ms", "ms", 1}}};

/// A hundred years: what is added to times, and counted in nanoseconds, overflows nowhere.
constexpr std::int64_t kLongestDuration = std::int64_t{36525} * 86'400'000;

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const Error bad{
      "RG0222", fmt::format("\"{}\" is not a duration", text), "write \"90s\", \"30m\", \"1h30m\" or \"7d\"", {}, {}};
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::size_t position = 0;
  if (text.empty()) return bad;
  while (position < text.size()) {
    std::int64_t number = 0;
    const char* begin = text.data() + position;
    const auto [end, code] = std::from_chars(begin, text.data() + text.size(), number);
    if (code != std::errc() || end == begin || number < 0 || *begin == '-') return bad;
    position = static_cast<std::size_t>(end - text.data());
    const std::size_t unit_end = std::min(text.find_first_of("0123456789", position), text.size());
    const std::string_view unit = text.substr(position, unit_end - position);
    std::size_t index = next_unit;
    while (index < kDurationUnits.size() && kDurationUnits[index].name != unit) ++index;
    if (index == kDurationUnits.size()) return bad;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(number, kDurationUnits[index].milliseconds, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return bad;
    }
    if (total > kLongestDuration) return bad;
    next_unit = index + 1;
    position = unit_end;
  }
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text = rest < 0 ? "-" : "";
  rest = std::abs(rest);
  for (const DurationUnit& unit : kDurationUnits) {
    // Weeks are read but never written: "7d" is what people say.
    if (unit.name == "w" || rest < unit.milliseconds) continue;
    text += fmt::format("{}{}", rest / unit.milliseconds, unit.name);
    rest %= unit.milliseconds;
  }
  return text;
}

std::string describe_duration(Duration duration) {
  std::int64_t rest = std::abs(duration.count());
  if (rest < 1000) return fmt::format("{} ms", rest);
  rest = (rest + 500) / 1000 * 1000;
  std::string text;
  int parts = 0;
  for (const DurationUnit& unit : kDurationUnits) {
    if (unit.name == "w" || unit.name == "ms") continue;
    if (rest < unit.milliseconds) {
      if (parts > 0) break;
      continue;
    }
    text += fmt::format("{}{} {}", parts > 0 ? " " : "", rest / unit.milliseconds, unit.long_name);
    rest %= unit.milliseconds;
    if (++parts == 2) break;
  }
  return text;
}

double unix_seconds(Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

std::string format_unix_seconds(Time time) {
  const std::int64_t count = time.time_since_epoch().count();
  if (count % 1000 == 0) return std::to_string(count / 1000);
  std::string text = fmt::format("{}{}.{:03}", count < 0 ? "-" : "", std::abs(count / 1000), std::abs(count % 1000));
  while (text.back() == '0') text.pop_back();
  return text;
}

}  // namespace gate::core
