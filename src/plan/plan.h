// Plan: a Gate and the time of its release made into the list of questions to ask, with their windows and steps. Sends nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/question.h"
#include "core/report.h"
#include "core/settings.h"
#include "core/time.h"
#include "plan/growth.h"
#include "plan/placebo.h"

namespace gate::plan {

enum class Side { baseline, candidate };
std::string_view name(Side side);

/// The moments that a plan hangs on.
struct Clock {
  core::Time now{};
  std::optional<core::Time> deployed_at;
  std::optional<core::Time> started_at;  ///< absent: deployed_at
};

/// One look of a watch, taken at Options::now: candidates are as long as their data reach.
struct LookAt {
  core::Time horizon{};               ///< of the last look: steps are chosen for its windows, so that all looks have the same
  core::Duration longest_declared{};  ///< metrics that declare a longer candidate window are pending
  bool past = false;                  ///< what can only be asked as it is now is left out
};

struct Options {
  std::optional<core::Time> deployed_at;  ///< --deployed-at
  core::Time now{};                       ///< the clock, or --now
  std::string stage;                      ///< --stage: metrics of other stages are left out
  std::vector<std::string> only;          ///< --only: metrics to keep; empty keeps all
  core::Releases releases;                ///< earlier ones, for placebos
  std::optional<LookAt> look;
  /// What a type of source says of itself; nullptr for an unknown one.
  std::function<const core::SourceTypeSpec*(std::string_view type)> spec;
};

/// The part that says which share of the units the candidate should get: no part of the metric's value.
inline constexpr std::string_view kSplitPart = "split";

/// One question with where it goes and whose it is.
struct Ask {
  Side side = Side::candidate;
  std::string part;
  std::string source;
  core::Question question;
  std::optional<std::size_t> span;  ///< of an SLO: which of MetricPlan::spans
  std::optional<std::size_t> day;   ///< of a placebo: which of its days
  bool pre_period = false;          ///< of a covariate: what the units did before
};

/// One window of an SLO; it ends where the others do.
struct Span {
  core::Window window;
  core::Duration step{};  ///< the length of a slice
  bool whole = false;     ///< one number for all of it
};

struct MetricPlan {
  const config::Metric* metric = nullptr;
  enum class State { due, pending, left_out } state = State::due;
  std::optional<core::Time> due;  ///< when the candidate window is over and its data have arrived
  std::optional<core::Window> baseline;
  std::optional<core::Window> candidate;
  core::Duration step{};   ///< between points, or the length of a slice
  core::Duration range{};  ///< how far the data behind one point reach back
  bool overlapping = false;
  bool whole_window = false;  ///< one number for the whole window: no slices, no dispersion
  bool rows = false;          ///< the answers are rows with times of their own
  bool spread = false;        ///< the exposure is one number for the window, and is spread evenly over the slices of the events
  bool for_others = false;    ///< left out, and asked all the same: a formula that is kept needs it
  bool present = false;       ///< asked for as it is now: a state, or the newest value; no windows, due at once
  bool candidate_only = false;     ///< nothing to compare with is asked for, whatever the design
  std::optional<Growing> growing;  ///< of a look: how the candidate grows
  double split_unit = 1.0;         ///< what 1 in the answer to the part "split" is as a fraction
  std::string left_out_why;        ///< "" for --only and --stage
  std::vector<Span> spans;         ///< of an SLO, longest first
  std::optional<PlaceboPlan> placebo;
  std::optional<core::Window> pre_period;  ///< of a covariate
  std::vector<core::GoalStanding> goals;   ///< of criteria with goals in time
  std::vector<Ask> asks;
  std::vector<std::string> notes;
};

struct Plan {
  Clock clock;
  std::vector<MetricPlan> metrics;  ///< in the order of the file
  std::vector<std::string> notes;
};

struct Planned {
  std::optional<Plan> plan;  ///< absent when there is an error among the diagnostics
  core::Diagnostics diagnostics;
};

/// The questions that judging `gate` takes. `gate` outlives the plan. RG0301: no time of deployment; RG0302: started_at after
/// deployed_at; RG0303: --only or --stage names nothing; RG0306: a range longer than its window; RG0307 (warning): the range
/// leaves few points; RG0309: parts that do not fit each other; RG0310: a value of rows without an aggregate; RG0311: a
/// snapshot of a source that has no rows; RG0312: one number for the whole window where samples are needed; RG0313: a count of
/// a snapshot without an exposure; RG0314: two sides that are asked the same; RG0317: windows longer than the days of a placebo
/// are apart; RG0320: only the newest value is known where many are needed.
Planned make_plan(const config::Gate& gate, const Options& options);

/// How many equal parts a window of a file's rows is cut into: as many as steps fit, for slices; as many as it takes, but at
/// least 20, for batches (statistics: rows become batches before the variance is taken).
std::size_t slice_count(core::Duration window, core::Duration step);
std::size_t batch_count(core::Duration window, core::Duration step);

/// The slices or steps that a window is cut into when the author gives none.
core::Duration default_step(core::Duration window);
/// The slice for counts: `wanted` (or one minute) when that leaves at least 20 slices, less otherwise, never below 15 seconds;
/// divides `window` evenly.
core::Duration slice_step(core::Duration window, std::optional<core::Duration> wanted);

}  // namespace gate::plan
