#include "plan/exposure.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace gate::plan {
namespace {

bool names(std::string_view name, std::string_view part) {
  return name == part || name.ends_with("." + std::string(part));
}

}  // namespace

bool is_spread(const config::Metric& metric, std::string_view name, const std::function<bool(const config::Part&)>& whole) {
  if (metric.kind != config::Kind::count || !names(name, "exposure")) return false;
  if (metric.compare.design == config::Design::snapshot || !whole(metric.parts.find(std::string(name))->second)) return false;
  return std::none_of(metric.parts.begin(), metric.parts.end(),
                      [&](const auto& part) { return names(part.first, "events") && whole(part.second); });
}

Grid grid_of_exposure(const Grid& grid, core::SourceTypeSpec::Data data, core::Duration length) {
  Grid out = grid;
  out.whole_window = true;
  out.step = out.range = length;
  out.shape = data == core::SourceTypeSpec::Data::rows ? core::Shape::slices : core::Shape::instant;
  return out;
}

std::string unequal_note(const MetricPlan& plan) {
  if (!plan.spread || !plan.baseline || plan.baseline->length() == plan.candidate->length()) return "";
  return fmt::format(
      "the windows are {} and {} long: that is fair only to an exposure that grows with time, such as requests; of "
      "users, who count once however long the window, make both equally long",
      core::describe_duration(plan.baseline->length()), core::describe_duration(plan.candidate->length()));
}

void check_meeting(const config::Metric& metric, const MetricPlan& plan, core::Diagnostics& diagnostics) {
  if (!plan.baseline || !plan.candidate || plan.whole_window || plan.step.count() == 0) return;
  const core::Duration before = plan.baseline->length();
  const core::Duration after = plan.candidate->length();
  if (before % plan.step == core::Duration(0) && after % plan.step == core::Duration(0)) return;
  const core::Duration shared(std::gcd(before.count(), after.count()));
  const std::int64_t parts = (shared + plan.step - core::Duration(1)) / plan.step;
  const core::Duration step = shared % parts == core::Duration(0) ? shared / parts : shared;
  diagnostics.push_back(
      {core::Severity::error,
       {"RG0309",
        fmt::format("{} puts slices of rows beside points of a database, and steps of {} do not divide windows of {} and {}",
                    metric.id, core::format_duration(plan.step), core::format_duration(before), core::format_duration(after)),
        fmt::format("use step = \"{}\", which divides both, or ask the exposure for the whole window: [{{{{window}}}}]",
                    core::format_duration(step)),
        {},
        metric.location}});
}

}  // namespace gate::plan
