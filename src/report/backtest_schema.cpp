#include "report/schema.h"

namespace gate::report {
namespace {

constexpr const char* kBacktest = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "release-gate backtest, v1",
  "description": "What `release-gate backtest --format json` writes. Numbers are finite or null, times are UTC. Keys are only added within v1.",
  "type": "object",
  "required": ["schema", "gate", "from", "to", "every_seconds", "left_out", "releases_known", "false_alarms", "pass", "warn", "inconclusive", "error", "metrics", "notes"],
  "properties": {
    "schema": {"const": "release-gate/backtest/v1", "description": "name and version of this format"},
    "gate": {"type": "string", "description": "`name` in the file, or the file's name"},
    "from": {"$ref": "#/definitions/time", "description": "data are asked for from here"},
    "to": {"$ref": "#/definitions/time", "description": "and up to here"},
    "every_seconds": {"type": "number", "exclusiveMinimum": 0, "description": "from one release that never was to the next"},
    "left_out": {"type": "integer", "minimum": 0, "description": "times with a real release in their windows"},
    "releases_known": {"type": "boolean", "description": "whether a history was asked for real releases"},
    "false_alarms": {"$ref": "#/definitions/share", "description": "times at which the gate failed, of those at which it could be asked"},
    "pass": {"$ref": "#/definitions/count", "description": "times at which it passed"},
    "warn": {"$ref": "#/definitions/count", "description": "at which it passed with warnings"},
    "inconclusive": {"$ref": "#/definitions/count", "description": "at which it could not tell"},
    "error": {"$ref": "#/definitions/count", "description": "at which it could not be asked; these count in no share"},
    "metrics": {"type": "array", "items": {"$ref": "#/definitions/metric"}, "description": "in the order of the gate file; each series of an `each` is one"},
    "notes": {"type": "array", "items": {"type": "string"}, "description": "what a reader should know: metrics that were left out, and why"}
  },
  "definitions": {
    "time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$"},
    "count": {"type": "integer", "minimum": 0},
    "number_or_null": {"type": ["number", "null"]},
    "share": {
      "type": "object",
      "required": ["count", "of", "share", "interval"],
      "properties": {
        "count": {"$ref": "#/definitions/count", "description": "how often"},
        "of": {"$ref": "#/definitions/count", "description": "of how many"},
        "share": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "`count` over `of`; null of none"},
        "interval": {
          "type": ["array", "null"],
          "items": {"type": "number", "minimum": 0, "maximum": 1},
          "minItems": 2,
          "maxItems": 2,
          "description": "of the chance, two-sided 95 % (Clopper and Pearson); null of none"
        }
      }
    },
)json";

constexpr const char* kMetrics = R"json(    "metric": {
      "type": "object",
      "required": ["id", "title", "kind", "unit", "false_alarms", "pass", "warn", "inconclusive", "error", "first_error", "criteria"],
      "properties": {
        "id": {"type": "string", "minLength": 1, "description": "its name in the gate file; metric[label=value] for a series"},
        "title": {"type": "string", "description": "for people"},
        "kind": {"enum": ["samples", "value", "ratio", "count", "histogram", "slo", "derived", "status"], "description": "what its numbers are"},
        "unit": {"type": "string", "description": "of every number of this metric that is no fraction"},
        "false_alarms": {"$ref": "#/definitions/share", "description": "times at which it failed"},
        "pass": {"$ref": "#/definitions/count", "description": "times at which it passed"},
        "warn": {"$ref": "#/definitions/count", "description": "at which it warned"},
        "inconclusive": {"$ref": "#/definitions/count", "description": "at which it could not tell"},
        "error": {"$ref": "#/definitions/count", "description": "at which it could not be asked"},
        "first_error": {"type": ["string", "null"], "description": "why, the first time"},
        "criteria": {"type": "array", "items": {"$ref": "#/definitions/criterion"}, "description": "in the order of the gate file"}
      }
    },
    "criterion": {
      "type": "object",
      "required": ["level", "rule", "bound", "false_alarms", "holds", "unproven", "relative", "margin", "detectable", "limit_kept_by_four_of_five", "window_seconds", "window_needed_seconds"],
      "properties": {
        "level": {"enum": ["fail", "warn"], "description": "what a violation makes of the metric"},
        "rule": {"enum": ["above", "below", "equals", "target", "worse_than", "increase_over", "decrease_over", "change_over", "improve_by", "burn_over", "budget_left_below", "status", "kayenta"], "description": "the key of the gate file"},
        "bound": {"type": "string", "description": "as it was written"},
        "false_alarms": {"$ref": "#/definitions/share", "description": "times at which it was violated, though nothing was released"},
        "holds": {"$ref": "#/definitions/count", "description": "at which it was shown to be kept"},
        "unproven": {"$ref": "#/definitions/count", "description": "at which neither was"},
        "relative": {"type": "boolean", "description": "the bound is a share of the baseline"},
        "margin": {"$ref": "#/definitions/number_or_null", "description": "of a bound on the change: a fraction for relative ones, else in the metric's unit"},
        "detectable": {"$ref": "#/definitions/number_or_null", "description": "the median over all times: the change that would have been proven with power 0.8, in the unit of `margin`"},
        "limit_kept_by_four_of_five": {"$ref": "#/definitions/number_or_null", "description": "the smallest limit that four of five times would have been shown to keep, in the unit of `margin`"},
        "window_seconds": {"type": ["number", "null"], "minimum": 0, "description": "the candidate's window"},
        "window_needed_seconds": {"type": ["number", "null"], "minimum": 0, "description": "the window that proves twice the limit with power 0.8"}
      }
    }
  }
}
)json";

}  // namespace

std::string backtest_schema() {
  return std::string(kBacktest) + kMetrics;
}

}  // namespace gate::report
