#include "config/criterion_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/due_reader.h"
#include "config/slo_reader.h"
#include "core/text.h"

namespace gate::config {

namespace {

constexpr std::array kRules = {Rule::above,         Rule::below,         Rule::equals,      Rule::target,    Rule::worse_than,
                               Rule::increase_over, Rule::decrease_over, Rule::change_over, Rule::improve_by};

void push(const ReadContext& context, core::Error error, const core::Location& place) {
  error.location = place;
  context.diagnostics.push_back({core::Severity::error, std::move(error)});
}

std::string example_of(const core::Unit& unit) {
  if (unit.dimension == "time") return R"(write a duration: "800ms", "0.8s")";
  if (unit.dimension == "size") return R"(write a size: "64MiB", "1GB")";
  if (unit.dimension == "1") return R"(write a number or a share: 0.01, "1%")";
  return fmt::format(R"(write it in the metric's unit: "12{}{}")", unit.symbol.size() > 1 ? " " : "", unit.symbol);
}

/// A letter: "B".
std::optional<Bound> read_letter(const Text& found, const ReadContext& context) {
  const auto rating = core::parse_rating(found.text);
  constexpr double kWorst = 5.0;
  if (!rating) {
    context.error("RG0236", fmt::format("\"{}\" is no rating", core::printable(found.text)), found.location,
                  "the ratings are A, B, C, D and E");
    return std::nullopt;
  }
  if (*rating == kWorst) {
    context.error("RG0236", "nothing is worse than E: it would let everything pass", found.location,
                  "the ratings are A, B, C, D and E");
    return std::nullopt;
  }
  return Bound{*rating, false, found.text};
}

/// Ratings are letters, and grades lie between them: they have one bound on the value, and no shares.
bool fits_rating(const Criterion& criterion, const Metric& metric, const ReadContext& context) {
  const bool letters = criterion.rule == Rule::worse_than;
  if (letters == metric.unit.is_rating() || (metric.unit.is_rating() && is_change(criterion.rule))) return true;
  if (letters) {
    context.error("RG0236",
                  fmt::format("`worse_than` is for ratings, and {} is {}", metric.id, core::describe_dimension(metric.unit)),
                  criterion.location, R"(write unit = "rating" where it is one, else `above` or `below`)");
  } else {
    context.error("RG0236", fmt::format("`{}` has no meaning for a rating", name(criterion.rule)), criterion.location,
                  R"(write worse_than = "B")");
  }
  return false;
}

/// `increase_over = 10` reads as 10 % to many, and is 10 seconds.
void warn_of_bare_amount(const core::Quantity& amount, Rule rule, const Metric& metric, const core::Location& place,
                         const ReadContext& context) {
  const core::Unit& unit = metric.unit;
  const bool is_familiar = unit.dimension == "time" || unit.dimension == "size" || unit.is_percent();
  if (!amount.bare || amount.value == 0.0 || !is_familiar) return;
  const std::string number = fmt::format("{:g}", amount.value);
  const std::string meant = number + (unit.is_percent() ? "pp" : unit.symbol);
  context.warning("RG0205", fmt::format("`{} = {}` is an amount, {}, and no share of the baseline", name(rule), number, meant),
                  place, fmt::format(R"(write "{}", or "{}%" for a share)", meant, number));
}

void read_bounds(const core::Node& node, Criterion& criterion, const Metric& metric, const ReadContext& context) {
  if (const auto* list = node.array()) {
    if (list->empty()) {
      context.error("RG0203", fmt::format("`{}` is an empty list: it would let everything pass", name(criterion.rule)),
                    node.location, "give it one bound or more: all of them must be exceeded");
    }
    for (const core::Node& item : *list) {
      if (auto bound = read_bound(item, criterion.rule, metric, context)) criterion.bounds.push_back(std::move(*bound));
    }
  } else if (auto bound = read_bound(node, criterion.rule, metric, context)) {
    criterion.bounds.push_back(std::move(*bound));
  }
  for (const Bound& bound : criterion.bounds) criterion.text += (criterion.text.empty() ? "" : " and ") + bound.text;
}

/// The rule gives the sign; a rule that punishes what the metric calls better is most likely a slip.
void warn_of_contradiction(const Criterion& criterion, const Metric& metric, const ReadContext& context) {
  const bool punishes_rise = criterion.rule == Rule::above || criterion.rule == Rule::increase_over;
  const bool punishes_fall = criterion.rule == Rule::below || criterion.rule == Rule::decrease_over;
  if ((metric.better == Better::higher && punishes_rise) || (metric.better == Better::lower && punishes_fall)) {
    context.warning("RG0206",
                    fmt::format("`{}` is bad here, although {} is declared better = \"{}\"", name(criterion.rule), metric.id,
                                name(metric.better)),
                    criterion.location, "the rule decides; change it or `better` when that is not meant");
  }
  if (criterion.rule == Rule::improve_by && metric.better == Better::unsaid) {
    context.error("RG0207", "`improve_by` needs to know which way is better", criterion.location,
                  R"(add better = "lower" or better = "higher" to the metric)");
  }
}

void read_extras(TableReader& reader, std::vector<Criterion>& criteria, const Metric& metric, const ReadContext& context) {
  if (const core::Node* node = reader.take("tolerance")) {
    Criterion* target = nullptr;
    for (Criterion& criterion : criteria) {
      if (criterion.rule == Rule::target) target = &criterion;
    }
    if (target == nullptr) {
      context.error("RG0208", "`tolerance` stands without a `target`", reader.key_place("tolerance"),
                    R"(write target = "200ms" beside it)");
    } else if (const auto bound = read_bound(*node, Rule::change_over, metric, context)) {
      const double goal = target->bounds.empty() ? 0.0 : target->bounds.front().value;
      target->tolerance = bound->relative ? bound->value * (goal < 0 ? -goal : goal) : bound->value;
      target->text += " ± " + bound->text;
    }
  }
  read_from(reader, criteria, context);
}

/// After the bounds on the value and before those on the change, as the others.
void add_goals(TableReader& reader, core::Level level, std::vector<Criterion>& criteria, const Metric& metric,
               const ReadContext& context) {
  auto goals = read_goals(reader, level, metric, context);
  if (!goals || !fits_rating(*goals, metric, context)) return;
  const auto change = std::find_if(criteria.begin(), criteria.end(), [](const Criterion& one) { return is_change(one.rule); });
  criteria.insert(change, std::move(*goals));
}

}  // namespace

std::optional<Bound> read_bound(const core::Node& node, Rule rule, const Metric& metric, const ReadContext& context) {
  const auto found = read_text(node, fmt::format("metrics.{}.{}", metric.id, name(rule)), context);
  if (!found) return std::nullopt;
  if (!found->unset.empty()) {
    context.error("RG0407", fmt::format("the bound of `{}` has no value: {} is not set", name(rule), found->unset),
                  node.location, "a bound that vanishes would let everything pass: give it a default");
    return std::nullopt;
  }
  if (rule == Rule::worse_than) return read_letter(*found, context);
  const auto quantity = core::parse_quantity(found->text);
  if (!quantity) {
    push(context, quantity.error(), node.location);
    return std::nullopt;
  }
  Bound bound;
  bound.text = found->text;
  if (is_change(rule) && quantity->value < 0) {
    context.error("RG0203", fmt::format("`{}` takes how much, not which way: \"{}\" is negative", name(rule), found->text),
                  node.location, fmt::format("write \"{}\"", found->text.substr(found->text.find('-') + 1)));
    return std::nullopt;
  }
  if (is_change(rule) && !quantity->bare && quantity->unit.is_percent()) {
    if (metric.unit.is_rating()) {
      context.error("RG0236", "a share of a rating has no meaning", node.location,
                    fmt::format("write how many letters: {} = 0 for any change", name(rule)));
      return std::nullopt;
    }
    bound.relative = true;
    bound.value = quantity->value / 100.0;
    return bound;
  }
  if (is_change(rule) && !quantity->bare && quantity->unit.dimension == "pp" && metric.unit.dimension == "1") {
    bound.value = quantity->value * quantity->unit.scale / metric.unit.scale;
    return bound;
  }
  const auto converted = core::convert(*quantity, metric.unit);
  if (!converted) {
    core::Error error = converted.error();
    error.message = fmt::format("\"{}\" is {}, but {} is {}", found->text, core::describe_dimension(quantity->unit), metric.id,
                                core::describe_dimension(metric.unit));
    error.hint = example_of(metric.unit);
    push(context, std::move(error), node.location);
    return std::nullopt;
  }
  bound.value = *converted;
  if (is_change(rule)) warn_of_bare_amount(*quantity, rule, metric, node.location, context);
  return bound;
}

std::vector<Criterion> read_criteria(const core::Node& node, core::Level level, const Metric& metric,
                                     const ReadContext& context) {
  if (metric.kind == Kind::slo) return read_slo_criteria(node, level, metric, context);
  const std::string path = fmt::format("metrics.{}.{}", metric.id, core::name(level));
  TableReader reader(node, path, context);
  std::vector<Criterion> criteria;
  for (const Rule rule : kRules) {
    const core::Node* bound = reader.take(name(rule));
    if (bound == nullptr) continue;
    Criterion criterion;
    criterion.level = level;
    criterion.rule = rule;
    criterion.location = reader.key_place(name(rule));
    if (!fits_rating(criterion, metric, context)) continue;
    read_bounds(*bound, criterion, metric, context);
    warn_of_contradiction(criterion, metric, context);
    criteria.push_back(std::move(criterion));
  }
  if (reader.has("goals")) add_goals(reader, level, criteria, metric, context);
  read_extras(reader, criteria, metric, context);
  refuse_slo_bounds(reader, metric, context);
  reader.finish();
  if (node.table() != nullptr && node.table()->empty()) {
    context.error("RG0209", fmt::format("[{}] is empty: it would let everything pass", path), node.location,
                  R"(add a bound such as increase_over = "10%", or remove the table)");
  }
  return criteria;
}

}  // namespace gate::config
