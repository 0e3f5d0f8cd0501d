#include "config/slo_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "config/due_reader.h"
#include "core/text.h"

namespace gate::config {
namespace {

constexpr std::string_view kWindowsHint =
    R"(add windows = ["1h", "5m"]: a long one that proves it matters, a short one that proves it still burns)";

void refuse(TableReader& reader, std::string_view key, const Metric& metric, std::string_view hint,
            const ReadContext& context) {
  if (!reader.has(key)) return;
  reader.take(key);
  context.error("RG0219", fmt::format("`{}` has no meaning for kind = \"{}\"", key, name(metric.kind)), reader.key_place(key),
                std::string(hint));
}

void read_objective(TableReader& reader, Slo& slo, const Metric& metric, const ReadContext& context) {
  const core::Node* node = reader.take("objective");
  if (node == nullptr) {
    context.error("RG0103", fmt::format("[metrics.{}] has no `objective`: kind = \"slo\" needs it", metric.id), metric.location,
                  R"(add objective = "99.9%": the share of events that must be good)");
    return;
  }
  std::string text;
  const auto share = read_share(*node, reader.path() + ".objective", context, text);
  if (!share) return;
  if (*share > 0.0 && *share < 1.0) {
    slo.objective = *share;
    return;
  }
  const bool forgot_percent = *share > 1.0 && *share < 100.0 && text.find('%') == std::string::npos;
  context.error(
      "RG0203", fmt::format("`{}.objective` must lie between 0 and 100 %, not at {}", reader.path(), text),
      reader.value_place("objective"),
      forgot_percent ? fmt::format("write \"{}%\"", text) : "an objective of 100 % leaves no error budget that could burn");
}

/// Windows over which a burn rate is taken, longest first.
std::vector<core::Duration> read_windows(TableReader& reader, const Slo& slo, const ReadContext& context) {
  std::vector<core::Duration> out;
  const core::Node* node = reader.take("windows");
  if (node == nullptr) return out;
  const auto* list = node->array();
  if (list == nullptr || list->empty()) {
    context.error("RG0244", fmt::format("`{}.windows` must be a list of durations", reader.path()), node->location,
                  R"(write windows = ["1h", "5m"])");
    return out;
  }
  for (const core::Node& item : *list) {
    const auto text = read_text(item, reader.path() + ".windows", context);
    if (!text) continue;
    const auto length = core::parse_duration(text->text);
    if (!length) {
      core::Error error = length.error();
      error.location = item.location;
      context.diagnostics.push_back({core::Severity::error, std::move(error)});
    } else if (length->count() <= 0 || *length > slo.period) {
      context.error("RG0244",
                    fmt::format("a burn rate over {} makes no sense for a budget of {}", core::format_duration(*length),
                                core::format_duration(slo.period)),
                    item.location, "a window is longer than nothing and no longer than the `period` of the SLO");
    } else {
      out.push_back(*length);
    }
  }
  std::sort(out.begin(), out.end(), std::greater<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<Criterion> read_burn(TableReader& reader, const Metric& metric, const std::vector<core::Duration>& own,
                                   bool gives_windows, const ReadContext& context) {
  const core::Node* node = reader.take("burn_over");
  if (node == nullptr) {
    if (gives_windows) {
      context.error("RG0244", "`windows` stands without a `burn_over`", reader.key_place("windows"),
                    R"(write burn_over = 14.4 beside it)");
    }
    return std::nullopt;
  }
  Criterion out;
  out.rule = Rule::burn_over;
  out.location = reader.key_place("burn_over");
  out.windows = gives_windows ? own : metric.slo->windows;
  if (out.windows.empty() && !gives_windows)
    context.error("RG0244", "`burn_over` needs windows to look at", out.location, std::string(kWindowsHint));
  const auto found = read_text(*node, reader.path() + ".burn_over", context);
  if (!found) return std::nullopt;
  const auto quantity = core::parse_quantity(found->unset.empty() ? found->text : "");
  if (!quantity || !quantity->bare || quantity->value <= 0.0) {
    context.error(
        "RG0203",
        fmt::format("`{}.burn_over` must be a number above 0: how many times faster than the budget allows", reader.path()),
        node->location, "14.4 spends two per cent of a budget of 30 days in an hour");
    return std::nullopt;
  }
  const double most = 1.0 / (1.0 - metric.slo->objective);
  if (metric.slo->objective > 0.0 && quantity->value >= most) {
    context.error(
        "RG0243",
        fmt::format(
            "a burn rate above {} cannot be: with every event bad, an objective of {} % burns {} times as fast as it may",
            found->text, core::format_number(metric.slo->objective * 100.0, 6), core::format_number(most)),
        node->location, fmt::format("use a limit below {}, or a higher objective", core::format_number(most)));
  }
  out.text = found->text;
  out.bounds.push_back({quantity->value, false, found->text});
  return out;
}

std::optional<Criterion> read_budget(TableReader& reader, const ReadContext& context) {
  const core::Node* node = reader.take("budget_left_below");
  if (node == nullptr) return std::nullopt;
  std::string text;
  const auto share = read_share(*node, reader.path() + ".budget_left_below", context, text);
  if (!share) return std::nullopt;
  if (*share < 0.0 || *share >= 1.0) {
    context.error("RG0203", fmt::format("`{}.budget_left_below` must be from 0 to under 100 %, not {}", reader.path(), text),
                  node->location, R"(write "10%": a tenth of the error budget must be left)");
    return std::nullopt;
  }
  Criterion out;
  out.rule = Rule::budget_left_below;
  out.location = reader.key_place("budget_left_below");
  out.text = text;
  out.bounds.push_back({*share, true, text});
  return out;
}

}  // namespace

std::optional<double> read_share(const core::Node& node, const std::string& path, const ReadContext& context,
                                 std::string& text) {
  const auto found = read_text(node, path, context);
  if (!found) return std::nullopt;
  if (!found->unset.empty()) {
    context.error("RG0407", fmt::format("`{}` has no value: {} is not set", path, found->unset), node.location,
                  "set it, or give it a default");
    return std::nullopt;
  }
  text = found->text;
  const auto quantity = core::parse_quantity(found->text);
  if (!quantity || quantity->unit.dimension != "1") {
    context.error("RG0203", fmt::format("`{}` must be a share, not \"{}\"", path, found->text), node.location,
                  R"(write it in per cent: "99.9%")");
    return std::nullopt;
  }
  return quantity->value * quantity->unit.scale;
}

void read_slo(TableReader& reader, Metric& metric, const ReadContext& context) {
  if (metric.kind != Kind::slo) {
    for (const std::string_view key : {"objective", "period", "windows"})
      refuse(reader, key, metric, R"(it belongs to kind = "slo")", context);
    return;
  }
  Slo slo;
  read_objective(reader, slo, metric, context);
  if (const auto period = reader.duration("period")) slo.period = *period;
  if (slo.period.count() <= 0) {
    context.error("RG0203", fmt::format("`{}.period` must be longer than nothing", reader.path()), reader.value_place("period"),
                  R"(write "30d")");
  }
  slo.windows = read_windows(reader, slo, context);
  refuse(reader, "unit", metric, "a burn rate has no unit: it is how many times faster than allowed the budget is spent",
         context);
  refuse(reader, "each", metric, "write one metric for each, with the label in its query", context);
  for (const std::string_view key : {"design", "baseline"}) {
    if (!reader.has(key)) continue;
    reader.take(key);
    context.warning(
        "RG0220",
        fmt::format("`{}` has no effect: an SLO is a promise on the service as it is now, compared with nothing", key),
        reader.key_place(key), "remove it");
  }
  metric.slo = std::move(slo);
  metric.each.clear();
  metric.compare.design = Design::none;
  metric.unit = core::Unit{"×", "×", 1.0};
}

std::vector<Criterion> read_slo_criteria(const core::Node& node, core::Level level, const Metric& metric,
                                         const ReadContext& context) {
  TableReader reader(node, fmt::format("metrics.{}.{}", metric.id, core::name(level)), context);
  std::vector<Criterion> criteria;
  const bool gives_windows = reader.has("windows");
  const std::vector<core::Duration> own = read_windows(reader, *metric.slo, context);
  if (auto burn = read_burn(reader, metric, own, gives_windows, context)) criteria.push_back(std::move(*burn));
  if (auto budget = read_budget(reader, context)) criteria.push_back(std::move(*budget));
  for (Criterion& criterion : criteria) criterion.level = level;
  read_from(reader, criteria, context);
  for (const std::string_view key : {"above", "below", "equals", "target", "tolerance", "increase_over", "decrease_over",
                                     "change_over", "improve_by", "goals"})
    refuse(reader, key, metric, "an SLO is judged by `burn_over` and `budget_left_below`", context);
  reader.finish();
  if (node.table() != nullptr && node.table()->empty()) {
    context.error("RG0209", fmt::format("[{}] is empty: it would let everything pass", reader.path()), node.location,
                  R"(add burn_over = 14.4 and windows = ["1h", "5m"], or remove the table)");
  }
  return criteria;
}

void refuse_slo_bounds(TableReader& reader, const Metric& metric, const ReadContext& context) {
  for (const std::string_view key : {"burn_over", "windows", "budget_left_below"})
    refuse(reader, key, metric, R"(it belongs to kind = "slo")", context);
}

std::vector<const core::Node*> tables_of_bounds(const core::Node& node, const Metric& metric) {
  const auto* list = node.array();
  if (metric.kind != Kind::slo || list == nullptr || list->empty()) return {&node};
  std::vector<const core::Node*> out;
  for (const core::Node& item : *list) out.push_back(&item);
  return out;
}

}  // namespace gate::config
