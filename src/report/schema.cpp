#include "report/schema.h"

#include "report/schema_watch.h"

namespace gate::report {
namespace {

// In pieces, because compilers limit the length of a literal.

constexpr const char* kTop = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "release-gate report, v1",
  "description": "What `release-gate check --format json` writes. Numbers are finite or null, times are UTC. Keys are only added within v1.",
  "type": "object",
  "required": ["schema", "tool", "gate", "verdict", "exit_code", "score", "started_at", "finished_at", "duration_ms", "release", "metrics", "errors", "notes"],
  "properties": {
    "schema": {"const": "release-gate/report/v1", "description": "name and version of this format"},
    "tool": {
      "type": "object",
      "description": "the program that wrote it",
      "required": ["name", "version"],
      "properties": {
        "name": {"const": "release-gate", "description": "its name"},
        "version": {"type": "string", "description": "its version"}
      }
    },
    "gate": {
      "type": "object",
      "description": "the gate file",
      "required": ["name", "file", "sha256"],
      "properties": {
        "name": {"type": "string", "description": "`name` in the file, or the file's name"},
        "file": {"type": "string", "description": "its path as it was given"},
        "sha256": {"type": "string", "pattern": "^([0-9a-f]{64})?$", "description": "of its bytes"}
      }
    },
    "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error"], "description": "the worst of the required metrics; warn when only optional ones are not well"},
    "exit_code": {"enum": [0, 1, 3, 4, 5, 130, 143], "description": "of the process"},
    "would_exit": {"enum": [0, 1, 3, 4, null], "description": "the exit code without --exit-zero or --override; null when neither was given"},
    "score": {"type": ["number", "null"], "minimum": 0, "maximum": 100, "description": "100 times the weighted share of what passed (a warning counts half); null without pass_score"},
    "headline": {"type": "string", "description": "the verdict's reason in one line, for people"},
    "certainty": {"type": ["string", "null"], "description": "how sure a proven failure is; the end of `headline`"},
    "next": {"type": ["string", "null"], "description": "what to do about the verdict"},
    "closest": {"type": ["string", "null"], "description": "of a pass: the metric that comes closest to its limit"},
    "started_at": {"$ref": "#/definitions/time", "description": "when the run began"},
    "finished_at": {"$ref": "#/definitions/time", "description": "when all was asked"},
    "duration_ms": {"type": "integer", "minimum": 0, "description": "between the two"},
    "now": {"$ref": "#/definitions/time", "description": "the time that it was judged at: --now, or when the run began"},
    "confidence": {"type": "number", "exclusiveMinimum": 0.5, "exclusiveMaximum": 1, "description": "the gate's confidence in each one-sided claim"},
    "release": {
      "type": "object",
      "description": "the release that is judged",
      "required": ["deployed_at"],
      "properties": {
        "deployed_at": {"$ref": "#/definitions/time_or_null", "description": "when the new version had all its traffic"},
        "started_at": {"$ref": "#/definitions/time_or_null", "description": "when its rollout began, if that was said"},
        "version": {"type": ["string", "null"], "description": "the new version"},
        "previous_version": {"type": ["string", "null"], "description": "the one before it"}
      }
    },
    "override": {
      "type": ["object", "null"],
      "description": "who let the release through, and why",
      "required": ["reason", "actor"],
      "properties": {
        "reason": {"type": "string", "description": "as given to --override"},
        "actor": {"type": ["string", "null"], "description": "the user of the pipeline or of the machine"}
      }
    },
    "sources": {
      "type": "array",
      "description": "the sources that were asked",
      "items": {
        "type": "object",
        "required": ["id", "type", "version"],
        "properties": {
          "id": {"type": "string", "description": "its name in the gate file"},
          "type": {"type": "string", "description": "prometheus, file, …"},
          "version": {"type": ["string", "null"], "description": "what it says it is"}
        }
      }
    },
    "metrics": {"type": "array", "items": {"$ref": "#/definitions/metric"}, "description": "in the order of the gate file; each series of an `each` is one"},
    "watch": {"$ref": "#/definitions/watch", "description": "the looks of `release-gate watch`; not there for one evaluation"},
    "errors": {"type": "array", "items": {"$ref": "#/definitions/error"}, "description": "errors that belong to no metric"},
    "notes": {"$ref": "#/definitions/texts", "description": "what a reader should know about the run"}
  },
)json";

constexpr const char* kValues = R"json(  "definitions": {
    "time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$"},
    "time_or_null": {"anyOf": [{"$ref": "#/definitions/time"}, {"type": "null"}]},
    "texts": {"type": "array", "items": {"type": "string"}},
    "number_or_null": {"type": ["number", "null"]},
    "interval": {
      "type": ["array", "null"],
      "items": {"$ref": "#/definitions/number_or_null"},
      "minItems": 2,
      "maxItems": 2,
      "description": "lower and upper end; an end is null when it is infinite"
    },
    "window": {
      "type": "object",
      "description": "half-open on the data",
      "required": ["start", "end"],
      "properties": {
        "start": {"$ref": "#/definitions/time", "description": "included"},
        "end": {"$ref": "#/definitions/time", "description": "excluded"}
      }
    },
    "side": {
      "type": ["object", "null"],
      "required": ["value", "samples", "dropped", "window"],
      "properties": {
        "value": {"$ref": "#/definitions/number_or_null", "description": "the estimate in the metric's unit"},
        "samples": {"type": "integer", "minimum": 0, "description": "points, rows, slices or clusters behind it"},
        "dropped": {"type": "integer", "minimum": 0, "description": "those left out: NaN, infinite, missing"},
        "window": {"anyOf": [{"$ref": "#/definitions/window"}, {"type": "null"}], "description": "null for snapshots, states and newest values"},
        "at": {"$ref": "#/definitions/time_or_null", "description": "of the newest value that the source holds, where that is what was asked for"},
        "at_least": {"$ref": "#/definitions/number_or_null", "description": "in place of `value`: the quantile lies above the highest bucket, whose bound this is"},
        "at_most": {"$ref": "#/definitions/number_or_null", "description": "in place of `value`: the quantile lies below the lowest bucket, whose bound this is"},
        "zero_limit": {"$ref": "#/definitions/number_or_null", "description": "of 0 events: the share or rate is no greater than this, at the metric's confidence"}
      }
    },
    "change": {
      "type": ["object", "null"],
      "required": ["absolute", "relative", "interval", "relative_interval", "interval_level", "method", "effective_samples"],
      "properties": {
        "absolute": {"$ref": "#/definitions/number_or_null", "description": "candidate less baseline, in the metric's unit"},
        "relative": {"$ref": "#/definitions/number_or_null", "description": "as a fraction of the baseline; null when that is not above zero"},
        "interval": {"$ref": "#/definitions/interval", "description": "of `absolute`; null for two bare numbers"},
        "relative_interval": {"$ref": "#/definitions/interval", "description": "of `relative`; null when the baseline cannot be told from zero"},
        "interval_level": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "description": "two-sided: each end holds at (1 + level) / 2"},
        "method": {"type": "string", "description": "the statistical method"},
        "effective_samples": {"$ref": "#/definitions/interval", "description": "independent samples that baseline and candidate are worth"},
        "bootstrap": {
          "type": "object",
          "description": "how the interval was found by resampling; absent for other methods",
          "required": ["resamples", "seed", "block_lengths"],
          "properties": {
            "resamples": {"type": "integer", "minimum": 1, "description": "how many"},
            "seed": {"type": "integer", "minimum": 0, "description": "of their random numbers: the same data give the same digits"},
            "block_lengths": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2, "description": "values a block holds, of baseline and candidate"}
          }
        },
        "p_value": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "of an A/B test: of “no difference at all”, two-sided, by the method of the intervals; not corrected"},
        "variance_reduction": {
          "type": "object",
          "description": "of a covariate: what the users of both sides did before takes a part of the noise off; absent without one",
          "required": ["method", "pre_period", "share", "correlation", "theta", "unadjusted", "units", "absent"],
          "properties": {
            "method": {"const": "cuped", "description": "Deng, Xu, Kohavi & Walker 2013"},
            "pre_period": {"$ref": "#/definitions/window", "description": "what they did when"},
            "share": {"type": "number", "maximum": 1, "description": "of the variance of the change that is gone; below 0 when there is more"},
            "correlation": {"type": "number", "minimum": -1, "maximum": 1, "description": "within the sides, of what users do with what they did"},
            "theta": {"type": "number", "description": "what is taken off for each unit of difference before"},
            "unadjusted": {"type": "number", "description": "`absolute` without it"},
            "units": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2, "description": "users of baseline and candidate"},
            "absent": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2, "description": "of those: were not there before, and count as the average"}
          }
        },
        "classification": {"enum": ["Pass", "High", "Low", "Nodata", "NodataFailMetric", "Error"], "description": "by Kayenta's rules; only of method kayenta"},
        "critical": {"type": "boolean", "description": "by Kayenta's rules: it alone fails the analysis; only of method kayenta"}
      }
    },
    "criterion": {
      "type": "object",
      "required": ["level", "rule", "bound", "observed", "margin", "harm_interval", "p_value", "detectable", "needs_seconds", "outcome", "reason", "line"],
      "properties": {
        "level": {"enum": ["fail", "warn"], "description": "what a violation makes of the metric; of a status warn when it says so itself"},
        "rule": {"enum": ["above", "below", "equals", "target", "worse_than", "increase_over", "decrease_over", "change_over", "improve_by", "goals", "burn_over", "budget_left_below", "status", "kayenta"], "description": "the key of the gate file; status for what its source has decided itself, kayenta for what its rules say"},
        "bound": {"type": "string", "description": "as it was written"},
        "limit": {"type": "string", "description": "the same for people, with its sign"},
        "observed": {"$ref": "#/definitions/number_or_null", "description": "the candidate's value, or the change: a fraction for bounds in per cent"},
        "observed_interval": {"$ref": "#/definitions/interval", "description": "of `observed`, for burn rates: the smallest lower and the smallest upper end of the windows; null for a budget"},
        "windows": {"type": "array", "items": {"$ref": "#/definitions/burn_window"}, "description": "for bounds of an SLO: every window that was looked at, longest first"},
        "margin": {"$ref": "#/definitions/number_or_null", "description": "what the bound allows, in the metric's unit"},
        "harm_interval": {"$ref": "#/definitions/interval", "description": "of the harm above the margin, in the metric's unit: above zero is proven harm, not above zero is shown to be safe"},
        "p_value": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "of “harm is at most the margin”; corrected over the series of `each`"},
        "p_correction": {"enum": ["holm", "benjamini-hochberg"], "description": "how `p_value` was corrected; absent when it was not"},
        "p_together": {"type": "integer", "minimum": 1, "description": "how many p-values were corrected together"},
        "detectable": {"$ref": "#/definitions/number_or_null", "description": "the change that this much data would have proven with power 0.8, in the unit of the bound"},
        "needs_seconds": {"type": ["number", "null"], "minimum": 0, "description": "the length of window that would settle an unproven criterion"},
        "outcome": {"enum": ["holds", "violated", "unproven", "not_evaluated"], "description": "by the table of docs/verdict.md"},
        "due": {"$ref": "#/definitions/time", "description": "of one that is not evaluated because its time has not come: when it does"},
        "goal": {"$ref": "#/definitions/goal", "description": "of `goals`: which one counts"},
        "within": {"type": ["boolean", "null"], "description": "of what is unproven: whether the estimate is inside the limit"},
        "relative": {"type": "boolean", "description": "the bound is a share of the baseline"},
        "reason": {"type": "string", "description": "one sentence"},
        "next": {"type": ["string", "null"], "description": "what to do about it"},
        "file": {"type": "string", "description": "where it is written: the gate file, or the name of a pack"},
        "line": {"type": "integer", "minimum": 0, "description": "in that file"}
      }
    },
    "goal": {
      "type": "object",
      "required": ["number", "of", "is_due", "wants", "after_seconds", "due", "next_due"],
      "properties": {
        "number": {"type": "integer", "minimum": 1, "description": "of the last one that is due, or, before any is, of the first"},
        "of": {"type": "integer", "minimum": 1, "description": "how many goals there are"},
        "is_due": {"type": "boolean", "description": "false: the criterion is pending"},
        "wants": {"enum": ["at_least", "at_most"], "description": "which way it goes"},
        "after_seconds": {"type": "number", "minimum": 0, "description": "how long after the release"},
        "due": {"$ref": "#/definitions/time", "description": "when the data of that moment are there"},
        "next_due": {"$ref": "#/definitions/time_or_null", "description": "when the next one takes its place"}
      }
    },
    "burn_window": {
      "type": "object",
      "required": ["seconds", "events", "total", "burn", "interval"],
      "properties": {
        "seconds": {"type": "number", "minimum": 0, "description": "its length; it ends where the candidate window does"},
        "events": {"type": ["number", "null"], "minimum": 0, "description": "bad events"},
        "total": {"type": ["number", "null"], "minimum": 0, "description": "all events"},
        "burn": {"$ref": "#/definitions/number_or_null", "description": "how many times faster than the objective allows; null without traffic"},
        "interval": {"$ref": "#/definitions/interval", "description": "of `burn`: each end holds at the metric's confidence"}
      }
    },
    "history": {
      "type": "object",
      "required": ["releases", "left_out", "anchor", "anchor_decides"],
      "properties": {
        "releases": {"type": "array", "items": {"$ref": "#/definitions/past_release"}, "description": "the last that passed, oldest first; their mean is the baseline"},
        "left_out": {"type": "integer", "minimum": 0, "description": "releases that passed and were measured as something else, or in a unit that does not fit"},
        "anchor": {"anyOf": [{"$ref": "#/definitions/past_release"}, {"type": "null"}], "description": "the release that `anchor_release` names"},
        "anchor_decides": {"type": "boolean", "description": "the comparison with the anchor came out worse: baseline and change are against it"}
      }
    },
    "past_release": {
      "type": "object",
      "required": ["run", "version", "released_at", "value", "samples"],
      "properties": {
        "run": {"type": "string", "description": "id of the run in the history"},
        "version": {"type": ["string", "null"], "description": "null when its gate was not told"},
        "released_at": {"$ref": "#/definitions/time", "description": "its deployment; when it was judged, where that was not told"},
        "value": {"$ref": "#/definitions/number_or_null", "description": "in the metric's unit"},
        "samples": {"type": "integer", "minimum": 0, "description": "behind the value"}
      }
    },
    "findings": {
      "type": "object",
      "required": ["open", "suppressed", "against"],
      "properties": {
        "open": {"type": "integer", "minimum": 0, "description": "neither suppressed nor waived"},
        "suppressed": {"type": "integer", "minimum": 0, "description": "by the scanner, or waived"},
        "against": {
          "type": ["object", "null"],
          "description": "the newest release in the history that passed; null where a file is compared with, or nothing could be",
          "required": ["run", "version", "released_at", "new", "persisting", "fixed"],
          "properties": {
            "run": {"type": "string", "description": "its id in the history"},
            "version": {"type": ["string", "null"], "description": "null when its gate was not told"},
            "released_at": {"$ref": "#/definitions/time", "description": "its deployment; when it was judged, where that was not told"},
            "new": {"type": "integer", "minimum": 0, "description": "open now, and not then"},
            "persisting": {"type": "integer", "minimum": 0, "description": "open now and then"},
            "fixed": {"type": "integer", "minimum": 0, "description": "open then, and gone; what is suppressed now is not fixed"}
          }
        }
      }
    },
    "placebo": {
      "type": "object",
      "required": ["days", "zone", "scale", "before", "expected", "expected_interval", "earlier"],
      "properties": {
        "days": {"type": "string", "description": "which, for people: earlier weeks"},
        "zone": {"type": "string", "description": "whose calendar"},
        "scale": {"enum": ["ratio", "difference"], "description": "how days are compared: by candidate over baseline, or by candidate less baseline"},
        "before": {"$ref": "#/definitions/number_or_null", "description": "the value in the window before this release"},
        "expected": {"$ref": "#/definitions/number_or_null", "description": "what the earlier days make of it: the value of `baseline`; null without enough days"},
        "expected_interval": {"$ref": "#/definitions/interval", "description": "of one day without a release, at the level of `change`"},
        "earlier": {"type": "array", "items": {"$ref": "#/definitions/placebo_day"}, "description": "oldest first"}
      }
    },
    "placebo_day": {
      "type": "object",
      "required": ["baseline_window", "candidate_window", "baseline", "candidate", "left_out"],
      "properties": {
        "baseline_window": {"$ref": "#/definitions/window", "description": "the same hours before"},
        "candidate_window": {"$ref": "#/definitions/window", "description": "the same hours after"},
        "baseline": {"$ref": "#/definitions/number_or_null", "description": "in the metric's unit"},
        "candidate": {"$ref": "#/definitions/number_or_null", "description": "in the metric's unit"},
        "left_out": {"type": ["string", "null"], "description": "why the day does not count; null when it does"}
      }
    },
    "points": {
      "type": "array",
      "items": {"type": "array", "items": {"$ref": "#/definitions/number_or_null"}, "minItems": 2, "maxItems": 2},
      "description": "pairs of Unix seconds and value"
    },
    "request": {
      "type": "object",
      "required": ["method", "url", "status", "attempts", "ms"],
      "properties": {
        "method": {"type": "string", "description": "GET or POST"},
        "url": {"type": "string", "description": "redacted"},
        "status": {"type": ["integer", "null"], "description": "null when no answer came"},
        "attempts": {"type": "integer", "minimum": 0, "description": "how often it was sent"},
        "ms": {"type": ["number", "null"], "minimum": 0, "description": "how long it took"}
      }
    },
    "error": {
      "type": "object",
      "required": ["code", "message", "hint", "context"],
      "properties": {
        "code": {"type": "string", "pattern": "^RG[0-9]{4}$", "description": "for release-gate explain"},
        "message": {"type": "string", "description": "one sentence"},
        "hint": {"type": ["string", "null"], "description": "what to do"},
        "context": {"$ref": "#/definitions/texts", "description": "facts, one a line"}
      }
    },
)json";

constexpr const char* kMetric = R"json(    "metric": {
      "type": "object",
      "required": ["id", "title", "category", "source", "source_type", "kind", "unit", "better", "required", "weight", "verdict", "evidence", "due", "status", "baseline", "candidate", "change", "criteria", "series", "requests", "error", "notes"],
      "properties": {
        "id": {"type": "string", "minLength": 1, "description": "its name in the gate file; metric[label=value] for a series"},
        "parent": {"type": ["string", "null"], "description": "the metric that this is a series of"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}, "description": "which series it is; empty for a whole metric"},
        "title": {"type": "string", "description": "for people"},
        "category": {"type": "string", "description": "performance, reliability, …"},
        "source": {"type": "string", "description": "its source's name in the gate file"},
        "source_type": {"type": "string", "description": "prometheus, file, …"},
        "kind": {"enum": ["samples", "value", "ratio", "count", "histogram", "slo", "derived", "status", "findings"], "description": "what its numbers are"},
        "unit": {"type": "string", "description": "of every number of this metric that is no fraction"},
        "better": {"enum": ["lower", "higher", null], "description": "which way is good, if that was said"},
        "required": {"type": "boolean", "description": "whether it can block"},
        "weight": {"type": "number", "minimum": 0, "description": "in the score"},
        "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error", "skipped"], "description": "the worst of its criteria"},
        "evidence": {"enum": ["enough", "thin", "none", "pending", "error"], "description": "how much there is to judge by"},
        "deciding": {"type": ["integer", "null"], "minimum": 0, "description": "which of `criteria` decided, counted from 0"},
        "headline": {"type": "string", "description": "the deciding sentence"},
        "next": {"type": ["string", "null"], "description": "what to do about it"},
        "brief": {"type": ["string", "null"], "description": "a few words where there are no numbers to show"},
        "due": {"$ref": "#/definitions/time_or_null", "description": "when the data of its candidate window are there"},
        "status": {"type": ["string", "null"], "description": "of a status: the state in the words of its source"},
        "baseline": {"$ref": "#/definitions/side", "description": "before (with a placebo: moved as on earlier days), the stable track, or the mean of earlier releases; null where the design has none"},
        "candidate": {"$ref": "#/definitions/side", "description": "after, or the canary"},
        "history": {"$ref": "#/definitions/history", "description": "for design previous-releases: what `baseline` is made of"},
        "placebo": {"$ref": "#/definitions/placebo", "description": "where the gate has one: what these hours do without a release"},
        "ab_test": {"type": "boolean", "description": "true where the sides are two groups of users at the same time: `change` is the lift (`relative`), the difference (`absolute`) and a p-value"},
        "findings": {"$ref": "#/definitions/findings", "description": "of kind findings"},
        "change": {"$ref": "#/definitions/change", "description": "candidate less baseline, never flipped"},
        "criteria": {"type": "array", "items": {"$ref": "#/definitions/criterion"}, "description": "in the order of the gate file"},
        "series": {
          "type": "object",
          "description": "what was judged, for charts",
          "required": ["baseline", "candidate"],
          "properties": {
            "baseline": {"$ref": "#/definitions/points", "description": "in the metric's unit"},
            "candidate": {"$ref": "#/definitions/points", "description": "in the metric's unit"}
          }
        },
        "queries": {
          "type": "array",
          "description": "what was asked, variables put in",
          "items": {
            "type": "object",
            "required": ["part", "side", "text"],
            "properties": {
              "part": {"type": "string", "description": "value, events, total, exposure or buckets; formula for what is made of other metrics"},
              "side": {"enum": ["baseline", "candidate"], "description": "which side it was asked for"},
              "text": {"type": "string", "description": "ready to paste"}
            }
          }
        },
        "graph_url": {"type": ["string", "null"], "description": "the question in the source's own pages"},
        "link": {"type": ["string", "null"], "description": "`link` of the gate file"},
        "requests": {"type": "array", "items": {"$ref": "#/definitions/request"}, "description": "what was sent for it"},
        "error": {"anyOf": [{"$ref": "#/definitions/error"}, {"type": "null"}], "description": "why it could not be judged"},
        "notes": {"$ref": "#/definitions/texts", "description": "doubts, and what was assumed"},
        "file": {"type": "string", "description": "where it is written: the gate file, or the name of a pack"},
        "line": {"type": "integer", "minimum": 0, "description": "in that file"}
      }
    }
  }
}
)json";

}  // namespace

std::string report_schema() {
  return std::string(kTop) + kValues + watch_schema() + kMetric;
}

}  // namespace gate::report
