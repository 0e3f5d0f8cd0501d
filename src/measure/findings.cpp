#include "measure/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/text.h"

namespace gate::measure {
namespace {

constexpr std::size_t kMostNamed = 5;

using Counts = std::map<std::string, std::size_t>;

Counts counts_of(const std::vector<core::KnownFinding>& findings) {
  Counts out;
  for (const core::KnownFinding& one : findings) out[one.fingerprint] += one.count;
  return out;
}

std::size_t sum_of(const std::vector<core::KnownFinding>& findings) {
  std::size_t out = 0;
  for (const core::KnownFinding& one : findings) out += one.count;
  return out;
}

/// How many of `findings` are more than `known` has, and the ids of some of them.
std::size_t beyond(const std::vector<core::KnownFinding>& findings, const Counts& known, std::vector<std::string>& ids) {
  std::size_t out = 0;
  for (const core::KnownFinding& one : findings) {
    const auto found = known.find(one.fingerprint);
    const std::size_t there = found == known.end() ? 0 : std::min(found->second, one.count);
    out += one.count - there;
    if (one.count > there) ids.push_back(one.id);
  }
  std::sort(ids.begin(), ids.end());
  return out;
}

std::string named(std::string_view what, const std::vector<std::string>& ids) {
  std::string out(what);
  for (std::size_t i = 0; i < std::min(ids.size(), kMostNamed); ++i) out += (i == 0 ? ": " : ", ") + ids[i];
  if (ids.size() > kMostNamed) out += fmt::format(" and {} more", ids.size() - kMostNamed);
  return out;
}

core::Doubt nothing_to_compare_with(std::string why, std::string next) {
  core::Doubt out;
  out.why_not = std::move(why);
  out.brief = "no release to compare with";
  out.next = std::move(next);
  return out;
}

}  // namespace

bool hangs_on_history(const config::Metric& metric) {
  return metric.counts != config::FindingCount::open ||
         std::any_of(metric.criteria.begin(), metric.criteria.end(),
                     [](const config::Criterion& criterion) { return config::is_change(criterion.rule); });
}

namespace {

/// Why what is there now cannot be compared with what was; nothing when it can.
std::optional<core::Doubt> doubt_of(const core::Measurement& one, const config::Metric& metric) {
  const std::size_t identities = one.findings ? one.findings->open.size() + one.findings->suppressed.size() : 0;
  if (identities > core::kMostFindings) {
    return nothing_to_compare_with(
        fmt::format("{} findings are too many to be compared with the history, which keeps {} of a metric.", identities,
                    core::kMostFindings),
        "name fewer with `severity`, or the report of the version before with `baseline_path`");
  }
  if (one.past.findings) return std::nullopt;
  const std::string_view what = metric.counts == config::FindingCount::fixed  ? "what was fixed"
                                : metric.counts == config::FindingCount::open ? "how many there were before"
                                                                              : "what is new";
  return nothing_to_compare_with(
      fmt::format(
          "{} is not known: the history has no release before this one that passed and kept the findings of this metric.",
          what == "what is new"      ? "What is new"
          : what == "what was fixed" ? "What was fixed"
                                     : "How many there were before"),
      "from the next release on there is one; until then on_no_data decides");
}

}  // namespace

void compare_findings(core::Measurement& one, const config::Metric& metric) {
  if (one.pending || one.left_out || one.error) return;
  one.has_baseline = metric.counts == config::FindingCount::open && hangs_on_history(metric);
  if (!one.findings) return;  // no data, which its source has told
  if (auto doubt = doubt_of(one, metric)) {
    if (one.has_baseline) one.baseline.doubt = *doubt;
    if (metric.counts == config::FindingCount::open) return;
    one.candidate.value.reset();
    one.candidate.doubt = std::move(*doubt);
    return;
  }
  const core::PastFindings& past = *one.past.findings;
  std::vector<core::KnownFinding> still = one.findings->open;
  still.insert(still.end(), one.findings->suppressed.begin(), one.findings->suppressed.end());
  std::vector<std::string> new_ids;
  std::vector<std::string> fixed_ids;
  core::FindingsChange change{past.run, past.version, past.released_at, 0, 0, 0};
  change.fresh = beyond(one.findings->open, counts_of(past.open), new_ids);
  change.fixed = beyond(past.open, counts_of(still), fixed_ids);
  change.persisting = sum_of(one.findings->open) - change.fresh;
  one.findings_change = change;
  if (metric.counts == config::FindingCount::fresh) one.candidate.value = static_cast<double>(change.fresh);
  if (metric.counts == config::FindingCount::fixed) one.candidate.value = static_cast<double>(change.fixed);
  if (one.has_baseline) {
    one.baseline.value = static_cast<double>(sum_of(past.open));
    one.baseline.present = true;
    one.baseline.at = past.released_at;
  }
  const std::string release = past.version.empty() ? core::format_time(past.released_at) : core::printable(past.version);
  one.notes.push_back(fmt::format("against {}, the last release that passed: {}, {}, {} persisting", release,
                                  named(fmt::format("{} new", change.fresh), new_ids),
                                  named(fmt::format("{} fixed", change.fixed), fixed_ids), change.persisting));
}

}  // namespace gate::measure
