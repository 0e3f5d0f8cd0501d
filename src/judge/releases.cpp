#include "judge/releases.h"

#include <fmt/format.h>

#include <algorithm>

#include "stats/prediction.h"
#include "stats/summary.h"

namespace gate::judge {
namespace {

std::vector<double> values_of(const core::PastReleases& past) {
  std::vector<double> out;
  for (const core::PastRelease& one : past.last) out.push_back(one.value);
  return out;
}

/// One of two references, each of which may prove harm: at half the level, while safety needs both at the whole.
class OneOfTwo final : public Comparison {
 public:
  OneOfTwo(stats::PredictionComparison comparison, bool alone) : comparison_(comparison), alone_(alone) {}

  [[nodiscard]] stats::Evaluated<stats::Harm> harm(const stats::Contrast& contrast, double confidence) const override {
    const auto asked = comparison_.harm(contrast, confidence);
    if (!asked || alone_) return asked;
    const auto strict = comparison_.harm(contrast, 1.0 - (1.0 - confidence) / 2.0);
    if (!strict) return strict;
    stats::Harm out = *asked;
    out.interval.lower = strict->interval.lower;
    out.detectable = strict->detectable;
    out.p_value = std::min(1.0, 2.0 * out.p_value);
    return out;
  }

  [[nodiscard]] stats::Change change() const override { return comparison_.change(); }

  [[nodiscard]] std::optional<double> needs_factor(const stats::Contrast& contrast, double confidence) const override {
    return stats::PredictionComparison::needs_factor(contrast, confidence);
  }

 private:
  stats::PredictionComparison comparison_;
  bool alone_;
};

MadeComparison wrap(const stats::Evaluated<stats::PredictionComparison>& prepared, bool alone) {
  if (!prepared) return {nullptr, prepared.reason()};
  return {std::make_unique<OneOfTwo>(*prepared, alone), std::nullopt};
}

}  // namespace

bool has_releases(const config::Metric& metric) {
  return metric.compare.design == config::Design::previous_releases;
}

core::Side releases_side(const core::PastReleases& past) {
  core::Side out;
  out.samples = past.last.size();
  if (!past.last.empty()) out.value = stats::summarize(values_of(past)).mean;
  return out;
}

core::Side anchor_side(const core::PastRelease& anchor) {
  core::Side out;
  out.samples = 1;
  out.value = anchor.value;
  return out;
}

core::Samples releases_series(const core::PastReleases& past) {
  core::Samples out;
  for (const core::PastRelease& one : past.last) {
    out.times.push_back(one.released_at);
    out.values.push_back(one.value);
  }
  return out;
}

SideEvidence releases_evidence(const config::Metric& metric, const core::PastReleases& past) {
  const std::size_t have = past.last.size();
  const std::string& anchor = metric.compare.anchor_release;
  if (have >= kLeastReleases && (anchor.empty() || past.anchor)) return {};
  SideEvidence out;
  out.evidence = have == 0 ? core::Evidence::none : core::Evidence::thin;
  if (have >= kLeastReleases) {
    out.why = fmt::format("The history has no value of release {}, which is the anchor.", anchor);
    out.brief = fmt::format("no anchor {}", anchor);
    out.next = "check anchor_release, or judge that release once with --history";
    return out;
  }
  const std::size_t missing = kLeastReleases - have;
  out.why = fmt::format("Too few releases: the history has {} of at least {} that passed; {} more {} needed.", have,
                        kLeastReleases, missing, missing == 1 ? "is" : "are");
  if (past.unlike > 0) {
    out.why += fmt::format(" Of {} others it has values that are something else, or in a unit that does not fit.", past.unlike);
  }
  out.brief = fmt::format("needs {} more release{}", missing, missing == 1 ? "" : "s");
  out.next = "judge earlier releases with --history and --deployed-at";
  if (!metric.rules.on_few_releases) out.next += R"(, or set on_few_releases = "warn" meanwhile)";
  return out;
}

MadeComparison compare_releases(const config::Metric& metric, const core::PastReleases& past, double candidate) {
  if (metric.method == config::Method::point || past.last.size() < kLeastReleases) return {};
  const bool alone = metric.compare.anchor_release.empty();
  return wrap(stats::PredictionComparison::of_mean(values_of(past), candidate, metric.rules.level()), alone);
}

MadeComparison compare_anchor(const config::Metric& metric, const core::PastReleases& past, double candidate) {
  if (metric.method == config::Method::point || past.last.size() < kLeastReleases || !past.anchor) return {};
  return wrap(stats::PredictionComparison::of_anchor(values_of(past), past.anchor->value, candidate, metric.rules.level()),
              false);
}

std::string releases_text(const core::PastReleases& past) {
  return fmt::format("the last {} releases that passed", past.last.size());
}

std::string anchor_text(const core::PastRelease& anchor) {
  return fmt::format("release {}, the anchor", core::name_of(anchor));
}

std::vector<std::string> releases_notes(const core::PastReleases& past, const core::SideMeasurement& candidate) {
  std::vector<std::string> out;
  if (!past.last.empty()) {
    out.push_back(fmt::format("compared with {} {} to {}",
                              past.last.size() == 1 ? "one release that passed," : releases_text(past) + ",",
                              core::name_of(past.last.front()), core::name_of(past.last.back())));
  }
  if (past.unlike > 0) {
    out.push_back(
        fmt::format("{} of the releases that passed {} left out: the history has values of something else, or in a unit "
                    "that does not fit",
                    past.unlike, past.unlike == 1 ? "is" : "are"));
  }
  if (!candidate.window) return out;
  const core::Duration length = candidate.window->length();
  const auto other = std::count_if(past.last.begin(), past.last.end(),
                                   [&](const core::PastRelease& one) { return one.window && *one.window != length; });
  if (other > 0) {
    out.push_back(fmt::format("{} of them {} measured over another length of time than {}: shorter windows scatter more", other,
                              other == 1 ? "was" : "were", core::describe_duration(length)));
  }
  return out;
}

}  // namespace gate::judge
