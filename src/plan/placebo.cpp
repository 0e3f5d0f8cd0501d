#include "plan/placebo.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "plan/plan.h"

namespace gate::plan {
namespace {

using std::chrono::days;

constexpr std::size_t kLookBack = 4;  ///< times as many days as are wanted

core::Window moved(const core::Window& window, core::Duration back) {
  return {window.start - back, window.end - back};
}

bool is_weekday(core::Time local) {
  const std::chrono::weekday day(std::chrono::floor<days>(local));
  return day != std::chrono::Saturday && day != std::chrono::Sunday;
}

class Calendar {
 public:
  Calendar(const config::Placebo& placebo, const core::Window& baseline, const core::Window& candidate,
           const core::Releases& releases)
      : placebo_(placebo),
        baseline_(baseline),
        candidate_(candidate),
        releases_(releases),
        local_(candidate.start + placebo.zone.ahead(candidate.start)) {}

  [[nodiscard]] std::string none_because() const {
    if (placebo_.days == config::Placebo::Days::weekdays && !is_weekday(local_))
      return "the release was on a weekend, and the days are weekdays";
    if (is_clock_changed(baseline_, candidate_)) return "the clocks were changed between its windows";
    return "";
  }

  /// `back` days earlier; nothing for a day that is none of those that count.
  [[nodiscard]] std::optional<PlaceboDay> day(int back) const {
    const core::Time local = local_ - days(back);
    if (placebo_.days == config::Placebo::Days::weekdays && !is_weekday(local)) return std::nullopt;
    const core::Duration by = candidate_.start - placebo_.zone.to_utc(local);
    PlaceboDay out{moved(baseline_, by), moved(candidate_, by), ""};
    if (is_clock_changed(out.baseline, out.candidate)) out.left_out = "the clocks were changed";
    if (has_release(placebo_.releases, out) || has_release(releases_.at, out)) out.left_out = "a release";
    return out;
  }

 private:
  [[nodiscard]] bool is_clock_changed(const core::Window& baseline, const core::Window& candidate) const {
    return placebo_.zone.ahead(baseline.start) != placebo_.zone.ahead(candidate.end);
  }

  static bool has_release(const std::vector<core::Time>& releases, const PlaceboDay& day) {
    const core::Window whole{std::min(day.baseline.start, day.candidate.start), day.candidate.end};
    return std::any_of(releases.begin(), releases.end(), [&](core::Time at) { return whole.contains(at); });
  }

  const config::Placebo& placebo_;
  core::Window baseline_;
  core::Window candidate_;
  const core::Releases& releases_;
  core::Time local_;  ///< what a clock showed when the candidate window began
};

}  // namespace

PlaceboPlan plan_placebo(const config::Placebo& placebo, const core::Window& baseline, const core::Window& candidate,
                         const core::Releases& releases) {
  PlaceboPlan out;
  out.releases = releases;
  const Calendar calendar(placebo, baseline, candidate, releases);
  out.none_because = calendar.none_because();
  if (!out.none_because.empty() || releases.error) return out;
  const bool weekdays = placebo.days == config::Placebo::Days::weekdays;
  const int apart = weekdays ? 1 : placebo.every;
  std::size_t usable = 0;
  for (int back = apart; usable < placebo.count && out.days.size() < kLookBack * placebo.count; back += apart) {
    auto day = calendar.day(back);
    if (!day) continue;
    if (day->left_out.empty()) ++usable;
    out.days.push_back(std::move(*day));
  }
  std::reverse(out.days.begin(), out.days.end());
  return out;
}

std::optional<PlaceboPlan> make_placebo(const config::Metric& metric, const std::optional<core::Window>& baseline,
                                        const std::optional<core::Window>& candidate, const Options& options,
                                        core::Diagnostics& diagnostics) {
  if (!metric.compare.placebo || !baseline || !candidate) return std::nullopt;
  const config::Placebo& placebo = *metric.compare.placebo;
  // All looks of a watch take the same days: those whose whole windows serve, as long as the last look will have them.
  core::Window whole_before = *baseline;
  core::Window whole_after = *candidate;
  if (options.look) {
    whole_before.start = std::min(whole_before.start, whole_before.end - metric.compare.baseline_window);
    whole_after.end = std::max(whole_after.end, options.look->horizon);
  }
  const core::Duration whole = whole_after.end - whole_before.start;
  if (whole <= longest_placebo(placebo)) {
    PlaceboPlan out = plan_placebo(placebo, whole_before, whole_after, options.releases);
    for (PlaceboDay& day : out.days) {
      day.baseline.start = day.baseline.end - baseline->length();
      day.candidate.end = day.candidate.start + candidate->length();
    }
    return out;
  }
  diagnostics.push_back(
      {core::Severity::error,
       {"RG0317",
        fmt::format("the windows of {} with what lies between them are {} long, and the days of the placebo {} apart",
                    metric.id, core::format_duration(whole), core::format_duration(longest_placebo(placebo))),
        "days that share data teach no spread: take shorter windows, or days that are further apart (`every`)",
        {},
        placebo.location}});
  return std::nullopt;
}

core::Duration longest_placebo(const config::Placebo& placebo) {
  return days(placebo.days == config::Placebo::Days::weekdays ? 1 : placebo.every);
}

}  // namespace gate::plan
