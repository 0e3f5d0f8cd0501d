#include "sources/dynatrace/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"
#include "sources/api_source.h"
#include "sources/dynatrace/selector.h"

namespace gate::sources::dynatrace {
namespace {

using core::Settings;

constexpr core::Duration kShortestSlot = std::chrono::minutes(1);

/// What a transformation does to the question of what is in the window.
struct Doubt {
  std::string_view transformation;
  std::string_view note;
};

constexpr std::array<Doubt, 4> kDoubts = {{
    {"default", ":default makes a number of every point that is missing, also of those of a service that reports nothing"},
    {"timeshift", ":timeshift moves the data away from the window"},
    {"rollup", ":rollup reaches back before the window: say how far with `range`"},
    {"smooth", ":smooth puts numbers where there are none"},
}};

/// Means, extremes and rates; a rollup counts what is in a slot again in the next.
constexpr std::array<std::string_view, 9> kNotAdding = {"avg",  "max",      "min",  "median", "percentile",
                                                        "last", "lastReal", "rate", "rollup"};

bool has(const Selector& selector, std::string_view transformation) {
  const auto& names = selector.transformations;
  return std::find(names.begin(), names.end(), transformation) != names.end();
}

void check_selector(const Settings& settings, const std::string& text, core::Diagnostics& diagnostics) {
  const auto add = [&](std::string message, std::string hint) {
    add_key_error(diagnostics, settings, "metric_selector", std::move(message), std::move(hint));
  };
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return add("no `metric_selector` says what Dynatrace is asked for",
               R"(metric_selector = 'builtin:service.response.time:splitBy():percentile(95)')");
  }
  const auto selector = read_selector(text);
  if (!selector) return;
  if (selector->is_list)
    return add("the selector chooses several metrics",
               "a metric asks for one: write one [metrics.…] for each, or an expression");
  if (has(*selector, "fold")) {
    return add(":fold makes one number of the whole window, whose data cannot be told apart",
               R"(leave it out; kind = "value" asks for one number)");
  }
}

void check_resolution(const Settings& settings, core::Diagnostics& diagnostics) {
  const auto text = settings.text("resolution");
  if (!text || text->find("{{") != std::string::npos || core::parse_duration(*text).ok()) return;
  add_key_error(diagnostics, settings, "resolution", fmt::format("\"{}\" is no length of time", core::printable(*text)),
                R"("1m" and more, "{{step}}", or "{{window}}" for one number of the window)");
}

core::Time floor_of(core::Time time, core::Duration unit) {
  return time - time.time_since_epoch() % unit;
}

}  // namespace

Query read_query(const Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  query.metric_selector = settings.text("metric_selector").value_or("");
  query.entity_selector = settings.text("entity_selector").value_or("");
  query.mz_selector = settings.text("mz_selector").value_or("");
  check_selector(settings, query.metric_selector, diagnostics);
  check_resolution(settings, diagnostics);
  return query;
}

std::string adds_up_not(const Selector& selector) {
  if (selector.is_quotient) return "a quotient or a product of metrics";
  const auto& names = selector.transformations;
  const auto found = std::find_first_of(names.begin(), names.end(), kNotAdding.begin(), kNotAdding.end());
  return found == names.end() ? "" : ":" + *found;
}

bool adds_up(std::string_view aggregation, std::string_view unit) {
  return aggregation == "sum" || aggregation == "count" || (aggregation == "value" && unit == "Count");
}

core::Result<Span> span_of(const core::Question& question) {
  const core::Window window = *question.window;
  const auto error = [](std::string message, std::string hint) {
    return core::Error{"RG1922", std::move(message), std::move(hint), {}, {}};
  };
  if (question.shape == core::Shape::instant) {
    const Span span{floor_of(window.start + kShortestSlot - core::Duration(1), kShortestSlot),
                    floor_of(window.end, kShortestSlot), core::Duration(0)};
    if (span.start < span.end) return span;
    return error("the window does not hold one whole minute, and Dynatrace counts by the minute", "use a longer window");
  }
  if (question.step >= kShortestSlot && question.step % kShortestSlot == core::Duration(0))
    return Span{window.start, window.end, question.step};
  return error(fmt::format("Dynatrace makes no points of {}", core::format_duration(question.step)),
               "give the metric a `step` of whole minutes");
}

std::string resolution_of(core::Duration slot) {
  const std::int64_t minutes = std::chrono::duration_cast<std::chrono::minutes>(slot).count();
  if (minutes == 0) return "Inf";
  return minutes % 60 == 0 ? fmt::format("{}h", minutes / 60) : fmt::format("{}m", minutes);
}

std::optional<core::Duration> parse_resolution(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error != std::errc() || count <= 0 || count > 100000 || unit.size() != 1) return std::nullopt;
  switch (unit.front()) {
    case 'm':
      return std::chrono::minutes(count);
    case 'h':
      return std::chrono::hours(count);
    case 'd':
      return std::chrono::days(count);
    case 'w':
      return std::chrono::weeks(count);
    default:
      return std::nullopt;
  }
}

Parameters parameters_of(const Query& query, const Span& span) {
  Parameters out = {{"metricSelector", query.metric_selector},
                    {"from", std::to_string(span.start.time_since_epoch().count())},
                    {"to", std::to_string(span.end.time_since_epoch().count())},
                    {"resolution", resolution_of(span.slot)}};
  if (!query.entity_selector.empty()) out.emplace_back("entitySelector", query.entity_selector);
  if (!query.mz_selector.empty()) out.emplace_back("mzSelector", query.mz_selector);
  return out;
}

std::string describe(const Query& query) {
  std::string out = query.metric_selector;
  if (!query.entity_selector.empty()) out += ", entities " + query.entity_selector;
  if (!query.mz_selector.empty()) out += ", management zones " + query.mz_selector;
  return core::printable(out);
}

std::string describe(const Span& span) {
  return fmt::format("from={} to={} resolution={}", core::format_time(span.start), core::format_time(span.end),
                     resolution_of(span.slot));
}

core::QueryFacts facts(const Settings& settings) {
  core::QueryFacts out;
  const std::string resolution = settings.text("resolution").value_or("");
  out.uses_window = resolution.find("{{window}}") != std::string::npos;
  out.uses_step = resolution.find("{{step}}") != std::string::npos;
  if (const auto selector = read_selector(settings.text("metric_selector").value_or(""))) {
    for (const Doubt& doubt : kDoubts) {
      if (has(*selector, doubt.transformation)) out.notes.emplace_back(doubt.note);
    }
  }
  if (out.uses_window) return out;
  const auto length = core::parse_duration(resolution);
  out.longest_range = length.ok() ? *length : kShortestSlot;
  if (settings.has("resolution")) out.range_location = settings.location("resolution", settings.location_of_table);
  return out;
}

}  // namespace gate::sources::dynatrace
