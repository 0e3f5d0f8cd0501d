#include "sources/new_relic/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace gate::sources::new_relic {
namespace {

core::Time time_of_seconds(const JsonAt& value) {
  return core::Time(core::Duration(std::llround(value.number() * 1000.0)));
}

core::Time time_of_ms(const JsonAt& value) {
  return core::Time(core::Duration(std::llround(value.number())));
}

std::vector<std::string> facets_of(const JsonAt& container) {
  std::vector<std::string> out;
  const auto metadata = container.find("metadata");
  if (!metadata) return out;
  for (const JsonAt& name : metadata->items_of("facets")) out.push_back(name.text());
  return out;
}

std::string text_of(const JsonAt& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.text();
  return value.is_number() ? fmt::format("{}", value.number()) : (value.flag() ? "true" : "false");
}

core::Labels labels_of(const JsonAt& result, const std::vector<std::string>& facets) {
  core::Labels out;
  const auto facet = result.find("facet");
  if (!facet) return out;
  const std::vector<JsonAt> values = facet->is_array() ? facet->items() : std::vector<JsonAt>{*facet};
  for (std::size_t i = 0; i < values.size(); ++i)
    out[i < facets.size() ? facets[i] : fmt::format("facet{}", i == 0 ? "" : std::to_string(i + 1))] = text_of(values[i]);
  return out;
}

/// The results of a row, without what says where and of what it is.
std::vector<std::pair<std::string, JsonAt>> values_in(const JsonAt& result, const std::vector<std::string>& facets) {
  std::vector<std::pair<std::string, JsonAt>> out = result.members();
  std::erase_if(out, [&](const auto& member) {
    const std::string& name = member.first;
    return name == "beginTimeSeconds" || name == "endTimeSeconds" || name == "facet" ||
           std::find(facets.begin(), facets.end(), name) != facets.end();
  });
  return out;
}

std::vector<std::string> names_of(const std::vector<std::pair<std::string, JsonAt>>& members) {
  std::vector<std::string> out;
  out.reserve(members.size());
  for (const auto& [name, value] : members) out.push_back(name);
  return out;
}

/// The one of `members` that is called `wanted`, or the only one.
JsonAt chosen(const std::vector<std::pair<std::string, JsonAt>>& members, const std::string& wanted, std::string_view key,
              std::string_view whose) {
  if (wanted.empty() && members.size() == 1) return members.front().second;
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.first == wanted; });
  if (found != members.end()) return found->second;
  const std::string has = core::list_names(names_of(members), "and");
  throw Unusable{"RG1985",
                 wanted.empty() ? fmt::format("{} has {} values, and one is wanted: {}", whose, members.size(), has)
                                : fmt::format("{} has no `{}`: it has {}", whose, wanted, has),
                 fmt::format("say which with `{}`", key)};
}

std::optional<double> number_of(const JsonAt& value, const Query& query) {
  if (value.is_null()) return std::nullopt;
  if (value.is_object()) {
    const JsonAt inner = chosen(value.members(), query.member, "member", "the result");
    if (inner.is_null()) return std::nullopt;
    if (inner.is_number()) return inner.number();
  } else if (value.is_number()) {
    return value.number();
  }
  throw Unusable{"RG1985", "a result is text or a list, and numbers are compared",
                 "select a function that gives one number: count(*), average(duration), percentile(duration, 95)"};
}

/// The end of the bucket of `result`; nullopt when it reaches over the edges of `grid`.
std::optional<core::Time> bucket_end(const JsonAt& result, const Grid& grid) {
  const core::Time begin = time_of_seconds(result.need("beginTimeSeconds"));
  const core::Time end = time_of_seconds(result.need("endTimeSeconds"));
  if (begin < grid.start || end > grid.end()) return std::nullopt;
  if (end - begin == grid.step && (begin - grid.start) % grid.step == core::Duration(0)) return end;
  throw Unusable{"RG1987",
                 fmt::format("New Relic answers with steps of {} from {}, and was asked for {}",
                             core::format_duration(end - begin), core::format_time(begin), core::format_duration(grid.step)),
                 "give the metric a longer `step`: metrics that were rolled up have no shorter ones"};
}

/// Which window the answer is for, when it is not the one that was asked for; "".
std::string moved_window(const JsonAt& container, const Grid& grid) {
  const auto metadata = container.find("metadata");
  const auto window = metadata ? metadata->find("timeWindow") : std::nullopt;
  if (!window || !window->find("begin") || !window->find("end")) return "";
  const core::Time begin = time_of_ms(window->need("begin"));
  const core::Time end = time_of_ms(window->need("end"));
  if (begin == grid.start && end == grid.end()) return "";
  return fmt::format("New Relic answers for {} to {}, and was asked for {} to {}", core::format_time(begin),
                     core::format_time(end), core::format_time(grid.start), core::format_time(grid.end()));
}

}  // namespace

void add_results(Decoded& decoded, const JsonAt& container, const Query& query, const Grid& grid, bool in_parts) {
  if (decoded.moved.empty()) decoded.moved = moved_window(container, grid);
  const std::vector<std::string> facets = facets_of(container);
  if (const auto metadata = container.find("metadata")) {
    for (const JsonAt& message : metadata->items_of("messages")) {
      if (std::find(decoded.messages.begin(), decoded.messages.end(), message.text()) == decoded.messages.end())
        decoded.messages.push_back(message.text());
    }
  }
  for (const JsonAt& result : container.need("results").items()) {
    const auto end = in_parts ? bucket_end(result, grid) : std::optional<core::Time>(grid.end());
    if (!end) {
      ++decoded.outside;
      continue;
    }
    const auto number = number_of(chosen(values_in(result, facets), query.value, "value", "a row of the answer"), query);
    auto& points = decoded.points[labels_of(result, facets)];
    if (number && !points.emplace(*end, *number).second)
      throw Unusable{"RG1985", "the answer has several rows for the same time", "ask for one number, or say FACET and `each`"};
  }
}

bool has_more_than_zero(const Decoded& decoded) {
  return std::any_of(decoded.points.begin(), decoded.points.end(), [](const auto& series) {
    return std::any_of(series.second.begin(), series.second.end(), [](const auto& point) { return point.second != 0.0; });
  });
}

std::vector<core::Series> series_of(const Decoded& decoded) {
  std::vector<core::Series> out;
  for (const auto& [labels, points] : decoded.points) {
    core::Series series;
    series.labels = labels;
    for (const auto& [time, value] : points) {
      series.times.push_back(time);
      series.values.push_back(value);
    }
    if (!series.times.empty()) out.push_back(std::move(series));
  }
  return out;
}

}  // namespace gate::sources::new_relic
