#include "sources/graphite/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"
#include "sources/api_source.h"

namespace gate::sources::graphite {
namespace {

using core::Settings;

constexpr core::Duration kUsualInterval{60000};

/// In the order of Consolidation.
constexpr std::array<std::string_view, 7> kConsolidations = {"none", "average", "sum", "min", "max", "first", "last"};

/// What a function of the target does to the question of what is in the window.
struct Doubt {
  std::string_view function;
  std::string_view note;
};

constexpr std::array<Doubt, 5> kDoubts = {{
    {"transformNull(",
     "transformNull makes a number of every point that is missing, also of those of a service that reports nothing"},
    {"keepLastValue(", "keepLastValue repeats a number where there is none: a service that went silent looks as it did before"},
    {"timeShift(", "timeShift moves the data away from the window"},
    {"moving", "a moving function reaches back before the window: say how far with `range`"},
    {"exponentialMovingAverage(", "exponentialMovingAverage reaches back before the window: say how far with `range`"},
}};

std::int64_t second_before(core::Time edge) {
  return std::chrono::ceil<std::chrono::seconds>(edge).time_since_epoch().count() - 1;
}

void check_interval(const Settings& settings, bool is_consolidated, core::Diagnostics& diagnostics) {
  const auto text = settings.text("interval");
  if (!text) return;
  if (text->find("{{window}}") != std::string::npos && !is_consolidated) {
    add_key_error(diagnostics, settings, "interval", "nothing says how the points of a window become one number",
                  R"(consolidate_by = "average", or "sum" for what is counted)");
  }
  if (text->find("{{") != std::string::npos || core::parse_duration(*text).ok()) return;
  add_key_error(diagnostics, settings, "interval", fmt::format("\"{}\" is no length of time", core::printable(*text)),
                R"("10s", "1m", …, "{{step}}" or "{{window}}")");
}

}  // namespace

Query read_query(const Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  query.target = settings.text("target").value_or("");
  if (query.target.find_first_not_of(" \t\r\n") == std::string::npos) {
    add_key_error(diagnostics, settings, "target", "no `target` says what Graphite is asked for",
                  R"(target = "stats.timers.shop.p95")");
  }
  const std::string by = settings.text("consolidate_by").value_or("none");
  const auto* const found = std::find(kConsolidations.begin(), kConsolidations.end(), by);
  if (found == kConsolidations.end() || (settings.has("consolidate_by") && by == "none")) {
    add_key_error(diagnostics, settings, "consolidate_by",
                  fmt::format("points are not consolidated by \"{}\"", core::printable(by)),
                  "it may be average, sum, min, max, first or last");
  } else {
    query.by = static_cast<Consolidation>(found - kConsolidations.begin());
  }
  check_interval(settings, query.by != Consolidation::none, diagnostics);
  return query;
}

Parameters parameters_of(const Query& query, const core::Window& window) {
  return {{"target", query.target},
          {"from", std::to_string(second_before(window.start))},
          {"until", std::to_string(second_before(window.end))},
          {"format", "json"},
          {"noCache", "1"}};
}

std::string describe(const Query& query) {
  std::string target = core::printable(query.target);
  if (query.by == Consolidation::none) return target;
  return fmt::format("{}, consolidated by {}", target, kConsolidations[static_cast<std::size_t>(query.by)]);
}

core::QueryFacts facts(const Settings& settings) {
  core::QueryFacts out;
  const std::string interval = settings.text("interval").value_or("");
  out.uses_window = interval.find("{{window}}") != std::string::npos;
  out.uses_step = interval.find("{{step}}") != std::string::npos;
  const std::string target = settings.text("target").value_or("");
  for (const Doubt& doubt : kDoubts) {
    if (target.find(doubt.function) != std::string::npos) out.notes.emplace_back(doubt.note);
  }
  if (out.uses_window) return out;
  const auto length = core::parse_duration(interval);
  out.longest_range = length.ok() ? *length : kUsualInterval;
  if (settings.has("interval")) out.range_location = settings.location("interval", settings.location_of_table);
  return out;
}

}  // namespace gate::sources::graphite
