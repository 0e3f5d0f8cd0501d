// A run as the history keeps it: what a report says of each metric, without the points behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/findings.h"
#include "core/report.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::history {

/// One criterion's outcome.
struct RunCriterion {
  std::string level;
  std::string rule;
  std::string bound;
  std::string outcome;
  std::optional<double> observed;
  std::optional<double> margin;
  std::optional<double> p_value;
};

/// One side: `value` in the metric's unit.
struct RunSide {
  std::optional<double> value;
  std::int64_t samples = 0;
  std::int64_t dropped = 0;
  std::optional<core::Window> window;
};

/// candidate − baseline.
struct RunChange {
  double absolute = 0.0;
  std::optional<double> lower;
  std::optional<double> upper;
  double level = 0.90;
  std::string method;
  std::optional<double> effective_baseline;
  std::optional<double> effective_candidate;
};

struct RunMetric {
  std::string id;
  std::string parent;
  core::Labels labels;
  std::string title;
  std::string source;
  std::string estimand;  ///< what the value is: "samples mean", "value p95", "derived cost / requests"
  std::string unit;
  std::string better;
  bool required = false;
  std::string verdict;
  std::string evidence;
  bool usable = false;  ///< the candidate's value has enough data behind it to be compared with later
  std::string status;
  std::string headline;
  RunSide candidate;
  std::optional<RunSide> baseline;
  std::optional<RunChange> change;
  std::vector<RunCriterion> criteria;
  /// Kind findings: how many identities are kept as open. Nothing when none are kept: another kind, or more than
  /// core::kMostFindings.
  std::optional<std::int64_t> open_identities;
  std::vector<core::KnownFinding> findings;  ///< these, when the run is to be kept; empty when it was read
};

struct Run {
  std::string id;
  std::string gate;
  std::string gate_sha256;
  std::string release;  ///< the version, "" when it was not told
  std::string previous_release;
  std::string revision;  ///< the commit, "" when it is not known
  std::optional<core::Time> deployed_at;
  core::Time judged_at{};
  core::Time started_at{};
  core::Time finished_at{};
  std::string stage;
  bool complete = true;  ///< every metric of the gate, or of the stage, was asked: no --only
  std::string verdict;
  int exit_code = 0;
  std::optional<int> would_exit;
  std::optional<core::Override> override_;
  std::optional<double> score;
  std::string headline;
  std::string tool_version;
  std::vector<RunMetric> metrics;  ///< in the order of the report; empty where only the run was asked for

  /// When it was deployed; when it was judged, where that is not known.
  [[nodiscard]] core::Time released_at() const { return deployed_at.value_or(judged_at); }
  /// What tells releases apart: the version, or else the time.
  [[nodiscard]] std::string release_key() const;
};

/// What a report does not say of its run.
struct RunFacts {
  std::string id;
  std::string revision;
  std::string stage;
  bool complete = true;
  /// The estimand of a metric of the file, by its id.
  std::function<std::string(const std::string& metric)> estimand;
};

/// `report` as it is kept. Metrics that were left out are not.
Run run_of(const core::Report& report, const RunFacts& facts);

/// Criteria and labels as the text that they are kept as, and back; nothing of a text that is none.
std::string to_text(const std::vector<RunCriterion>& criteria);
std::vector<RunCriterion> criteria_of(const std::string& text);
std::string to_text(const core::Labels& labels);
core::Labels labels_of(const std::string& text);

}  // namespace gate::history
