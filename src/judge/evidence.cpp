#include "judge/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "core/text.h"
#include "judge/comparison.h"
#include "judge/quantile.h"
#include "judge/silence.h"

namespace gate::judge {
namespace {

constexpr double kMostMinutes = 366.0 * 24.0 * 60.0;  ///< a longer wait is no advice

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double sum_of_buckets(const core::BucketCounts& buckets) {
  double all = 0.0;
  for (const std::vector<double>& bucket : buckets.counts) all += sum(bucket);
  return all;
}

std::string window_text(const Looked& at) {
  if (!at.side.window) return fmt::format("the {} snapshot", at.name);
  return fmt::format("the {} window {} to {}", at.name, core::format_moment(at.side.window->start, at.now),
                     core::format_moment(at.side.window->end, at.now));
}

SideEvidence nothing_there(const Looked& at) {
  if (!at.side.absence.empty()) {
    return {core::Evidence::none, fmt::format("{} has nothing for the {}: {}.", at.metric.source, at.name, at.side.absence),
            at.side.absence, "find out there why, or set on_no_data"};
  }
  constexpr std::size_t kLongestQuery = 160;
  std::string query;
  for (const core::ResolvedQuery& one : at.measurement.queries) {
    const bool is_wanted = at.side.empty_part.empty() || one.part == at.side.empty_part;
    if (query.empty() && one.side == at.name && is_wanted) query = core::shorten(one.text, kLongestQuery);
  }
  const std::string advice = at.side.empty_part == "events" ? R"(say on_nan = "zero" if there were none, or )" : "";
  const std::string lost =
      at.side.dropped > 0 ? fmt::format(" ({} were missing or no finite numbers)", at.side.dropped) : std::string();
  return {core::Evidence::none,
          fmt::format("{} answered, without one usable point in {}{}.", at.metric.source, window_text(at), lost), "no data",
          advice + (query.empty() ? "check the labels" : "check the labels: " + query)};
}

/// `have` of `least`: at this rate, when there will be enough, or how long the baseline must be.
SideEvidence too_little(const Looked& at, double have, double least, std::string_view what) {
  SideEvidence out;
  out.evidence = core::Evidence::thin;
  out.why = fmt::format("Too little: {} of at least {} {} in {}.", core::format_number(have), core::format_number(least), what,
                        window_text(at));
  out.brief = fmt::format("needs {} {}", core::format_number(least), what);
  out.next = "wait for more data, or lower the minimum";
  if (!at.side.window || have <= 0.0) return out;
  const double length = std::chrono::duration<double>(at.side.window->length()).count();
  const double minutes = std::ceil(length * least / have / 60.0);
  if (!(minutes <= kMostMinutes)) return out;
  const core::Duration needed(static_cast<std::int64_t>(minutes) * 60'000);
  if (at.name == "baseline") {
    out.next = fmt::format("widen baseline to {}, or lower the minimum", core::describe_duration(needed));
  } else {
    out.next = fmt::format("enough at about {}, with a candidate window of {}",
                           core::format_moment(at.side.window->start + needed, at.now), core::describe_duration(needed));
  }
  return out;
}

/// Slices kept because they had events say too much of them: of three times as many events little is left.
SideEvidence zeros_left_out(const Looked& at) {
  const core::Counts& counts = at.side.counts;
  return {core::Evidence::thin,
          fmt::format("{} of {} slices in {} have no point for the events: whether none happened is not said.", counts.unsaid,
                      counts.unsaid + counts.events.size(), window_text(at)),
          "slices without events are missing",
          R"(if no point means no event, write `… or vector(0)`, default_zero(…) or on_nan = "zero")"};
}

}  // namespace

std::size_t sample_count(const config::Metric& metric, const core::SideMeasurement& side) {
  if (side.rows) return *side.rows;
  const bool is_one_number = metric.kind == config::Kind::value || metric.kind == config::Kind::findings;
  if (is_one_number || metric.kind == config::Kind::derived) return side.value ? 1 : 0;
  if (metric.kind == config::Kind::status) return side.state ? 1 : 0;
  return std::max({side.samples.values.size(), side.counts.events.size(), side.buckets.times.size()});
}

SideEvidence evidence_of(const Looked& at) {
  const config::Metric& metric = at.metric;
  if (const core::Doubt& doubt = at.side.doubt; !doubt.why_not.empty())
    return {doubt.too_little ? core::Evidence::thin : core::Evidence::none, doubt.why_not, doubt.brief, doubt.next};
  const bool has_any = metric.kind == config::Kind::histogram ? bucket_quantile(metric, at.side).has_value()
                                                              : estimate(metric, at.side).has_value();
  if (!has_any) return nothing_there(at);
  const std::size_t samples = sample_count(metric, at.side);
  if (metric.kind == config::Kind::samples && samples < metric.min_samples)
    return too_little(at, static_cast<double>(samples), static_cast<double>(metric.min_samples), "samples");
  const double events = metric.kind == config::Kind::ratio ? sum(at.side.counts.totals) : sum(at.side.counts.events);
  const bool counted = metric.kind == config::Kind::ratio || metric.kind == config::Kind::count;
  const double observations = sum_of_buckets(at.side.buckets);
  if (metric.kind == config::Kind::histogram && observations < metric.min_events)
    return too_little(at, observations, metric.min_events, "observations");
  if (counted && events < metric.min_events) return too_little(at, events, metric.min_events, "events");
  const auto slices = static_cast<double>(at.side.counts.events.size() + at.side.counts.unsaid);
  if (static_cast<double>(at.side.counts.unsaid) > kMostUnsaid * slices) return zeros_left_out(at);
  return {};
}

SideEvidence silence_of(const Looked& at) {
  SideEvidence out;
  const core::Doubt& doubt = at.side.doubt;
  const auto last = stopped_at(at.metric, at.measurement);
  if (!last && doubt.silence.empty()) return out;
  out.evidence = core::Evidence::thin;
  out.next = "see whether the candidate still runs, is scraped and has traffic";
  out.brief = last ? "data stopped " + core::format_moment(*last, at.now) : doubt.silence_brief;
  out.why = doubt.silence;
  if (last) {
    out.why = fmt::format("The data stopped at {}, {} before {} ended.", core::format_moment(*last, at.now),
                          core::describe_duration(at.side.window->end - *last), window_text(at));
  }
  return out;
}

}  // namespace gate::judge
