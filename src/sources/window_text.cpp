#include "sources/window_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "http/url.h"
#include "sources/calendar_days.h"

namespace gate::sources {
namespace {

constexpr std::array<std::string_view, 5> kForms = {"", "unix", "unix_ms", "date", "last_date"};

/// {{ name | form }} at `begin` up to `end` of a text.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_start = false;
  std::string_view form;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<Place> places_in(std::string_view text) {
  std::vector<Place> out;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    const std::size_t close = text.find("}}", at);
    if (close == std::string_view::npos) break;
    const std::string_view inside = text.substr(at + 2, close - at - 2);
    const std::size_t bar = std::min(inside.find('|'), inside.size());
    const std::string_view name = trimmed(inside.substr(0, bar));
    if (name != "start" && name != "end") continue;
    out.push_back({at, close + 2, name == "start", bar == inside.size() ? "" : trimmed(inside.substr(bar + 1))});
  }
  return out;
}

std::string date_of(core::Time time, const core::Zone& zone) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time + zone.ahead(time)));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string value_of(const Place& place, const core::Window& window, const core::Zone& zone) {
  const core::Time time = place.is_start ? window.start : window.end;
  if (place.form == "unix") return core::format_unix_seconds(time);
  if (place.form == "unix_ms") return std::to_string(time.time_since_epoch().count());
  if (place.form == "date") return date_of(time, zone);
  if (place.form == "last_date") return date_of(window.end - core::Duration(1), zone);
  return core::format_time(time);
}

}  // namespace

std::vector<std::string_view> window_variables() {
  return {"start", "end"};
}

bool names_window(std::string_view text) {
  return !places_in(text).empty();
}

bool names_days(std::string_view text) {
  const auto places = places_in(text);
  return std::any_of(places.begin(), places.end(), [](const Place& place) { return place.form.ends_with("date"); });
}

std::string window_mistake(std::string_view text) {
  for (const Place& place : places_in(text)) {
    const std::string_view written = text.substr(place.begin, place.end - place.begin);
    const std::string_view bar = written.find('|') == std::string_view::npos ? "" : "|";
    if (std::find(kForms.begin(), kForms.end(), place.form) == kForms.end() || (place.form.empty() && !bar.empty()))
      return fmt::format("`{}`: there is no form `{}`", core::printable(written), core::printable(place.form));
    if (place.is_start && place.form == "last_date")
      return "`last_date` is the last day of the window: write {{end|last_date}}";
  }
  return "";
}

std::string put_window_in(std::string_view text, const core::Window& window, const core::Zone& zone, PutIn how) {
  std::string out;
  std::size_t at = 0;
  for (const Place& place : places_in(text)) {
    out += text.substr(at, place.begin - at);
    const std::string value = value_of(place, window, zone);
    out += how == PutIn::url_encoded ? http::percent_encode(value) : value;
    at = place.end;
  }
  return out + std::string(text.substr(at));
}

std::optional<core::Window> days_within(const core::Window& window, const core::Zone& zone) {
  const std::vector<CalendarDay> days = whole_days(window, zone);
  if (days.empty()) return std::nullopt;
  return core::Window{days.front().window.start, days.back().window.end};
}

}  // namespace gate::sources
