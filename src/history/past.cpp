#include "history/past.h"

#include <algorithm>
#include <optional>
#include <set>

namespace gate::history {
namespace {

// A release whose newest runs have no value of the metric is passed over, within reason.
constexpr std::size_t kRunsOfRelease = 3;
constexpr std::size_t kSpareReleases = 10;

bool is_past(const Run& run, const Present& present) {
  const bool is_itself = !present.release.empty() && run.release == present.release;
  return !is_itself && run.released_at() < present.released_at && run.judged_at <= present.now;
}

bool is_newer(const Run* a, const Run* b) {
  return a->judged_at != b->judged_at ? a->judged_at > b->judged_at : a->started_at > b->started_at;
}

/// The runs of each release before `present`, newest run first; the releases newest first.
std::vector<std::vector<const Run*>> by_release(const std::vector<Run>& runs, const Present& present) {
  std::map<std::string, std::vector<const Run*>> found;
  for (const Run& run : runs) {
    if (is_past(run, present)) found[run.release_key()].push_back(&run);
  }
  std::vector<std::vector<const Run*>> out;
  for (auto& [key, own] : found) {
    std::sort(own.begin(), own.end(), is_newer);
    out.push_back(std::move(own));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.front()->released_at() > b.front()->released_at(); });
  return out;
}

bool passed(const Run& run) {
  return run.verdict == "pass" || run.verdict == "warn";
}

/// Whether the newest run that says anything let the release through.
bool has_passed(const std::vector<const Run*>& runs) {
  for (const Run* run : runs) {
    if (!run->complete) continue;
    if (passed(*run)) return true;
    if (run->verdict == "fail") return false;
  }
  return false;
}

std::size_t releases_looked_at(const PastQuestion& question) {
  return question.releases * 2 + kSpareReleases;
}

bool is_of(const RunMetric& metric, const std::string& id) {
  return metric.id == id || metric.parent == id;
}

/// The value in the unit that is wanted; nothing when it is no such value.
std::optional<double> value_for(const RunMetric& metric, const PastQuestion& question) {
  if (metric.estimand != question.estimand) return std::nullopt;
  const auto unit = core::parse_unit(metric.unit);
  if (!unit || unit->dimension != question.unit.dimension) return std::nullopt;
  if (unit->symbol == question.unit.symbol) return metric.candidate.value;
  return *metric.candidate.value * unit->scale / question.unit.scale;
}

core::PastRelease release_of(const Run& run, const RunMetric& metric, double value) {
  core::PastRelease out;
  out.run = run.id;
  out.version = run.release;
  out.released_at = run.released_at();
  out.value = value;
  out.samples = static_cast<std::size_t>(std::max<std::int64_t>(metric.candidate.samples, 0));
  if (metric.candidate.window) out.window = metric.candidate.window->length();
  return out;
}

/// What one release gives each series of the metric: a value, or nothing though it was measured.
struct Found {
  const Run* run = nullptr;
  const RunMetric* metric = nullptr;
  std::optional<double> value;
};

/// `runs` of one release, newest first.
std::map<std::string, Found> found_in(const std::vector<const Run*>& runs, const PastQuestion& question, bool failed_count) {
  std::map<std::string, Found> out;
  for (const Run* run : runs) {
    for (const RunMetric& metric : run->metrics) {
      const bool counts = metric.usable && metric.candidate.value && (failed_count || metric.verdict != "fail");
      if (!is_of(metric, question.metric) || !counts || out.contains(metric.id)) continue;
      out[metric.id] = {run, &metric, value_for(metric, question)};
    }
  }
  return out;
}

std::vector<const Run*> runs_with(const std::vector<std::string>& ids, const std::vector<Run>& runs) {
  std::vector<const Run*> out;
  for (const std::string& id : ids) {
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.id == id; });
    if (found != runs.end()) out.push_back(&*found);
  }
  return out;
}

std::vector<const Run*> runs_of_anchor(const std::vector<Run>& runs, const PastQuestion& question, const Present& present) {
  std::vector<const Run*> out;
  for (const Run& run : runs) {
    if (!question.anchor.empty() && run.release == question.anchor && is_past(run, present)) out.push_back(&run);
  }
  std::sort(out.begin(), out.end(), is_newer);
  if (out.size() > kRunsOfRelease) out.resize(kRunsOfRelease);
  return out;
}

}  // namespace

std::vector<PassedRelease> passed_releases(const std::vector<Run>& runs, const Marks& marks, const Present& present) {
  std::vector<PassedRelease> out;
  for (const std::vector<const Run*>& own : by_release(runs, present)) {
    PassedRelease release{own.front()->release_key(), {}, false};
    const auto mark = marks.find(release.key);
    release.by_mark = mark != marks.end() && mark->second;
    if (mark != marks.end() ? !mark->second : !has_passed(own)) continue;
    for (const Run* run : own) {
      const bool counts = release.by_mark || passed(*run);
      if (counts && release.runs.size() < kRunsOfRelease) release.runs.push_back(run->id);
    }
    out.push_back(std::move(release));
  }
  return out;
}

std::vector<std::string> runs_to_read(const std::vector<PassedRelease>& passed, const std::vector<Run>& runs,
                                      const PastQuestion& question, const Present& present) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < std::min(passed.size(), releases_looked_at(question)); ++i)
    ids.insert(passed[i].runs.begin(), passed[i].runs.end());
  for (const Run* run : runs_of_anchor(runs, question, present)) ids.insert(run->id);
  return {ids.begin(), ids.end()};
}

std::optional<RunOfMetric> run_with_findings(const PastQuestion& question, const std::vector<PassedRelease>& passed,
                                             const std::vector<Run>& runs) {
  for (const PassedRelease& release : passed) {
    for (const Run* run : runs_with(release.runs, runs)) {
      for (const RunMetric& metric : run->metrics) {
        const bool counts = metric.open_identities && (release.by_mark || metric.verdict != "fail");
        if (metric.id == question.metric && counts && metric.estimand == question.estimand) return RunOfMetric{run, &metric};
      }
    }
  }
  return std::nullopt;
}

std::map<std::string, core::PastReleases> past_of(const PastQuestion& question, const std::vector<PassedRelease>& passed,
                                                  const std::vector<Run>& runs, const Present& present) {
  std::map<std::string, core::PastReleases> out;
  for (std::size_t i = 0; i < std::min(passed.size(), releases_looked_at(question)); ++i) {
    for (const auto& [id, found] : found_in(runs_with(passed[i].runs, runs), question, passed[i].by_mark)) {
      core::PastReleases& past = out[id];
      past.labels = found.metric->labels;
      if (past.last.size() == question.releases) continue;
      if (!found.value) {
        ++past.unlike;
        continue;
      }
      past.last.push_back(release_of(*found.run, *found.metric, *found.value));
      past.in_newest = past.in_newest || i == 0;
    }
  }
  // A release is an anchor because somebody has named it, whatever its verdict was.
  for (const auto& [id, found] : found_in(runs_of_anchor(runs, question, present), question, true)) {
    if (found.value) out[id].anchor = release_of(*found.run, *found.metric, *found.value);
  }
  for (auto& [id, past] : out) std::reverse(past.last.begin(), past.last.end());
  return out;
}

}  // namespace gate::history
