#include "sources/unleash/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "sources/api_values.h"
#include "sources/flags.h"

namespace gate::sources::unleash {
namespace {

constexpr double kWholeWeight = 1000.0;

double percent_at(const JsonAt& at) {
  const double percent = at.numeric();
  if (percent < 0.0 || percent > 100.0) at.refuse("a share from 0 to 100");
  return percent;
}

std::optional<JsonAt> rollout_in(const JsonAt& strategy) {
  const auto parameters = strategy.find("parameters");
  return parameters ? parameters->find("rollout") : std::nullopt;
}

Strategy decode_strategy(const JsonAt& one) {
  Strategy out;
  out.name = one.need("name").text();
  out.is_for_some = !one.items_of("constraints").empty() || !one.items_of("segments").empty();
  const auto rollout = rollout_in(one);
  if (out.name == "flexibleRollout" && rollout) {
    out.share = percent_at(*rollout) / 100.0;
  } else if (out.name != "default") {
    out.is_for_some = true;
  }
  for (const JsonAt& variant : one.items_of("variants"))
    out.variants.emplace_back(variant.need("name").text(), variant.need("weight").numeric() / kWholeWeight);
  return out;
}

}  // namespace

Flag decode_flag(const JsonAt& root, const std::string& environment) {
  Flag flag;
  const auto flag_of = [&](const char* key) {
    const auto found = root.find(key);
    return found && found->flag();
  };
  flag.stale = flag_of("stale");
  flag.archived = flag_of("archived");
  for (const JsonAt& one : root.need("environments").items()) {
    flag.environments.push_back(one.need("name").text());
    if (flag.environments.back() != environment) continue;
    flag.has_environment = true;
    flag.enabled = one.need("enabled").flag();
    for (const JsonAt& strategy : one.items_of("strategies")) {
      const auto disabled = strategy.find("disabled");
      if (!disabled || !disabled->flag()) flag.strategies.push_back(decode_strategy(strategy));
    }
  }
  return flag;
}

core::Result<double> rollout_of(const Flag& flag, const std::string& variant) {
  if (!flag.enabled) return 0.0;
  // Without a strategy it is on for everybody.
  if (flag.strategies.empty() && variant.empty()) return 1.0;
  const auto everybody = std::find_if(flag.strategies.begin(), flag.strategies.end(),
                                      [](const Strategy& one) { return !one.is_for_some && one.share == 1.0; });
  if (variant.empty() && everybody != flag.strategies.end()) return 1.0;
  if (flag.strategies.size() != 1)
    return no_share(fmt::format("the flag has {} strategies, and their shares are not told together", flag.strategies.size()));
  const Strategy& only = flag.strategies.front();
  if (only.is_for_some)
    return no_share(
        fmt::format("the strategy `{}` is for some users alone, so that its share is none of all", core::printable(only.name)));
  if (variant.empty()) return only.share;
  const auto found =
      std::find_if(only.variants.begin(), only.variants.end(), [&](const auto& one) { return one.first == variant; });
  if (found == only.variants.end()) return no_share(fmt::format("the strategy has no variant `{}`", core::printable(variant)));
  return only.share * found->second;
}

Evaluations decode_evaluations(const JsonAt& root, const std::string& environment, const std::string& variant) {
  Evaluations out;
  std::map<core::Time, Hour> hours;
  std::set<std::string> applications;
  for (const JsonAt& one : root.need("data").items()) {
    const core::Time start = time_at(one.need("timestamp"));
    out.first = std::min(out.first.value_or(start), start);
    applications.insert(one.need("appName").text());
    if (one.need("environment").text() != environment) continue;
    Hour& hour = hours[start];
    hour.start = start;
    const double yes = one.need("yes").numeric();
    hour.evaluated += yes + one.need("no").numeric();
    const auto variants = one.find("variants");
    const auto of_variant = variants && !variant.empty() ? variants->find(variant) : std::nullopt;
    hour.exposed += variant.empty() ? yes : of_variant ? of_variant->numeric() : 0.0;
  }
  for (const auto& [start, hour] : hours) out.hours.push_back(hour);
  out.applications = applications.size();
  return out;
}

std::vector<Event> decode_events(const JsonAt& root, std::size_t& total) {
  std::vector<Event> out;
  total = static_cast<std::size_t>(root.need("total").numeric());
  for (const JsonAt& one : root.need("events").items()) {
    Event event;
    event.at = time_at(one.need("createdAt"));
    event.type = one.need("type").text();
    const auto before = one.find("preData");
    const auto after = one.find("data");
    const auto from = before ? rollout_in(*before) : std::nullopt;
    const auto to = after ? rollout_in(*after) : std::nullopt;
    if (from && to) event.lowered_by = std::max(0.0, percent_at(*from) - percent_at(*to));
    out.push_back(std::move(event));
  }
  return out;
}

core::State state_of(const Flag& flag) {
  using Level = core::State::Level;
  if (flag.archived) return {Level::error, "archived", "the flag is archived", {}};
  if (flag.stale) return {Level::warning, "stale", "the flag is marked as stale: it should be removed", {}};
  return {Level::ok, flag.enabled ? "enabled" : "disabled", "", {}};
}

}  // namespace gate::sources::unleash
