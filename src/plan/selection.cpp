#include "plan/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace gate::plan {

bool is_kept(const config::Metric& metric, const Options& options) {
  if (!options.stage.empty() && !metric.stage.empty() && metric.stage != options.stage) return false;
  return options.only.empty() || std::find(options.only.begin(), options.only.end(), metric.id) != options.only.end();
}

std::set<std::string> needed_by_formulas(const config::Gate& gate, const Options& options) {
  std::set<std::string> needed;
  std::vector<const config::Metric*> open;
  for (const config::Metric& metric : gate.metrics) {
    if (is_kept(metric, options)) open.push_back(&metric);
  }
  while (!open.empty()) {
    const config::Metric* metric = open.back();
    open.pop_back();
    if (!metric->formula) continue;
    for (const std::string& id : metric->formula->formula.metrics) {
      const config::Metric* part = gate.find_metric(id);
      if (part != nullptr && needed.insert(id).second) open.push_back(part);
    }
  }
  return needed;
}

void check_selection(const config::Gate& gate, const Options& options, core::Diagnostics& diagnostics) {
  std::vector<std::string> ids;
  std::vector<std::string> stages;
  for (const config::Metric& metric : gate.metrics) {
    ids.push_back(metric.id);
    if (!metric.stage.empty()) stages.push_back(metric.stage);
  }
  const auto check = [&](const std::string& wanted, const std::vector<std::string>& known, std::string_view what) {
    if (std::find(known.begin(), known.end(), wanted) != known.end()) return;
    const std::string near = core::nearest(wanted, known);
    const std::string hint = near.empty()
                                 ? (known.empty() ? std::string() : fmt::format("it has {}", core::list_names(known, "and")))
                                 : fmt::format("did you mean `{}`?", near);
    diagnostics.push_back(
        {core::Severity::error, {"RG0303", fmt::format("the gate file has no {} `{}`", what, wanted), hint, {}, {}}});
  };
  for (const std::string& id : options.only) check(id, ids, "metric");
  if (!options.stage.empty()) check(options.stage, stages, "stage");
}

}  // namespace gate::plan
