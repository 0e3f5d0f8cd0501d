#include "sources/launchdarkly/decode.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "sources/flags.h"

namespace gate::sources::launchdarkly {
namespace {

constexpr double kWholeWeight = 100000.0;

/// A value as people write it; "" for objects and lists.
std::string text_of(const JsonAt& value) {
  if (value.is_string()) return value.text();
  if (value.is_number()) return fmt::format("{}", value.number());
  if (value.is_array() || value.is_object() || value.is_null()) return "";
  return value.flag() ? "true" : "false";
}

std::size_t index_at(const JsonAt& at, std::size_t count) {
  const double number = at.number();
  if (number < 0.0 || number >= static_cast<double>(count)) at.refuse("the number of a variation");
  return static_cast<std::size_t>(number);
}

/// A flag that is served one variation has all of its weight there.
std::vector<double> shares_in(const JsonAt& fallthrough, std::size_t count) {
  std::vector<double> shares(count, 0.0);
  if (const auto rollout = fallthrough.find("rollout")) {
    for (const JsonAt& one : rollout->need("variations").items())
      shares[index_at(one.need("variation"), count)] += one.need("weight").number() / kWholeWeight;
  } else {
    shares[index_at(fallthrough.need("variation"), count)] = 1.0;
  }
  return shares;
}

std::optional<std::size_t> find_variation(const Flag& flag, const std::string& name) {
  const std::string wanted = name.empty() ? "true" : name;
  for (std::size_t i = 0; i < flag.variations.size(); ++i) {
    const auto& names = flag.variations[i];
    if (std::find(names.begin(), names.end(), wanted) != names.end()) return i;
  }
  return std::nullopt;
}

/// What is served to all for whom no rule decides, whether the flag is on or off.
double served(const Flag& flag, std::size_t variation) {
  if (flag.on) return flag.shares[variation];
  return flag.off_variation == variation ? 1.0 : 0.0;
}

}  // namespace

Flag decode_flag(const JsonAt& root, const std::string& environment) {
  Flag flag;
  for (const JsonAt& one : root.need("variations").items()) {
    std::vector<std::string> names;
    for (const char* key : {"_id", "name"}) {
      if (std::string text = one.text_of(key); !text.empty()) names.push_back(std::move(text));
    }
    if (const auto value = one.member("value")) {
      if (std::string text = text_of(*value); !text.empty()) names.push_back(std::move(text));
    }
    flag.variations.push_back(std::move(names));
  }
  for (const auto& [name, one] : root.need("environments").members()) flag.environments.push_back(name);
  const auto found = root.need("environments").find(environment);
  if (!found) return flag;
  flag.has_environment = true;
  flag.on = found->need("on").flag();
  for (const char* key : {"rules", "targets", "contextTargets", "prerequisites"})
    flag.has_rules = flag.has_rules || !found->items_of(key).empty();
  if (const auto off = found->find("offVariation")) flag.off_variation = index_at(*off, flag.variations.size());
  flag.shares = shares_in(found->need("fallthrough"), flag.variations.size());
  return flag;
}

core::Result<double> rollout_of(const Flag& flag, const std::string& variation) {
  const auto index = find_variation(flag, variation);
  if (!index) {
    return no_share(variation.empty() ? "the flag has no variation true: name one with `variation`"
                                      : fmt::format("the flag has no variation `{}`", core::printable(variation)));
  }
  if (flag.on && flag.has_rules)
    return no_share("rules, targets or prerequisites decide for some users, so that the share is none of all");
  return served(flag, *index);
}

std::vector<Entry> decode_entries(const JsonAt& root, std::string& next) {
  std::vector<Entry> out;
  for (const JsonAt& one : root.need("items").items()) {
    Entry entry;
    entry.id = one.need("_id").text();
    entry.at = core::Time(core::Duration(static_cast<std::int64_t>(one.need("date").number())));
    for (const JsonAt& access : one.items_of("accesses")) entry.actions.push_back(access.text_of("action"));
    out.push_back(std::move(entry));
  }
  const auto links = root.find("_links");
  const auto link = links ? links->find("next") : std::nullopt;
  next = link ? link->text_of("href") : "";
  return out;
}

Change decode_change(const JsonAt& root, const std::string& environment, const std::string& variation) {
  const auto before = root.find("previousVersion");
  const auto after = root.find("currentVersion");
  if (!before || !after) return {};
  const Flag from = decode_flag(*before, environment);
  const Flag to = decode_flag(*after, environment);
  if (!from.has_environment || !to.has_environment) return {};
  Change change;
  change.turned_off = from.on && !to.on;
  const auto was = find_variation(from, variation);
  const auto is = find_variation(to, variation);
  if (was && is) change.lowered = from.on && to.on && served(to, *is) < served(from, *was);
  return change;
}

core::State decode_status(const JsonAt& root) {
  using Level = core::State::Level;
  const std::string name = root.need("name").text();
  if (name == "active" || name == "launched") return {Level::ok, name, "", {}};
  if (name == "inactive") return {Level::warning, name, "nobody has asked for the flag for seven days", {}};
  if (name == "new") return {Level::none, name, "the flag was never asked for", {}};
  root.need("name").refuse("new, active, inactive or launched");
}

}  // namespace gate::sources::launchdarkly
