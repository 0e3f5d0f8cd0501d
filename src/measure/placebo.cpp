#include "measure/placebo.h"

#include <algorithm>

namespace gate::measure {
namespace {

std::vector<Reply> replies_of(const std::vector<Reply>& replies, std::optional<std::size_t> day) {
  std::vector<Reply> out;
  std::copy_if(replies.begin(), replies.end(), std::back_inserter(out), [&](const Reply& one) { return one.ask->day == day; });
  return out;
}

/// Adds day `index` to each of `measurements`, of which `day` has the series that were there then.
void add_day(std::vector<core::Measurement>& measurements, const plan::PlaceboDay& planned,
             const std::vector<core::Measurement>& day) {
  for (core::Measurement& one : measurements) {
    core::PlaceboDay out{planned.baseline, planned.candidate, {}, {}, planned.left_out};
    const auto same =
        std::find_if(day.begin(), day.end(), [&](const core::Measurement& other) { return other.metric == one.metric; });
    if (same != day.end()) {
      out.baseline = same->baseline;
      out.candidate = same->candidate;
      one.requests.insert(one.requests.end(), same->requests.begin(), same->requests.end());
    }
    one.placebo->days.push_back(std::move(out));
  }
}

void fail(std::vector<core::Measurement>& measurements, const core::Error& error, const char* through) {
  for (core::Measurement& one : measurements) {
    if (one.error) continue;
    one.error = error;
    one.through = through;
  }
}

}  // namespace

std::vector<core::Measurement> with_placebo(const plan::MetricPlan& plan, const std::vector<Reply>& replies,
                                            const BuildSides& build) {
  plan::MetricPlan release = plan;
  release.placebo.reset();
  std::vector<core::Measurement> out = build(release, replies_of(replies, std::nullopt));
  for (core::Measurement& one : out) one.placebo = {{}, plan.placebo->none_because, plan.placebo->releases.known};
  if (plan.state != plan::MetricPlan::State::due) return out;
  if (plan.placebo->releases.error) fail(out, *plan.placebo->releases.error, "the history");
  for (std::size_t i = 0; i < plan.placebo->days.size(); ++i) {
    const plan::PlaceboDay& day = plan.placebo->days[i];
    std::vector<core::Measurement> built;
    if (day.left_out.empty()) {
      release.baseline = day.baseline;
      release.candidate = day.candidate;
      built = build(release, replies_of(replies, i));
    }
    add_day(out, day, built);
    const auto failed = std::find_if(built.begin(), built.end(), [](const core::Measurement& one) { return one.error; });
    if (failed != built.end()) fail(out, *failed->error, "");
  }
  return out;
}

}  // namespace gate::measure
