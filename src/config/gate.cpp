#include "config/gate.h"

#include <algorithm>

namespace gate::config {

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::samples:
      return "samples";
    case Kind::value:
      return "value";
    case Kind::ratio:
      return "ratio";
    case Kind::count:
      return "count";
    case Kind::histogram:
      return "histogram";
    case Kind::status:
      return "status";
    case Kind::slo:
      return "slo";
    case Kind::derived:
      return "derived";
    case Kind::findings:
      return "findings";
  }
  return "";
}

std::string_view name(Better better) {
  switch (better) {
    case Better::unsaid:
      return "";
    case Better::lower:
      return "lower";
    case Better::higher:
      return "higher";
  }
  return "";
}

std::string_view name(Design design) {
  switch (design) {
    case Design::before_after:
      return "before-after";
    case Design::side_by_side:
      return "side-by-side";
    case Design::snapshot:
      return "snapshot";
    case Design::previous_releases:
      return "previous-releases";
    case Design::none:
      return "none";
  }
  return "";
}

std::string_view name(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::mean:
      return "mean";
    case Aggregate::median:
      return "median";
    case Aggregate::min:
      return "min";
    case Aggregate::max:
      return "max";
    case Aggregate::sum:
      return "sum";
    case Aggregate::last:
      return "last";
    case Aggregate::count:
      return "count";
    case Aggregate::quantile:
      return "quantile";
  }
  return "";
}

std::string_view name(Rule rule) {
  switch (rule) {
    case Rule::above:
      return "above";
    case Rule::below:
      return "below";
    case Rule::equals:
      return "equals";
    case Rule::target:
      return "target";
    case Rule::worse_than:
      return "worse_than";
    case Rule::goals:
      return "goals";
    case Rule::increase_over:
      return "increase_over";
    case Rule::decrease_over:
      return "decrease_over";
    case Rule::change_over:
      return "change_over";
    case Rule::improve_by:
      return "improve_by";
    case Rule::status:
      return "status";
    case Rule::kayenta:
      return "kayenta";
    case Rule::burn_over:
      return "burn_over";
    case Rule::budget_left_below:
      return "budget_left_below";
  }
  return "";
}

bool is_change(Rule rule) {
  return rule == Rule::increase_over || rule == Rule::decrease_over || rule == Rule::change_over || rule == Rule::improve_by;
}

bool asks_baseline(Design design) {
  return design != Design::none && design != Design::previous_releases;
}

bool has_goals(const Metric& metric) {
  return std::any_of(metric.criteria.begin(), metric.criteria.end(),
                     [](const Criterion& criterion) { return criterion.rule == Rule::goals; });
}

std::string_view name(FindingCount count) {
  switch (count) {
    case FindingCount::open:
      return "open";
    case FindingCount::fresh:
      return "new";
    case FindingCount::fixed:
      return "fixed";
  }
  return "";
}

bool is_quantile(const Metric& metric) {
  return metric.kind == Kind::samples && (metric.aggregate == Aggregate::quantile || metric.aggregate == Aggregate::median);
}

const SourceConfig* Gate::find_source(std::string_view id) const {
  for (const SourceConfig& source : sources) {
    if (source.id == id) return &source;
  }
  return nullptr;
}

const Metric* Gate::find_metric(std::string_view id) const {
  for (const Metric& metric : metrics) {
    if (metric.id == id) return &metric;
  }
  return nullptr;
}

}  // namespace gate::config
