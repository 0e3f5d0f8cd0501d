// Gate: a gate file, read, merged with its packs and checked. Times of the release and windows are plan's; nothing here is
// asked.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/formula.h"
#include "config/placebo.h"
#include "core/node.h"
#include "core/report.h"
#include "core/settings.h"
#include "core/time.h"
#include "core/unit.h"

namespace gate::config {

enum class Kind { samples, value, ratio, count, histogram, slo, derived, status, findings };
enum class Better { unsaid, lower, higher };
enum class Design { before_after, side_by_side, snapshot, previous_releases, none };
enum class Aggregate { mean, median, min, max, sum, last, count, quantile };
enum class Method { automatic, mean, median, rank, score, newcombe, kayenta, point };
enum class OnNan { drop, zero, fail };
enum class OnPartial { error, note };
enum class Combine { none, sum, mean, max, min };
enum class Switch { automatic, off };
/// How p-values of questions that are asked together are corrected.
enum class Correction { none, holm, benjamini_hochberg };
/// What a metric without usable data, or one whose time has not come, counts as.
enum class Fallback { inconclusive, fail, warn, pass, skip };
/// `status` and `kayenta` are no keys of the file: they stand for what a status, or a metric under Kayenta's rules, is judged
/// by.
enum class Rule {
  above,
  below,
  equals,
  target,
  worse_than,
  goals,
  increase_over,
  decrease_over,
  change_over,
  improve_by,
  burn_over,
  budget_left_below,
  status,
  kayenta
};

std::string_view name(Kind kind);
std::string_view name(Better better);
std::string_view name(Design design);
std::string_view name(Aggregate aggregate);
std::string_view name(Rule rule);
/// True for rules on the change against the baseline, false for rules on the candidate's value.
bool is_change(Rule rule);
/// Whether a source is asked about the baseline: not where there is none, and not where the history has it.
bool asks_baseline(Design design);

/// A moment named in the file: a time, "now", or nothing because the variable it should come from is not set.
struct Moment {
  std::optional<core::Time> time;
  bool now = false;
  std::string unset_variable;  ///< the environment variable that should have given it
  core::Location location;
};

/// The comparison of one metric, the file's [compare] with the metric's own keys over it.
struct Compare {
  Design design = Design::before_after;
  core::Duration baseline_window{std::chrono::minutes(30)};
  core::Duration gap{0};
  core::Duration candidate_window{std::chrono::minutes(30)};
  core::Duration settle{0};
  std::optional<core::Duration> step;
  bool own_step = false;  ///< the metric itself gives `step`, so that it is taken as it is
  std::optional<core::Duration> ingest_delay;
  std::optional<Moment> anchor;  ///< absent: deployed_at
  bool shorten_early = false;
  std::optional<double> split;  ///< side-by-side: the share of the units that the candidate should get, inside (0, 1)
  std::optional<core::Node> split_question;  ///< in the place of `split`: a source is asked for that share
  std::size_t releases = 10;                 ///< previous-releases: how many of the last that passed
  std::string anchor_release;                ///< previous-releases: a version that is compared with, too; "" for none
  std::optional<Placebo> placebo;            ///< before-after: earlier days tell how much these hours move by themselves
  core::Location location;                   ///< of the table that gave the windows
  core::Location step_location;
};

/// One limit of a criterion. `value` is in the metric's unit, or a fraction of the baseline when `relative`.
struct Bound {
  double value = 0.0;
  bool relative = false;
  std::string text;
};

/// One of `goals`: what is wanted so long after the release. `bound` is in the metric's unit.
struct Goal {
  core::Duration after{};
  bool at_least = true;  ///< else at most
  Bound bound;
};

/// One key of a [metrics.ID.fail] or [metrics.ID.warn]. Several bounds: all must be exceeded. A status has one without bounds.
struct Criterion {
  core::Level level = core::Level::fail;
  Rule rule = Rule::above;
  std::vector<Bound> bounds;
  std::vector<Goal> goals;               ///< for `goals`, the first first; `bounds` is then that of the one that counts
  double tolerance = 0.0;                ///< for `target`, in the metric's unit
  std::string text;                      ///< the bound as the author wrote it
  std::optional<core::Time> from;        ///< not evaluated earlier
  std::optional<core::GoalReport> goal;  ///< no key of the file: where `goals` stand, once that is known
  std::vector<core::Duration> windows;   ///< for `burn_over`: all of them must burn faster, longest first
  core::Location location;
};

/// `count` of a metric of kind findings.
enum class FindingCount { open, fresh, fixed };

/// One question of a metric: to which source, with which of its keys.
struct Part {
  std::string source;
  std::string of_metric;  ///< { metric = "id" }: the question is that metric's; "" when it is the part's own
  core::Settings query;
  core::Location location;
};

/// [metrics.ID.kayenta], with Kayenta's defaults: see stats/kayenta.h.
struct Kayenta {
  enum class Direction { increase, decrease, either };

  Direction direction = Direction::either;
  double tolerance_ratio = 0.25;
  double confidence = 0.98;  ///< of the two-sided interval
  bool cles = false;         ///< the effect is the common language effect size, and not the ratio of the means
  double allowed_increase = 1.0;
  double allowed_decrease = 1.0;
  bool critical = false;
  double critical_increase = 1.0;
  double critical_decrease = 1.0;
  bool replace_nan = false;
  bool must_have_data = false;
  std::optional<double> outlier_factor;  ///< absent: outliers are kept
};

/// What a metric of kind slo promises. Its parts are `events` (bad ones) and `total`.
struct Slo {
  double objective = 0.0;                               ///< the share that must be good, inside (0, 1)
  core::Duration period = std::chrono::hours(24 * 30);  ///< what the error budget is for
  std::vector<core::Duration> windows;                  ///< of bounds that name none
};

/// The formula of a metric of kind derived, and the string it was written as, for places in diagnostics.
struct WrittenFormula {
  Formula formula;
  core::Node text;
};

struct VerdictRules {
  double confidence = 0.95;
  Fallback on_no_data = Fallback::inconclusive;
  Fallback on_pending = Fallback::inconclusive;
  std::optional<Fallback> on_few_releases;  ///< absent: as on_no_data
  Fallback unproven_within = Fallback::warn;
  Fallback unproven_beyond = Fallback::inconclusive;
  /// No key of the file: what the limits of one look are taken at so that those of all looks together keep `confidence`.
  std::optional<double> look_confidence;

  /// What limits are taken at.
  [[nodiscard]] double level() const { return look_confidence.value_or(confidence); }
};

struct Metric {
  std::string id;
  std::string title;
  std::string category;
  std::string link;
  std::string stage;
  std::string source;
  Kind kind = Kind::samples;
  core::Unit unit;
  Better better = Better::unsaid;
  bool required = false;
  bool judged = true;
  bool is_guest = false;  ///< of a file that nobody vouches for, added under a policy: it can only make the verdict worse
  double weight = 1.0;
  std::optional<Aggregate> aggregate;  ///< kind histogram: always quantile
  double aggregate_quantile = 0.5;     ///< of aggregate quantile and median, inside (0, 1)
  Method method = Method::automatic;
  std::size_t min_samples = 5;
  double min_events = 0.0;
  Switch autocorrelation = Switch::automatic;
  Switch dispersion = Switch::automatic;
  OnNan on_nan = OnNan::drop;
  OnPartial on_partial = OnPartial::error;
  Combine combine = Combine::none;
  std::string each;
  std::string cluster;     ///< the column whose values are the independent units; "" when there is none
  bool covariate = false;  ///< covariate = "baseline": what the units did before the release explains a part of their spread
  core::Verdict on_new = core::Verdict::warn;
  core::Verdict on_gone = core::Verdict::warn;
  std::optional<core::Duration> range;
  bool overlap = false;
  Compare compare;
  VerdictRules rules;
  /// "value" for samples, value and status; "buckets" for a histogram; "events" with "total" (ratio) or, if not the window's
  /// length, "exposure" (count). A part asked differently on one side stands under "baseline.value", "candidate.events", ….
  std::map<std::string, Part> parts;
  std::optional<Part> split;  ///< side-by-side: the question of `compare.split_question`
  std::vector<Criterion> criteria;
  std::optional<Slo> slo;                    ///< kind slo
  FindingCount counts = FindingCount::open;  ///< kind findings
  bool against_history = false;              ///< kind findings: no file of the version before is named
  std::optional<Kayenta> kayenta;            ///< method kayenta
  std::optional<WrittenFormula> formula;     ///< kind derived; absent when it is wrong
  core::Location location;
  core::Location unit_location;  ///< of `unit`; of the metric without one
};

/// Whether a criterion of `metric` has goals in time.
[[nodiscard]] bool has_goals(const Metric& metric);
/// What `count` is called in the file: "open", "new", "fixed".
std::string_view name(FindingCount count);

/// Whether samples are judged by a quantile (the median is one) and not by their mean.
[[nodiscard]] bool is_quantile(const Metric& metric);

struct SourceConfig {
  std::string id;
  std::string type;
  core::Settings settings;
  core::Location location;
};

struct Gate {
  std::string name;
  std::string file;
  std::string directory;             ///< of the file: paths in it are relative to this
  std::string sha256;                ///< of the bytes of the file
  bool untrusted = false;            ///< it may come from anybody
  std::vector<std::string> origins;  ///< the servers that may be asked ("https://prom.example.com:443"); empty allows all
  std::string release_version;
  std::string previous_version;
  std::optional<Moment> deployed_at;
  std::optional<Moment> started_at;
  std::vector<SourceConfig> sources;
  std::vector<Metric> metrics;
  std::map<std::string, std::string> baseline_variables;   ///< [compare.tracks.baseline], and "track"
  std::map<std::string, std::string> candidate_variables;  ///< [compare.tracks.candidate], and "track"
  std::optional<double> pass_score;
  Correction family = Correction::none;  ///< [verdict] family: over the promises of the required metrics
  bool always_comment = false;           ///< [publish] comment = "always"
  std::vector<std::string> packs;
  std::vector<std::string> notes;  ///< e.g. a token's variable that is not set

  [[nodiscard]] const SourceConfig* find_source(std::string_view id) const;
  [[nodiscard]] const Metric* find_metric(std::string_view id) const;
};

}  // namespace gate::config
