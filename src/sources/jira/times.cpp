#include "sources/jira/times.h"

#include <algorithm>
#include <cctype>

namespace gate::sources::jira {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// The zones farthest from UTC: https://www.iana.org/time-zones (Etc/GMT+12, Pacific/Kiritimati).
constexpr hours kFarthestWest{12};
constexpr hours kFarthestEast{14};
constexpr std::size_t kDateLength = 10;
constexpr std::size_t kMinuteLength = 16;

core::Time earlier_minute(core::Time time) {
  return std::chrono::floor<minutes>(time) - minutes(1);
}

core::Time later_minute(core::Time time) {
  return std::chrono::ceil<minutes>(time) + minutes(1);
}

/// "\"2026-03-17 12:04\"", in UTC.
std::string quoted_minute(core::Time time) {
  std::string text = core::format_time(time).substr(0, kMinuteLength);
  text[kDateLength] = ' ';
  return '"' + text + '"';
}

std::string epoch_milliseconds(core::Time time) {
  return std::to_string(time.time_since_epoch().count());
}

}  // namespace

std::optional<core::Time> parse_stamp(std::string_view text) {
  if (text.size() <= kDateLength || text[kDateLength] != 'T') return std::nullopt;
  std::string normal(text);
  // RFC 3339 wants "+01:00" where Jira writes "+0100".
  constexpr std::size_t kZone = 5;
  const char sign = normal.size() > kZone ? normal[normal.size() - kZone] : ' ';
  if (sign == '+' || sign == '-') normal.insert(normal.size() - 2, ":");
  const auto time = core::parse_time(normal);
  if (!time) return std::nullopt;
  return *time;
}

std::optional<core::Time> parse_day(std::string_view text) {
  if (text.size() != kDateLength) return std::nullopt;
  const auto time = core::parse_time(std::string(text) + "T00:00:00Z");
  if (!time) return std::nullopt;
  return *time;
}

std::string lower_bound_text(core::Time start, JqlTimes times) {
  if (times == JqlTimes::epoch) return epoch_milliseconds(earlier_minute(start));
  return quoted_minute(earlier_minute(start - kFarthestWest));
}

std::string upper_bound_text(core::Time end, JqlTimes times) {
  if (times == JqlTimes::epoch) return epoch_milliseconds(later_minute(end));
  return quoted_minute(later_minute(end + kFarthestEast));
}

}  // namespace gate::sources::jira
