#include "config/kayenta_reader.h"

#include <fmt/format.h>

#include <limits>

namespace gate::config {
namespace {

/// A number inside [least, most]; RG0203 and the default otherwise.
void read_number(TableReader& reader, std::string_view key, double least, double most, double& out,
                 const ReadContext& context) {
  const auto number = reader.number(key);
  if (!number) return;
  if (*number >= least && *number <= most) {
    out = *number;
    return;
  }
  const std::string range = most == std::numeric_limits<double>::infinity() ? fmt::format("at least {}", least)
                                                                            : fmt::format("from {} to {}", least, most);
  context.error("RG0203", fmt::format("`{}.{}` must be {}, not {}", reader.path(), key, range, *number),
                reader.value_place(key));
}

void read_keys(TableReader& reader, Kayenta& out, const Metric& metric, const ReadContext& context) {
  constexpr double kNoLimit = std::numeric_limits<double>::infinity();
  using Direction = Kayenta::Direction;
  if (metric.better == Better::lower) out.direction = Direction::increase;
  if (metric.better == Better::higher) out.direction = Direction::decrease;
  out.direction = reader
                      .choice<Direction>(
                          "direction",
                          {{"increase", Direction::increase}, {"decrease", Direction::decrease}, {"either", Direction::either}})
                      .value_or(out.direction);
  out.cles = reader.choice<bool>("effect_size", {{"mean-ratio", false}, {"cles", true}}).value_or(false);
  const double most = out.cles ? 1.0 : kNoLimit;
  const double neutral = out.cles ? 0.5 : 1.0;
  out.allowed_increase = out.allowed_decrease = out.critical_increase = out.critical_decrease = neutral;
  read_number(reader, "allowed_increase", 0.0, most, out.allowed_increase, context);
  read_number(reader, "allowed_decrease", 0.0, most, out.allowed_decrease, context);
  read_number(reader, "critical_increase", 0.0, most, out.critical_increase, context);
  read_number(reader, "critical_decrease", 0.0, most, out.critical_decrease, context);
  read_number(reader, "tolerance", 0.0, kNoLimit, out.tolerance_ratio, context);
  read_number(reader, "confidence", 0.5, 0.9999, out.confidence, context);
  out.critical = reader.boolean("critical").value_or(false);
  out.must_have_data = reader.boolean("must_have_data").value_or(false);
  out.replace_nan = reader.choice<bool>("nan", {{"remove", false}, {"replace", true}}).value_or(false);
  const bool remove = reader.choice<bool>("outliers", {{"keep", false}, {"remove", true}}).value_or(false);
  double factor = 3.0;
  read_number(reader, "outlier_factor", 0.0, kNoLimit, factor, context);
  if (remove) {
    out.outlier_factor = factor;
  } else if (reader.has("outlier_factor")) {
    context.warning("RG0220", R"(`outlier_factor` has no effect: outliers are kept)", reader.key_place("outlier_factor"),
                    R"(add outliers = "remove", or take it out)");
  }
}

void refuse_bounds(TableReader& reader, const Metric& metric, const ReadContext& context) {
  for (const core::Level level : {core::Level::fail, core::Level::warn}) {
    if (reader.take(core::name(level)) == nullptr) continue;
    context.error("RG0239", fmt::format("{} is judged by Kayenta's rules, which have no bounds", metric.id),
                  reader.key_place(core::name(level)),
                  "remove it: High and Low fail; [metrics.ID.kayenta] says how much is allowed");
  }
}

}  // namespace

bool is_kayenta(const Metric& metric) {
  return metric.method == Method::kayenta && metric.kind == Kind::samples;
}

void read_kayenta(TableReader& reader, Metric& metric, const ReadContext& context) {
  const core::Node* table = reader.take("kayenta");
  if (!is_kayenta(metric)) {
    if (table != nullptr) {
      context.warning("RG0220", "`kayenta` has no effect: the method is another", reader.key_place("kayenta"),
                      R"(add method = "kayenta", or remove the table)");
    }
    return;
  }
  refuse_bounds(reader, metric, context);
  const Design design = metric.compare.design;
  if (!asks_baseline(design)) {
    context.error("RG0239", fmt::format("Kayenta's rules compare two samples, and design = \"{}\" has one", name(design)),
                  metric.location, "use before-after or side-by-side, or another method");
  }
  Kayenta rules;
  if (table != nullptr) {
    TableReader keys(*table, reader.path() + ".kayenta", context);
    read_keys(keys, rules, metric, context);
    keys.finish();
  } else if (metric.better != Better::unsaid) {
    rules.direction = metric.better == Better::lower ? Kayenta::Direction::increase : Kayenta::Direction::decrease;
  }
  if (rules.replace_nan) metric.on_nan = OnNan::zero;
  metric.kayenta = rules;
  metric.required = reader.boolean("required").value_or(metric.judged);
  Criterion criterion;
  criterion.rule = Rule::kayenta;
  criterion.location = table != nullptr ? table->location : metric.location;
  metric.criteria.push_back(std::move(criterion));
}

}  // namespace gate::config
