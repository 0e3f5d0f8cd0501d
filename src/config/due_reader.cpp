#include "config/due_reader.h"

#include <fmt/format.h>

#include <utility>

#include "config/criterion_reader.h"
#include "core/text.h"

namespace gate::config {
namespace {

constexpr const char* kExample = R"(write goals = [{ after = "7d", at_least = "10%" }, { after = "30d", at_least = "25%" }])";

void warn_of_direction(const Goal& goal, const Metric& metric, const core::Location& place, const ReadContext& context) {
  const bool against = goal.at_least ? metric.better == Better::lower : metric.better == Better::higher;
  if (!against) return;
  context.warning("RG0206",
                  fmt::format("a goal of `{}`, although {} is declared better = \"{}\"", goal.at_least ? "at_least" : "at_most",
                              metric.id, name(metric.better)),
                  place, "the goal decides; change it or `better` when that is not meant");
}

std::optional<Goal> read_goal(const core::Node& node, const std::string& path, const Metric& metric,
                              const ReadContext& context) {
  TableReader reader(node, path, context);
  if (node.table() == nullptr) return std::nullopt;  // which the reader has reported
  Goal goal;
  const bool says_when = reader.has("after");
  const auto after = reader.duration("after");
  const core::Node* least = reader.take("at_least");
  const core::Node* most = reader.take("at_most");
  reader.finish();
  if (!says_when) {
    context.error("RG0247", "a goal without `after`: nothing says when it is judged", node.location,
                  R"(add after = "7d": so long after the release)");
  }
  if ((least == nullptr) == (most == nullptr)) {
    context.error("RG0247",
                  least == nullptr ? "a goal without a bound: it would let everything pass"
                                   : "a goal has one bound, `at_least` or `at_most`",
                  node.location,
                  least == nullptr ? R"(add at_least = "10%", or at_most)" : "write two metrics, or leave one of them out");
    return std::nullopt;
  }
  goal.at_least = least != nullptr;
  auto bound = read_bound(goal.at_least ? *least : *most, Rule::goals, metric, context);
  if (!after || !bound) return std::nullopt;
  goal.after = *after;
  goal.bound = std::move(*bound);
  warn_of_direction(goal, metric, node.location, context);
  return goal;
}

/// What the value must be whatever the time says something else than goals that change with it.
void refuse_neighbours(TableReader& reader, const ReadContext& context) {
  for (const std::string_view key : {"target", "equals", "tolerance"}) {
    if (!reader.has(key)) continue;
    context.error("RG0247", fmt::format("`goals` beside `{}`: one wants a value that grows, the other one that stays", key),
                  reader.key_place(key), "leave one of the two out, or write two metrics");
  }
}

/// "≥ 10% after 7d, ≥ 25% after 30d".
std::string written(const std::vector<Goal>& goals) {
  std::string out;
  for (const Goal& goal : goals) {
    out += fmt::format("{}{} {} after {}", out.empty() ? "" : ", ", goal.at_least ? "≥" : "≤", goal.bound.text,
                       core::format_duration(goal.after));
  }
  return out;
}

}  // namespace

std::optional<Criterion> read_goals(TableReader& reader, core::Level level, const Metric& metric, const ReadContext& context) {
  const core::Node* node = reader.take("goals");
  if (node == nullptr) return std::nullopt;
  Criterion out;
  out.level = level;
  out.rule = Rule::goals;
  out.location = reader.key_place("goals");
  const auto* list = node->array();
  if (list == nullptr || list->empty()) {
    context.error("RG0247",
                  list == nullptr ? fmt::format("`{}.goals` must be a list of goals, not {}", reader.path(), node->kind_name())
                                  : fmt::format("`{}.goals` is an empty list: it would let everything pass", reader.path()),
                  node->location, kExample);
    return std::nullopt;
  }
  refuse_neighbours(reader, context);
  for (const core::Node& item : *list) {
    auto goal = read_goal(item, reader.path() + ".goals", metric, context);
    if (!goal) continue;
    if (!out.goals.empty() && goal->after <= out.goals.back().after) {
      context.error("RG0247",
                    fmt::format("the goal after {} stands behind the one after {}", core::format_duration(goal->after),
                                core::format_duration(out.goals.back().after)),
                    item.location, "goals stand in the order of their time, each later than the one before it");
      continue;
    }
    out.goals.push_back(std::move(*goal));
  }
  if (out.goals.empty()) return std::nullopt;
  out.bounds = {out.goals.front().bound};
  out.text = written(out.goals);
  return out;
}

void read_from(TableReader& reader, std::vector<Criterion>& criteria, const ReadContext& context) {
  if (!reader.has("from")) return;
  const core::Location place = reader.value_place("from");
  const auto found = reader.text_or_reference("from");
  if (!found) return;
  if (!found->unset.empty()) {
    context.error("RG0407", fmt::format("`{}.from` has no value: {} is not set", reader.path(), found->unset), place,
                  "nobody would know whether the bounds hold yet: give it a default");
    return;
  }
  const auto time = core::parse_time(found->text);
  if (!time) {
    core::Error error = time.error();
    error.location = place;
    context.diagnostics.push_back({core::Severity::error, std::move(error)});
    return;
  }
  for (Criterion& criterion : criteria) criterion.from = *time;
}

}  // namespace gate::config
