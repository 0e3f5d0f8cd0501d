// WindowText: the start and end of a question's window, put into texts that an author writes: paths, parameters, bodies,
// arguments. For sources whose systems have no query language of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "core/zone.h"

namespace gate::sources {

/// "start" and "end": SourceTypeSpec::own_variables of a source that puts the window in.
std::vector<std::string_view> window_variables();

/// How a value is written into its place.
enum class PutIn {
  as_is,       ///< parameters and bodies: digits, letters, ":", "-", "." alone, so that JSON and forms need no escapes
  url_encoded  ///< paths: what a URL reserves as %XX
};

/// Whether {{start}} or {{end}}, in any form, stands in `text`.
bool names_window(std::string_view text);
/// Whether one of them is asked for as a date, so that days are counted.
bool names_days(std::string_view text);
/// What is wrong with the {{start}} and {{end}} in `text`: "`{{start|week}}`: there is no form `week`"; "" when nothing is.
std::string window_mistake(std::string_view text);

/// `text` with {{start}} and {{end}} put in: RFC 3339 in UTC, {{start|unix}} and {{start|unix_ms}} since 1970,
/// {{start|date}} ("2026-03-17" in `zone`), and {{end|last_date}}, the day of the last moment before the end, for systems that
/// count to the end of the day that they are given. Other variables are left as they are.
std::string put_window_in(std::string_view text, const core::Window& window, const core::Zone& zone, PutIn how);

/// The whole days of `zone` within `window`; nullopt when there is none.
std::optional<core::Window> days_within(const core::Window& window, const core::Zone& zone);

}  // namespace gate::sources
