#include "config/metric_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/criterion_reader.h"
#include "config/estimand_reader.h"
#include "config/findings_reader.h"
#include "config/formula_check.h"
#include "config/kayenta_reader.h"
#include "config/nature.h"
#include "config/part_reader.h"
#include "config/placebo_reader.h"
#include "config/slo_reader.h"
#include "core/text.h"

namespace gate::config {
namespace {

void read_identity(TableReader& reader, Metric& metric) {
  metric.title = reader.text("title").value_or(metric.id);
  metric.category = reader.text("category").value_or("");
  metric.link = reader.text("link").value_or("");
  metric.stage = reader.text("stage").value_or("");
  metric.source = reader.text("source").value_or("");
  if (const auto better = reader.choice<Better>("better", {{"lower", Better::lower}, {"higher", Better::higher}})) {
    metric.better = *better;
  }
}

/// What the metric's question is by itself, where that is known.
using Nature = std::optional<core::QueryFacts>;

/// A kind that is not said or not known is taken from the parts, so that one slip is one diagnostic.
void read_kind(TableReader& reader, Metric& metric, const Nature& nature, const ReadContext& context) {
  const auto kind = reader.choice<Kind>("kind", {{"samples", Kind::samples},
                                                 {"value", Kind::value},
                                                 {"ratio", Kind::ratio},
                                                 {"count", Kind::count},
                                                 {"histogram", Kind::histogram},
                                                 {"slo", Kind::slo},
                                                 {"derived", Kind::derived},
                                                 {"status", Kind::status},
                                                 {"findings", Kind::findings}});
  if (kind) {
    metric.kind = *kind;
  } else if ((reader.has("formula") && !reader.has("source")) || reader.has("objective")) {
    // Beside a source, `formula` is a key of its question.
    const std::string_view key = reader.has("objective") ? "objective" : "formula";
    metric.kind = key == "formula" ? Kind::derived : Kind::slo;
    if (!reader.has("kind")) {
      context.error("RG0103", fmt::format("[metrics.{}] has no `kind`, and it has a `{}`", metric.id, key),
                    reader.key_place(key), fmt::format("add kind = \"{}\"", name(metric.kind)));
    }
  } else if (reader.has("buckets")) {
    metric.kind = Kind::histogram;
    if (!reader.has("kind")) {
      context.error("RG0103", fmt::format("[metrics.{}] has no `kind`, and `buckets` is the part of a histogram", metric.id),
                    reader.key_place("buckets"), R"(add kind = "histogram")");
    }
  } else if (reader.has("events")) {
    metric.kind = reader.has("total") ? Kind::ratio : Kind::count;
    if (!reader.has("kind")) {
      context.error("RG0103",
                    fmt::format("[metrics.{}] has no `kind`, and `events` is a part of a ratio or a count", metric.id),
                    reader.key_place("events"), fmt::format("add kind = \"{}\"", name(metric.kind)));
    }
  } else if (nature && !reader.has("kind")) {
    metric.kind = natural_kind(*nature);
  }
  check_nature(reader, metric, nature, context);
}

/// Units as people spell them out, with what is meant.
std::string_view short_unit(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kShort = {{{"second", "s"},
                                                                                     {"seconds", "s"},
                                                                                     {"sec", "s"},
                                                                                     {"secs", "s"},
                                                                                     {"millisecond", "ms"},
                                                                                     {"milliseconds", "ms"},
                                                                                     {"msec", "ms"},
                                                                                     {"microseconds", "us"},
                                                                                     {"minutes", "min"},
                                                                                     {"hours", "h"},
                                                                                     {"byte", "B"},
                                                                                     {"bytes", "B"},
                                                                                     {"percent", "%"},
                                                                                     {"ratio", "1"},
                                                                                     {"cores", "core"}}};
  for (const auto& [spelled, symbol] : kShort) {
    if (spelled == word) return symbol;
  }
  return "";
}

/// "80%" of a measure that comes as 71.4 must never mean 0.8: what the source knows of the unit holds.
void check_natural_unit(TableReader& reader, Metric& metric, const Nature& nature, const ReadContext& context) {
  if (!nature || nature->natural_unit.empty() || metric.unit.symbol == nature->natural_unit) return;
  if (reader.has("unit")) {
    context.error("RG0213",
                  fmt::format("{} comes in \"{}\", not in \"{}\"", metric.id, nature->natural_unit, metric.unit.symbol),
                  reader.value_place("unit"), fmt::format("leave `unit` out, or write \"{}\"", nature->natural_unit));
  }
  metric.unit = *core::parse_unit(nature->natural_unit);
}

/// A is the best: which way is better need not be said, and cannot be otherwise.
void rank_ratings(TableReader& reader, Metric& metric, const ReadContext& context) {
  if (!metric.unit.is_rating()) return;
  if (metric.better == Better::higher) {
    context.error("RG0236", "of ratings the lower is better: A is 1, E is 5", reader.value_place("better"),
                  "leave `better` out");
  }
  metric.better = Better::lower;
}

void read_unit(TableReader& reader, Metric& metric, const ReadContext& context) {
  metric.unit_location = metric.location;
  if (metric.kind == Kind::count && !reader.has("exposure")) metric.unit = *core::parse_unit("1/s");
  const auto text = reader.text("unit");
  if (!text) return;
  auto unit = core::parse_unit(*text);
  const std::string_view meant = short_unit(*text);
  if (!unit || !meant.empty()) {
    core::Error error = unit ? core::Error{"RG0210", fmt::format("\"{}\" is not a unit", *text), "", {}, {}} : unit.error();
    if (!meant.empty()) error.hint = fmt::format("write \"{}\"", meant);
    error.location = reader.value_place("unit");
    context.diagnostics.push_back({core::Severity::error, std::move(error)});
    return;
  }
  metric.unit = *unit;
  metric.unit_location = reader.value_place("unit");
  const bool fits = metric.kind == Kind::ratio ? unit->dimension == "1" : true;
  const bool rate_fits = metric.kind != Kind::count || reader.has("exposure") || unit->dimension.ends_with("/time");
  if (!fits) {
    context.error("RG0213", fmt::format("a ratio is a proportion, \"{}\" is {}", *text, core::describe_dimension(*unit)),
                  reader.value_place("unit"), R"(leave `unit` out, or write "%")");
  } else if (!rate_fits) {
    context.error("RG0213", fmt::format("a count is events per time, \"{}\" is {}", *text, core::describe_dimension(*unit)),
                  reader.value_place("unit"), R"(write "1/h" or "1/d", or give the metric an `exposure`)");
  }
}

void read_weighting(TableReader& reader, Metric& metric, const ReadContext& context) {
  if (const auto judged = reader.boolean("judge")) metric.judged = *judged;
  if (const auto weight = reader.number("weight")) {
    if (*weight >= 0.0) {
      metric.weight = *weight;
    } else {
      context.error("RG0203", fmt::format("`{}.weight` must not be negative", reader.path()), reader.value_place("weight"),
                    "0 leaves the metric out of the score");
    }
  }
}

void read_several_series(TableReader& reader, Metric& metric, const ReadContext& context) {
  metric.each = reader.text("each").value_or("");
  if (const auto combine = reader.choice<Combine>(
          "combine", {{"sum", Combine::sum}, {"mean", Combine::mean}, {"max", Combine::max}, {"min", Combine::min}})) {
    metric.combine = *combine;
  }
  if (!metric.each.empty() && metric.combine != Combine::none) {
    context.error("RG0216", "`each` and `combine` exclude each other", reader.key_place("combine"),
                  "each judges every series on its own, combine makes one of them");
  }
  static const std::vector<std::pair<std::string, core::Verdict>> kVerdicts = {{"pass", core::Verdict::pass},
                                                                               {"warn", core::Verdict::warn},
                                                                               {"inconclusive", core::Verdict::inconclusive},
                                                                               {"fail", core::Verdict::fail}};
  if (const auto verdict = reader.choice<core::Verdict>("on_new", kVerdicts)) metric.on_new = *verdict;
  if (const auto verdict = reader.choice<core::Verdict>("on_gone", kVerdicts)) metric.on_gone = *verdict;
}

void read_all_criteria(TableReader& reader, Metric& metric, const ReadContext& context) {
  if (metric.kind == Kind::status) return read_state_criterion(reader, metric, context);
  read_kayenta(reader, metric, context);
  if (is_kayenta(metric)) return;
  for (const core::Level level : {core::Level::fail, core::Level::warn}) {
    const core::Node* table = reader.take(core::name(level));
    if (table == nullptr) continue;
    for (const core::Node* one : tables_of_bounds(*table, metric)) {
      for (Criterion& criterion : read_criteria(*one, level, metric, context)) metric.criteria.push_back(std::move(criterion));
    }
  }
  const bool has_fail = reader.has("fail");
  metric.required = reader.boolean("required").value_or(has_fail && metric.judged);
  if (metric.required && metric.judged && !has_fail && !reader.has("warn")) {
    context.error("RG0217", fmt::format("{} is required and has no bound: nothing could be judged", metric.id),
                  reader.key_place("required"), R"(add fail = { increase_over = "10%" }, or leave `required` out)");
  }
  for (const Criterion& criterion : metric.criteria) {
    if (metric.compare.design == Design::none && is_change(criterion.rule)) {
      context.error("RG0218",
                    fmt::format("`{}` compares with a baseline, and design = \"none\" has none", name(criterion.rule)),
                    criterion.location, "use `above` or `below`, or another design");
    }
  }
}

/// Keys that are right by themselves and do nothing here: most likely something else was meant.
void warn_of_no_effect(TableReader& reader, const Metric& metric, const ReadContext& context) {
  const auto warn = [&](std::string_view key, std::string_view because) {
    if (reader.has(key)) {
      context.warning("RG0220", fmt::format("`{}` has no effect: {}", key, because), reader.key_place(key),
                      "remove it, or what stands against it");
    }
  };
  if (!metric.judged) {
    for (const std::string_view key : {"fail", "warn", "required"}) warn(key, "the metric has judge = false");
  }
  if (metric.kind == Kind::status) {
    for (const std::string_view key : {"unit", "better", "aggregate", "combine", "method", "min_samples", "min_events", "step",
                                       "range", "overlap", "anchor", "early", "design", "baseline"}) {
      warn(key, "the metric is a status, which is asked for as it is now");
    }
  }
  if (metric.each.empty()) {
    for (const std::string_view key : {"on_new", "on_gone"}) warn(key, "the metric has no `each`");
  }
  const Design design = metric.compare.design;
  if (design == Design::previous_releases) warn("baseline", "the history has the baseline");
  if (design != Design::side_by_side) warn("split", fmt::format("the design is {}", name(design)));
  if (metric.kind != Kind::ratio && metric.cluster.empty())
    warn("split", "only ratios and clusters have units that are counted");
  if (design != Design::previous_releases && metric.kind != Kind::derived) {
    for (const std::string_view key : {"releases", "anchor_release", "on_few_releases"})
      warn(key, fmt::format("the design is {}", name(design)));
  }
}

/// Whether all that stands in the metric is that it is off: no pack brings it.
bool disables_nothing(const core::Node& node) {
  return node.table()->size() == 1;
}

}  // namespace

std::optional<Metric> read_metric(const std::string& id, const core::Node& node, const Gate& gate,
                                  const MetricDefaults& defaults, const LoadOptions& options, const ReadContext& context) {
  TableReader reader(node, fmt::format("metrics.{}", id), context);
  if (const auto enabled = reader.boolean("enabled"); enabled && !*enabled) {
    if (disables_nothing(node)) {
      context.warning("RG0220", fmt::format("`enabled = false` has no effect: no pack has a metric `{}`", id),
                      reader.key_place("enabled"), "remove the table, or mend its name");
    }
    return std::nullopt;
  }
  Metric metric;
  metric.id = id;
  metric.location = node.location;
  metric.compare = defaults.compare;
  metric.rules = defaults.rules;
  read_identity(reader, metric);
  const Nature nature = reader.has("events") || reader.has("buckets") ? std::nullopt : nature_of(reader, metric, gate, options);
  read_kind(reader, metric, nature, context);
  read_unit(reader, metric, context);
  check_natural_unit(reader, metric, nature, context);
  rank_ratings(reader, metric, context);
  read_aggregate(reader, metric, context);
  read_weighting(reader, metric, context);
  read_several_series(reader, metric, context);
  if (const auto overlap = reader.boolean("overlap")) metric.overlap = *overlap;
  metric.compare.own_step = reader.has("step");
  read_compare(reader, metric.compare, SideKeys::windows_and_question, context);
  if (metric.kind == Kind::status) metric.compare.design = Design::none;
  Statistics statistics = defaults.statistics;
  statistics.method_place.reset();
  statistics.cluster_place.reset();
  statistics.covariate_place.reset();
  read_statistics(reader, statistics);
  metric.method = statistics.method;
  metric.min_samples = statistics.min_samples;
  metric.min_events = statistics.min_events;
  metric.autocorrelation = statistics.autocorrelation;
  metric.dispersion = statistics.dispersion;
  metric.on_nan = statistics.on_nan;
  metric.on_partial = statistics.on_partial;
  metric.range = statistics.range;
  check_method(metric, statistics, context);
  read_quantile(reader, metric, context);
  settle_cluster(metric, statistics, gate, options, context);
  settle_covariate(metric, statistics, context);
  read_slo(reader, metric, context);
  read_findings(reader, metric, context);
  check_placebo(reader, metric, context);
  read_rules(reader, metric.rules, context);
  read_all_criteria(reader, metric, context);
  check_findings_bounds(metric, context);
  read_formula(reader, metric, context);
  if (metric.kind != Kind::derived) read_parts(reader, metric, gate, options, context);
  read_split_question(metric, gate, options, context);
  warn_of_no_effect(reader, metric, context);
  reader.belongs_elsewhere({"above", "below", "equals", "target", "tolerance", "increase_over", "decrease_over", "change_over",
                            "improve_by", "burn_over", "budget_left_below", "goals", "from"},
                           R"(it belongs into `fail` or `warn`: fail = { increase_over = "10%" })");
  if (const SourceConfig* source = gate.find_source(metric.source); source != nullptr && !source->type.empty()) {
    reader.keys_are_listed(
        fmt::format("all keys: docs/gate-file.md, and those of its question: release-gate sources {}", source->type));
  }
  reader.finish();
  return metric;
}

}  // namespace gate::config
