// The JSON Schema of what `history … --format json` prints.
#include "cli/history_view.h"

namespace gate::cli {

std::string_view history_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "what release-gate history --format json prints",
  "type": "object",
  "required": ["schema"],
  "properties": {"schema": {"const": "release-gate/history/v1"}},
  "oneOf": [
    {"$ref": "#/$defs/list"}, {"$ref": "#/$defs/show"}, {"$ref": "#/$defs/trend"}, {"$ref": "#/$defs/marked"}, {"$ref": "#/$defs/pruned"}
  ],
  "$defs": {
    "list": {
      "description": "history list",
      "required": ["runs"],
      "properties": {"schema": true, "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}, "description": "newest release first"}},
      "additionalProperties": false
    },
    "show": {
      "description": "history show",
      "required": ["run"],
      "properties": {
        "schema": true,
        "run": {
          "allOf": [{"$ref": "#/$defs/run"}],
          "required": ["metrics"],
          "properties": {"metrics": {"type": "array", "items": {"$ref": "#/$defs/metric"}, "description": "as in the report, without points"}}
        }
      },
      "additionalProperties": false
    },
    "trend": {
      "description": "history trend",
      "required": ["gate", "metric", "unit", "left_out", "releases", "change_points"],
      "properties": {
        "schema": true,
        "gate": {"type": "string"},
        "metric": {"type": "string", "description": "its id; metric[label=value] for a series"},
        "unit": {"type": "string", "description": "of every value"},
        "left_out": {"type": "integer", "minimum": 0, "description": "releases measured as something else than the newest, or in a unit that does not fit"},
        "releases": {"type": "array", "items": {"$ref": "#/$defs/release"}, "description": "oldest first"},
        "change_points": {"type": "array", "items": {"$ref": "#/$defs/change_point"}, "description": "in order of time"}
      },
      "additionalProperties": false
    },
    "marked": {
      "description": "history mark",
      "required": ["gate", "release", "mark"],
      "properties": {"schema": true, "gate": {"type": "string"}, "release": {"type": "string"}, "mark": {"$ref": "#/$defs/mark"}},
      "additionalProperties": false
    },
    "pruned": {
      "description": "history prune",
      "required": ["before", "runs", "metrics", "dry_run"],
      "properties": {
        "schema": true,
        "before": {"$ref": "#/$defs/time", "description": "releases older than this"},
        "runs": {"type": "integer", "minimum": 0},
        "metrics": {"type": "integer", "minimum": 0},
        "dry_run": {"type": "boolean", "description": "true: nothing was deleted"}
      },
      "additionalProperties": false
    },
    "time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$"},
    "time_or_null": {"anyOf": [{"$ref": "#/$defs/time"}, {"type": "null"}]},
    "text_or_null": {"type": ["string", "null"]},
    "number_or_null": {"type": ["number", "null"]},
    "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error", "skipped"]},
    "mark": {
      "type": ["object", "null"],
      "description": "what people say of the release",
      "required": ["gate", "release", "mark", "reason", "actor", "at"],
      "properties": {
        "gate": {"type": "string"},
        "release": {"type": "string", "description": "its version, or its time where it has none"},
        "mark": {"enum": ["good", "bad"], "description": "good counts as passed, bad does not, whatever the runs say"},
        "reason": {"$ref": "#/$defs/text_or_null"},
        "actor": {"$ref": "#/$defs/text_or_null"},
        "at": {"$ref": "#/$defs/time"}
      },
      "additionalProperties": false
    },
    "run": {
      "type": "object",
      "required": ["id", "gate", "release", "verdict", "exit_code", "would_exit", "score", "headline", "stage", "complete", "now", "started_at",
                   "finished_at", "override", "tool_version", "mark"],
      "properties": {
        "id": {"type": "string", "minLength": 1},
        "gate": {
          "type": "object",
          "required": ["name", "sha256"],
          "properties": {"name": {"type": "string"}, "sha256": {"type": "string", "description": "of the gate file"}},
          "additionalProperties": false
        },
        "release": {
          "type": "object",
          "required": ["version", "previous_version", "deployed_at", "revision"],
          "properties": {
            "version": {"$ref": "#/$defs/text_or_null"},
            "previous_version": {"$ref": "#/$defs/text_or_null"},
            "deployed_at": {"$ref": "#/$defs/time_or_null"},
            "revision": {"$ref": "#/$defs/text_or_null", "description": "the commit that the pipeline ran for"}
          },
          "additionalProperties": false
        },
        "verdict": {"$ref": "#/$defs/verdict"},
        "exit_code": {"type": "integer"},
        "would_exit": {"type": ["integer", "null"]},
        "score": {"$ref": "#/$defs/number_or_null"},
        "headline": {"type": "string"},
        "stage": {"$ref": "#/$defs/text_or_null", "description": "of --stage"},
        "complete": {"type": "boolean", "description": "false: of some metrics alone (--only)"},
        "now": {"$ref": "#/$defs/time", "description": "the time that it was judged at"},
        "started_at": {"$ref": "#/$defs/time"},
        "finished_at": {"$ref": "#/$defs/time"},
        "override": {
          "type": ["object", "null"],
          "required": ["reason", "actor"],
          "properties": {"reason": {"type": "string"}, "actor": {"$ref": "#/$defs/text_or_null"}},
          "additionalProperties": false
        },
        "tool_version": {"type": "string"},
        "mark": {"$ref": "#/$defs/mark"}
      }
    },
    "side": {
      "type": ["object", "null"],
      "required": ["value", "samples", "dropped", "window"],
      "properties": {
        "value": {"$ref": "#/$defs/number_or_null"},
        "samples": {"type": "integer", "minimum": 0},
        "dropped": {"type": "integer", "minimum": 0},
        "window": {
          "type": ["object", "null"],
          "required": ["start", "end"],
          "properties": {"start": {"$ref": "#/$defs/time"}, "end": {"$ref": "#/$defs/time"}},
          "additionalProperties": false
        }
      },
      "additionalProperties": false
    },
    "pair": {"type": ["array", "null"], "items": {"$ref": "#/$defs/number_or_null"}, "minItems": 2, "maxItems": 2},
    "metric": {
      "type": "object",
      "required": ["id", "parent", "labels", "title", "source", "estimand", "unit", "better", "required", "verdict", "evidence", "usable", "status",
                   "headline", "baseline", "candidate", "change", "criteria"],
      "properties": {
        "id": {"type": "string"},
        "parent": {"$ref": "#/$defs/text_or_null"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "title": {"type": "string"},
        "source": {"type": "string"},
        "estimand": {"type": "string", "description": "what the value is: samples mean, value p95, ratio, …"},
        "unit": {"type": "string"},
        "better": {"enum": ["lower", "higher", null]},
        "required": {"type": "boolean"},
        "verdict": {"$ref": "#/$defs/verdict"},
        "evidence": {"enum": ["enough", "thin", "none", "pending", "error"]},
        "usable": {"type": "boolean", "description": "the value has enough data behind it to be compared with later"},
        "status": {"$ref": "#/$defs/text_or_null"},
        "headline": {"type": "string"},
        "baseline": {"$ref": "#/$defs/side"},
        "candidate": {"$ref": "#/$defs/side"},
        "change": {
          "type": ["object", "null"],
          "required": ["absolute", "interval", "interval_level", "method", "effective_samples"],
          "properties": {
            "absolute": {"$ref": "#/$defs/number_or_null"},
            "interval": {"$ref": "#/$defs/pair"},
            "interval_level": {"type": "number"},
            "method": {"type": "string"},
            "effective_samples": {"$ref": "#/$defs/pair"}
          },
          "additionalProperties": false
        },
        "criteria": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["level", "rule", "bound", "outcome", "observed", "margin", "p_value"],
            "properties": {
              "level": {"enum": ["fail", "warn"]},
              "rule": {"type": "string"},
              "bound": {"type": "string"},
              "outcome": {"enum": ["holds", "violated", "unproven", "not_evaluated"]},
              "observed": {"$ref": "#/$defs/number_or_null"},
              "margin": {"$ref": "#/$defs/number_or_null"},
              "p_value": {"$ref": "#/$defs/number_or_null"}
            },
            "additionalProperties": false
          }
        }
      },
      "additionalProperties": false
    },
    "release": {
      "type": "object",
      "required": ["run", "version", "released_at", "value", "samples", "verdict", "metric_verdict", "mark"],
      "properties": {
        "run": {"type": "string"},
        "version": {"$ref": "#/$defs/text_or_null"},
        "released_at": {"$ref": "#/$defs/time", "description": "its deployment; when it was judged, where that is not known"},
        "value": {"type": "number"},
        "samples": {"type": "integer", "minimum": 0},
        "verdict": {"$ref": "#/$defs/verdict", "description": "of the gate"},
        "metric_verdict": {"$ref": "#/$defs/verdict"},
        "mark": {"$ref": "#/$defs/mark"}
      },
      "additionalProperties": false
    },
    "change_point": {
      "type": "object",
      "required": ["index", "version", "released_at", "before", "after", "relative", "statistic", "p_value"],
      "properties": {
        "index": {"type": "integer", "minimum": 1, "description": "of the first release that is unlike those before it, in `releases`"},
        "version": {"$ref": "#/$defs/text_or_null"},
        "released_at": {"$ref": "#/$defs/time"},
        "before": {"type": "number", "description": "mean since the change point before, or the start"},
        "after": {"type": "number", "description": "mean up to the next change point, or the end"},
        "relative": {"$ref": "#/$defs/number_or_null", "description": "as a fraction of `before`; null when that is not above zero"},
        "statistic": {"type": "number", "minimum": 0, "description": "Q of Matteson and James (2014)"},
        "p_value": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
      },
      "additionalProperties": false
    }
  }
}
)json";
}

}  // namespace gate::cli
