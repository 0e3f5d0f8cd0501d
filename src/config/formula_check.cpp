#include "config/formula_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "config/formula_units.h"
#include "core/text.h"

namespace gate::config {
namespace {

void report(std::string code, const FormulaMistake& mistake, const core::Node& text, const ReadContext& context) {
  context.error(std::move(code), mistake.message, core::place_inside(text, mistake.offset, mistake.length), mistake.hint);
}

/// Formulas of formulas are looked at one inside of the other.
constexpr std::size_t kDeepest = 100;

/// What one walk over the formulas of a gate knows.
struct Checking {
  Gate& gate;
  const std::vector<std::string>& declared;
  const ReadContext& context;
  std::set<std::string> open;  ///< whose formulas are being looked at
  std::set<std::string> done;

  Metric* find(const std::string& id) const {
    for (Metric& metric : gate.metrics) {
      if (metric.id == id) return &metric;
    }
    return nullptr;
  }
};

/// The first place of `id` in a formula.
const Formula::Node& node_of(const Formula& formula, const std::string& id) {
  return *std::find_if(formula.nodes.begin(), formula.nodes.end(), [&](const Formula::Node& node) {
    return node.operation == Formula::Operation::metric && node.metric == id;
  });
}

/// The declared name with a - in it that stands at `offset` of the formula without quotes; "" when none does.
std::string dashed_name(const Formula& formula, std::size_t offset, const Checking& checking) {
  std::string longest;
  for (const std::string& name : checking.declared) {
    const bool is_there =
        name.find('-') != std::string::npos && std::string_view(formula.text).substr(offset).starts_with(name);
    if (is_there && name.size() > longest.size()) longest = name;
  }
  return longest;
}

void report_unknown(const std::string& id, const core::Location& place, const Checking& checking) {
  const std::string near = core::nearest(id, checking.declared);
  checking.context.error("RG0515", fmt::format("there is no [metrics.{}]", id), place,
                         near.empty() ? "name a metric of this file" : fmt::format("did you mean `{}`?", near));
}

/// Why `part` cannot be in a formula, and what to do; two empty texts when it can.
std::pair<std::string, std::string> unfit(const Metric& part) {
  if (!part.each.empty()) {
    return {fmt::format("{} is many series, one for each {}", part.id, part.each),
            R"(ask for one: aggregate in the query, or combine = "sum" in place of `each`)"};
  }
  if (part.kind == Kind::slo) return {fmt::format("{} is an SLO: its burn rates are no single number", part.id), "use a ratio"};
  return {};
}

bool check_metric(Checking& checking, Metric& metric);

/// The metrics that the formula of `metric` names; false when one of them is wrong or could not be read.
bool check_parts(Checking& checking, const Metric& metric) {
  bool sound = true;
  std::size_t explained = 0;  // the end of what the last diagnostic spoke of
  const WrittenFormula& written = *metric.formula;
  for (const std::string& id : written.formula.metrics) {
    const Formula::Node& node = node_of(written.formula, id);
    const core::Location place = core::place_inside(written.text, node.offset, node.length);
    Metric* part = checking.find(id);
    if (part == nullptr) {
      sound = false;
      const bool is_declared = std::find(checking.declared.begin(), checking.declared.end(), id) != checking.declared.end();
      if (is_declared || node.offset < explained) continue;
      const std::string dashed = dashed_name(written.formula, node.offset, checking);
      explained = node.offset + dashed.size();
      if (dashed.empty()) {
        report_unknown(id, place, checking);
      } else {
        checking.context.error("RG0515", fmt::format("there is no [metrics.{}]", id),
                               core::place_inside(written.text, node.offset, dashed.size()),
                               fmt::format("a name with a - in it stands between quotes: '{}'", dashed));
      }
      continue;
    }
    if (const auto [why, cure] = unfit(*part); !why.empty()) {
      checking.context.error("RG0516", why, place, cure);
      sound = false;
    } else if (checking.open.contains(id)) {
      checking.context.error("RG0516", fmt::format("{} is a part of itself: the formulas go in a circle", id), place,
                             "take it out of one of them");
      sound = false;
    } else if (part->kind == Kind::derived && checking.open.size() >= kDeepest) {
      checking.context.error("RG0516", fmt::format("formulas of formulas go more than {} deep", kDeepest), place,
                             "write one formula of what was measured");
      sound = false;
    } else if (part->kind == Kind::derived) {
      sound = check_metric(checking, *part) && sound;
    }
  }
  return sound;
}

/// Whether the dimension that comes out is the one that `unit` says.
bool check_unit(const Checking& checking, const Metric& metric) {
  const WrittenFormula& written = *metric.formula;
  const auto found = dimension_of(written.formula, [&](const std::string& id) { return checking.find(id)->unit; });
  if (const auto* mistake = std::get_if<FormulaMistake>(&found)) {
    report("RG0241", *mistake, written.text, checking.context);
    return false;
  }
  const Dimension& dimension = std::get<Dimension>(found);
  if (dimension == dimension_of(metric.unit)) return true;
  const bool is_said =
      !(metric.unit_location.line == metric.location.line && metric.unit_location.column == metric.location.column);
  const std::string text = unit_text(dimension);
  const std::string cure = core::parse_unit(text) ? fmt::format("write unit = \"{}\"", text)
                                                  : "multiply or divide by a metric that takes the rest away";
  checking.context.error(
      "RG0241",
      is_said ? fmt::format("the formula of {} gives {}, and `unit` says \"{}\"", metric.id, describe(dimension),
                            metric.unit.symbol)
              : fmt::format("the formula of {} gives {}, and the metric has no `unit`", metric.id, describe(dimension)),
      is_said ? metric.unit_location : core::place_inside(written.text, 0, written.formula.text.size()), cure);
  return false;
}

/// Takes over the design that the parts share. Where one has no baseline, nothing made of it has; where the baseline of one is
/// in the history, that of the formula is, too.
void take_design(const Checking& checking, Metric& metric) {
  std::optional<Design> shared;
  for (const std::string& id : metric.formula->formula.metrics) {
    const Design design = checking.find(id)->compare.design;
    if (design == Design::none) {
      shared = Design::none;
      break;
    }
    const bool past = design == Design::previous_releases || shared == Design::previous_releases;
    shared = past ? Design::previous_releases : !shared || *shared == design ? design : Design::before_after;
  }
  metric.compare.design = *shared;
  const auto& placebo = checking.find(metric.formula->formula.metrics.front())->compare.placebo;
  const auto& ids = metric.formula->formula.metrics;
  const bool all = *shared == Design::before_after && std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
    return checking.find(id)->compare.placebo;
  });
  metric.compare.placebo = all && metric.method != Method::point ? placebo : std::nullopt;
  if (*shared != Design::none) return;
  for (const Criterion& criterion : metric.criteria) {
    if (!is_change(criterion.rule)) continue;
    checking.context.error(
        "RG0218", fmt::format("`{}` compares with a baseline, and a metric in the formula has none", name(criterion.rule)),
        criterion.location, "use `above` or `below`, or give that metric another design");
  }
}

/// False when the formula of `metric`, or one that it needs, is wrong.
bool check_metric(Checking& checking, Metric& metric) {
  if (!metric.formula) return false;
  if (checking.done.contains(metric.id)) return true;
  checking.open.insert(metric.id);
  const bool sound = check_parts(checking, metric) && check_unit(checking, metric);
  checking.open.erase(metric.id);
  if (sound) {
    checking.done.insert(metric.id);
    take_design(checking, metric);
  } else {
    metric.formula.reset();
  }
  return sound;
}

/// Keys that ask something, or say how: a formula asks nothing.
void refuse_questions(TableReader& reader, const Metric& metric, const ReadContext& context) {
  for (const std::string_view key : {"source", "events", "total", "exposure", "query", "each", "combine"}) {
    if (!reader.has(key)) continue;
    reader.take(key);
    context.error("RG0219", fmt::format("`{}` has no meaning for kind = \"{}\"", key, name(metric.kind)), reader.key_place(key),
                  "a formula asks nothing itself: write it in the metrics that the formula names");
  }
  for (const std::string_view key : {"design", "baseline", "candidate", "step", "anchor", "early", "ingest_delay"}) {
    if (!reader.has(key)) continue;
    reader.take(key);
    context.warning("RG0220", fmt::format("`{}` has no effect: a derived metric has the windows of its parts", key),
                    reader.key_place(key), "write it in the metrics that the formula names");
  }
}

}  // namespace

void read_formula(TableReader& reader, Metric& metric, const ReadContext& context) {
  // Sources may have a `formula` of their own.
  if (metric.kind != Kind::derived) return;
  const core::Node* node = reader.take("formula");
  refuse_questions(reader, metric, context);
  metric.each.clear();
  metric.source.clear();
  if (node == nullptr) {
    context.error("RG0103", fmt::format("[metrics.{}] has no `formula`: kind = \"derived\" needs it", metric.id),
                  metric.location, R"(add formula = "1000 * cost / requests" over the ids of other metrics)");
    return;
  }
  if (node->string() == nullptr) {
    context.error("RG0102", fmt::format("`{}.formula` must be a string, not {}", reader.path(), node->kind_name()),
                  node->location, R"(write formula = "1000 * cost / requests")");
    return;
  }
  core::Node text = *node;
  expand_strings(text, context);
  auto parsed = parse_formula(*text.string());
  if (const auto* mistake = std::get_if<FormulaMistake>(&parsed)) return report("RG0240", *mistake, text, context);
  Formula formula = std::get<Formula>(std::move(parsed));
  if (const auto mistake = check_divisors(formula)) return report("RG0242", *mistake, text, context);
  metric.formula = WrittenFormula{std::move(formula), std::move(text)};
}

void check_formulas(Gate& gate, const std::vector<std::string>& declared, const ReadContext& context) {
  Checking checking{gate, declared, context, {}, {}};
  for (Metric& metric : gate.metrics) {
    if (metric.kind == Kind::derived) (void)check_metric(checking, metric);
  }
}

}  // namespace gate::config
