#include "core/posix_zone.h"

#include <charconv>

namespace gate::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<PosixZone> zone() {
    PosixZone zone;
    if (!name() || !offset(zone.standard) || !name()) return std::nullopt;
    zone.summer = zone.standard + hours(1);
    if (!text_.starts_with(',') && !offset(zone.summer)) return std::nullopt;
    if (!day(zone.summer_begins) || !day(zone.summer_ends) || !text_.empty()) return std::nullopt;
    return zone;
  }

 private:
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool number(int& value) {
    const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (problem != std::errc()) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return true;
  }

  /// "CET" or "<+03>".
  bool name() {
    if (take('<')) {
      const std::size_t end = text_.find('>');
      if (end == std::string_view::npos) return false;
      text_.remove_prefix(end + 1);
      return true;
    }
    std::size_t length = 0;
    while (length < text_.size() && ((text_[length] | 0x20) >= 'a' && (text_[length] | 0x20) <= 'z')) ++length;
    text_.remove_prefix(length);
    return length >= 3;
  }

  /// [+-]hh[:mm[:ss]]
  bool clock(Duration& time) {
    const bool negative = take('-');
    if (!negative) take('+');
    int h = 0;
    int m = 0;
    int s = 0;
    if (!number(h) || (take(':') && !number(m)) || (m > 0 && take(':') && !number(s))) return false;
    time = hours(h) + minutes(m) + seconds(s);
    if (negative) time = -time;
    return true;
  }

  /// POSIX counts offsets westwards.
  bool offset(Duration& ahead) {
    if (!clock(ahead)) return false;
    ahead = -ahead;
    return true;
  }

  /// ",M3.5.0/2"
  bool day(PosixZone::Day& day) {
    if (!take(',') || !take('M') || !number(day.month) || !take('.') || !number(day.week) || !take('.') ||
        !number(day.weekday)) {
      return false;
    }
    day.time = hours(2);
    return !take('/') || clock(day.time);
  }

  std::string_view text_;
};

Time local_time(const PosixZone::Day& day, int year) {
  using namespace std::chrono;
  const auto month_of = std::chrono::year(year) / static_cast<int>(day.month);
  const weekday wanted(static_cast<unsigned>(day.weekday));
  const sys_days date =
      day.week >= 5 ? sys_days(month_of / wanted[last]) : sys_days(month_of / wanted[static_cast<unsigned>(day.week)]);
  return Time(duration_cast<Duration>(date.time_since_epoch())) + day.time;
}

}  // namespace

std::vector<PosixZone::Change> PosixZone::changes(int year) const {
  const Change begins{local_time(summer_begins, year) - standard, summer};
  const Change ends{local_time(summer_ends, year) - summer, standard};
  if (begins.at < ends.at) return {begins, ends};
  return {ends, begins};
}

std::optional<PosixZone> parse_posix_zone(std::string_view text) {
  return Parser(text).zone();
}

}  // namespace gate::core
