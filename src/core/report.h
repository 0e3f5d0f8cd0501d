// Report: the whole outcome of a run as a value. Made by judge and cli, read by the renderers, which compute nothing.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/findings.h"
#include "core/past.h"
#include "core/samples.h"
#include "core/time.h"
#include "core/unit.h"

namespace gate::core {

/// Of a metric or a gate, worst first by the order of docs/verdict.md: fail, error, inconclusive, warn, pass; skipped counts
/// not.
enum class Verdict { skipped, pass, warn, inconclusive, error, fail };
enum class Evidence { enough, thin, none, pending, error };
enum class Outcome { holds, violated, unproven, not_evaluated };
enum class Level { fail, warn };

std::string_view name(Verdict verdict);
std::string_view name(Evidence evidence);
std::string_view name(Outcome outcome);
std::string_view name(Level level);

struct Range {
  double lower = 0.0;
  double upper = 0.0;
};

/// One side of a comparison in the metric's unit; `value` is the estimand, absent when it could not be had.
struct Side {
  std::optional<double> value;
  std::size_t samples = 0;
  std::size_t dropped = 0;
  std::optional<Window> window;
  std::optional<Time> at{};            ///< of a value that is the newest the system holds: such have no window
  std::optional<double> at_least{};    ///< in place of a value that lies above the highest bucket of a histogram
  std::optional<double> at_most{};     ///< in place of one that lies below the lowest
  std::optional<double> zero_limit{};  ///< of a share or a rate of 0 events: no greater than this, at the metric's confidence
};

/// How an interval was found by resampling.
struct BootstrapReport {
  std::size_t resamples = 0;
  std::uint64_t seed = 0;
  std::pair<std::size_t, std::size_t> blocks{};  ///< values a block holds: of the baseline, of the candidate
};

/// How much of its noise a change has lost to what its units did before (CUPED).
struct VarianceReduction {
  Window pre_period;
  double share = 0.0;        ///< of the variance of the change; below 0 when too few units taught too little
  double correlation = 0.0;  ///< within the sides, between what units did and what they had done before
  double theta = 0.0;        ///< what is taken off for each unit of difference before, pooled over both sides
  double unadjusted = 0.0;   ///< the change without it, in the metric's unit
  std::pair<std::size_t, std::size_t> units{};   ///< of the baseline, of the candidate
  std::pair<std::size_t, std::size_t> absent{};  ///< of those: were not there before, and count as the average
};

/// candidate − baseline, never flipped.
struct ChangeReport {
  double absolute = 0.0;
  std::optional<double> relative;
  std::optional<Range> interval;
  std::optional<Range> relative_interval;
  double interval_level = 0.90;
  std::string method;
  std::optional<std::pair<double, double>> effective_samples;
  std::optional<BootstrapReport> bootstrap;
  std::optional<VarianceReduction> variance_reduction;
  /// Of an A/B test: two-sided, of no difference at all, by the method of the intervals; not corrected for other questions.
  std::optional<double> p_value;
  std::string classification;  ///< "High", "Nodata": by Kayenta's rules; "" elsewhere
  bool critical = false;       ///< by Kayenta's rules: it alone fails the analysis
};

/// One earlier day of a placebo, in the metric's unit; values are absent where the day has no usable data.
struct PlaceboDayReport {
  Window baseline_window;
  Window candidate_window;
  std::optional<double> baseline;
  std::optional<double> candidate;
  std::string left_out;  ///< why it does not count; "" when it does
};

/// What these hours do without a release. The baseline of the metric is then `before` moved as they did on earlier days.
struct PlaceboReport {
  std::string days;                ///< for people: "earlier weeks", "earlier weekdays", "earlier days"
  std::string zone;                ///< whose calendar
  bool relative = false;           ///< days are compared by the ratio of their sides, not by the difference
  std::optional<double> before;    ///< of the window before this release
  std::optional<double> expected;  ///< after it, had nothing been released
  std::optional<Range> expected_interval;
  std::vector<PlaceboDayReport> all;  ///< oldest first
};

/// A window that a burn rate was taken over.
struct BurnWindow {
  Duration length{};
  double events = 0.0;  ///< bad ones
  double total = 0.0;
  std::optional<double> burn;     ///< how many times faster than allowed; absent without traffic
  std::optional<Range> interval;  ///< of `burn`, each end at the gate's confidence
};

/// Where a criterion with goals in time stands: which of them counts. Before the first is due that one is spoken of.
struct GoalReport {
  std::size_t number = 1;  ///< from 1
  std::size_t count = 1;
  bool is_due = false;
  bool at_least = true;  ///< what is wanted; else at most
  Duration after{};      ///< the release
  Time due{};            ///< when its data are there
  std::optional<Time> next_due;
};

struct CriterionReport {
  Level level = Level::fail;
  std::string rule;
  std::string bound;                       ///< as it was written: "10%", "10% and 5ms"
  std::string limit;                       ///< for people: "+10 % and +5 ms", "≤ 800 ms"
  std::optional<double> observed;          ///< the candidate's value, or the change: a fraction for relative bounds
  std::optional<Range> observed_interval;  ///< of `observed`, for burn rates
  std::vector<BurnWindow> windows;         ///< for bounds of an SLO, longest first
  std::optional<double> margin;            ///< what is allowed, in the metric's unit
  std::optional<Range> harm_interval;      ///< of the harm above the margin, in the metric's unit; ends may be infinite
  std::optional<double> p_value;
  std::string p_correction;          ///< "holm", "benjamini-hochberg": p_value is adjusted for what was asked together; else ""
  std::size_t p_together = 0;        ///< how many p-values were adjusted together
  std::optional<double> detectable;  ///< in the unit of the bound: a fraction for relative bounds
  std::optional<double> needs_seconds;
  Outcome outcome = Outcome::not_evaluated;
  std::optional<Time> due;         ///< of one that is not evaluated: when its time comes, where that is what is missing
  std::optional<GoalReport> goal;  ///< of `goals`
  bool within = true;              ///< for unproven: the point estimate is inside the limit
  bool relative = false;           ///< the bound is a share of the baseline
  std::string reason;              ///< one sentence
  std::string next;                ///< what to do, "" when there is nothing to do
  std::string file;                ///< where it is written: the gate file, or the name of a pack
  std::uint32_t line = 0;
};

struct ResolvedQuery {
  std::string part;  ///< "value", "events", "total", "exposure"; "formula" for what is made of others
  std::string side;  ///< "baseline", "candidate"
  std::string text;
};

struct MetricReport {
  std::string id;
  std::string parent;
  Labels labels;
  std::string title;
  std::string category;
  std::string source;
  std::string source_type;
  std::string kind;
  Unit unit;
  std::string better;
  bool required = false;
  double weight = 1.0;
  bool ab_test = false;  ///< proportions of two groups of users at the same time, shown with lift, difference and p-value
  Verdict verdict = Verdict::skipped;
  Evidence evidence = Evidence::none;
  Evidence candidate_evidence = Evidence::none;  ///< of the candidate alone, whatever it is compared with
  bool left_out = false;                         ///< by --only or --stage
  std::optional<Time> due;
  std::optional<std::string> status;
  std::optional<Side> baseline;
  std::optional<Side> candidate;
  std::optional<PastReleases> past;  ///< design previous-releases
  std::optional<PlaceboReport> placebo;
  std::optional<FindingSet> findings;             ///< kind findings: what the history keeps
  std::optional<FindingsChange> findings_change;  ///< against the release before, where the history gave it
  std::optional<ChangeReport> change;
  std::vector<CriterionReport> criteria;
  Samples baseline_series;
  Samples candidate_series;
  std::vector<RequestLog> requests;
  std::vector<ResolvedQuery> queries;
  std::string graph_url;
  std::string link;
  std::optional<Error> error;
  std::vector<std::string> notes;
  std::optional<std::size_t> deciding;  ///< index of the criterion that decided
  std::string headline;                 ///< the deciding sentence
  std::string brief;                    ///< a few words in place of numbers that are not there: "needs 100 events", "no data"
  std::string next;                     ///< what to do about it
  std::string file;                     ///< where it is written: the gate file, or the name of a pack
  std::uint32_t line = 0;
};

struct Override {
  std::string reason;
  std::string actor;
};

/// A source that was asked.
struct SourceUsed {
  std::string id;
  std::string type;
  std::string version;  ///< "Prometheus 2.42.0", "" when it does not say
};

/// What one look of a watch saw of one metric.
struct LookMetric {
  std::string id;
  Verdict verdict = Verdict::skipped;
  Evidence evidence = Evidence::none;
  double level = 0.95;             ///< one-sided confidence that the limits of this look were taken at
  std::optional<double> observed;  ///< of the criterion that decided: a fraction for relative bounds
  std::optional<Range> interval;   ///< of `observed`; those of all looks hold at once
};

struct LookReport {
  std::size_t number = 0;  ///< from 1
  Time at{};
  Verdict verdict = Verdict::inconclusive;
  std::vector<LookMetric> metrics;
};

/// Why a watch ended.
enum class WatchEnd { harm, safe, error, horizon, interrupted };
std::string_view name(WatchEnd end);

/// A release that was looked at again and again: its looks, and the one that decided.
struct WatchReport {
  std::size_t looks = 0;  ///< planned
  Duration every{};
  Duration longest{};  ///< --for
  Duration least{};    ///< --min
  Time opened_at{};    ///< the candidate windows start here; look k is k times `every` later
  bool past = false;   ///< replayed over stored data
  std::string boundary;
  WatchEnd end = WatchEnd::interrupted;
  std::vector<LookReport> history;  ///< the looks that were taken, in order; the last one decided
};

/// A line of the scorecard: what the metrics of one category come to.
struct CategoryReport {
  std::string name;                     ///< "performance"; "" for metrics that name no category
  Verdict verdict = Verdict::skipped;   ///< skipped: nothing of it was judged, which is no pass
  std::optional<std::size_t> deciding;  ///< the metric that decided it, as an index into Report::metrics
  std::size_t metrics = 0;              ///< that were to be judged; 0 when the gate has none of this category
  std::size_t evaluated = 0;            ///< of those: had a criterion that data could decide or leave unproven
  std::size_t pending = 0;              ///< with a criterion whose time has not come, counted among `metrics` or skipped
  std::optional<Time> due;              ///< when the first of these is due
};

struct Report {
  std::string tool_version;
  std::string gate_name;
  std::string gate_file;      ///< as it was given
  std::string checkout_file;  ///< the same from the root of the checkout, when that is known and another
  std::string gate_sha256;
  Verdict verdict = Verdict::inconclusive;
  int exit_code = 3;
  std::optional<int> would_exit;  ///< the code without --exit-zero or --override
  std::optional<double> score;
  Time started_at{};
  Time finished_at{};
  Duration duration{};
  Time now{};
  std::optional<Time> deployed_at;
  std::optional<Time> rollout_started_at;
  std::string release_version;
  std::string previous_version;
  double confidence = 0.95;
  std::optional<Override> override_;
  std::vector<SourceUsed> sources;
  std::vector<MetricReport> metrics;
  std::vector<CategoryReport> categories;  ///< the ten of the packs in their order, then others as they first appear
  std::optional<WatchReport> watch;        ///< of `release-gate watch`
  std::vector<Error> errors;
  std::vector<std::string> notes;
  std::string headline;   ///< the verdict's reason in one line, without the verdict's word
  std::string certainty;  ///< how sure a proven failure is: "at least +24 % at 95 %", "" when there is nothing to be sure of
  std::string next;       ///< what to do about the verdict, "" for a pass
  std::string closest;    ///< of a pass: the metric that comes closest to its limit
  std::string replay;     ///< where the evidence lies, "" when none was recorded
};

}  // namespace gate::core
