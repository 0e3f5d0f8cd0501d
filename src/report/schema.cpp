#include "report/schema.h"

namespace gate::report {

std::string report_schema() {
  return R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "release-gate report, v1",
  "type": "object",
  "required": ["schema", "tool", "gate", "verdict", "exit_code", "score", "started_at", "finished_at", "duration_ms", "release", "metrics", "errors", "notes"],
  "properties": {
    "schema": {"const": "release-gate/report/v1"},
    "tool": {
      "type": "object",
      "required": ["name", "version"],
      "properties": {"name": {"const": "release-gate"}, "version": {"type": "string"}}
    },
    "gate": {
      "type": "object",
      "required": ["name", "file", "sha256"],
      "properties": {
        "name": {"type": "string"},
        "file": {"type": "string"},
        "sha256": {"type": "string", "pattern": "^([0-9a-f]{64})?$"}
      }
    },
    "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error"]},
    "exit_code": {"type": "integer", "minimum": 0, "maximum": 255},
    "would_exit": {"type": ["integer", "null"], "description": "the exit code without --exit-zero or --override"},
    "score": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
    "headline": {"type": "string"},
    "started_at": {"$ref": "#/definitions/time"},
    "finished_at": {"$ref": "#/definitions/time"},
    "duration_ms": {"type": "integer", "minimum": 0},
    "now": {"$ref": "#/definitions/time"},
    "confidence": {"type": "number"},
    "release": {
      "type": "object",
      "required": ["deployed_at"],
      "properties": {
        "deployed_at": {"$ref": "#/definitions/time_or_null"},
        "started_at": {"$ref": "#/definitions/time_or_null"},
        "version": {"type": ["string", "null"]}
      }
    },
    "override": {
      "type": ["object", "null"],
      "required": ["reason", "actor"],
      "properties": {"reason": {"type": "string"}, "actor": {"type": ["string", "null"]}}
    },
    "metrics": {"type": "array", "items": {"$ref": "#/definitions/metric"}},
    "errors": {"type": "array", "items": {"$ref": "#/definitions/error"}},
    "notes": {"$ref": "#/definitions/texts"}
  },
)json"
         R"json(  "definitions": {
    "time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$"},
    "time_or_null": {"anyOf": [{"$ref": "#/definitions/time"}, {"type": "null"}]},
    "texts": {"type": "array", "items": {"type": "string"}},
    "number_or_null": {"type": ["number", "null"]},
    "interval": {
      "type": ["array", "null"],
      "items": {"$ref": "#/definitions/number_or_null"},
      "minItems": 2,
      "maxItems": 2,
      "description": "an end is null when it is infinite"
    },
    "side": {
      "type": ["object", "null"],
      "required": ["value", "samples", "dropped", "window"],
      "properties": {
        "value": {"$ref": "#/definitions/number_or_null"},
        "samples": {"type": "integer", "minimum": 0},
        "dropped": {"type": "integer", "minimum": 0},
        "window": {
          "type": ["object", "null"],
          "required": ["start", "end"],
          "properties": {"start": {"$ref": "#/definitions/time"}, "end": {"$ref": "#/definitions/time"}}
        }
      }
    },
    "change": {
      "type": ["object", "null"],
      "required": ["absolute", "relative", "interval", "relative_interval", "interval_level", "method", "effective_samples"],
      "properties": {
        "absolute": {"type": ["number", "null"]},
        "relative": {"$ref": "#/definitions/number_or_null"},
        "interval": {"$ref": "#/definitions/interval"},
        "relative_interval": {"$ref": "#/definitions/interval"},
        "interval_level": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "method": {"type": "string"},
        "effective_samples": {"$ref": "#/definitions/interval"}
      }
    },
    "criterion": {
      "type": "object",
      "required": ["level", "rule", "bound", "observed", "margin", "harm_interval", "p_value", "detectable", "needs_seconds", "outcome", "reason", "line"],
      "properties": {
        "level": {"enum": ["fail", "warn"]},
        "rule": {"enum": ["above", "below", "equals", "target", "increase_over", "decrease_over", "change_over", "improve_by"]},
        "bound": {"type": "string"},
        "observed": {"$ref": "#/definitions/number_or_null"},
        "margin": {"$ref": "#/definitions/number_or_null"},
        "harm_interval": {"$ref": "#/definitions/interval"},
        "p_value": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "detectable": {"$ref": "#/definitions/number_or_null"},
        "needs_seconds": {"type": ["number", "null"], "minimum": 0},
        "outcome": {"enum": ["holds", "violated", "unproven", "not_evaluated"]},
        "reason": {"type": "string"},
        "next": {"type": ["string", "null"]},
        "line": {"type": "integer", "minimum": 0}
      }
    },
    "points": {
      "type": "array",
      "items": {"type": "array", "items": {"$ref": "#/definitions/number_or_null"}, "minItems": 2, "maxItems": 2},
      "description": "pairs of Unix seconds and the value"
    },
    "request": {
      "type": "object",
      "required": ["method", "url", "status", "attempts", "ms"],
      "properties": {
        "method": {"type": "string"},
        "url": {"type": "string"},
        "status": {"type": ["integer", "null"]},
        "attempts": {"type": "integer", "minimum": 0},
        "ms": {"type": ["number", "null"], "minimum": 0}
      }
    },
    "error": {
      "type": "object",
      "required": ["code", "message", "hint", "context"],
      "properties": {
        "code": {"type": "string", "pattern": "^RG[0-9]{4}$"},
        "message": {"type": "string"},
        "hint": {"type": ["string", "null"]},
        "context": {"$ref": "#/definitions/texts"}
      }
    },
)json"
         R"json(    "metric": {
      "type": "object",
      "required": ["id", "title", "category", "source", "source_type", "kind", "unit", "better", "required", "weight", "verdict", "evidence", "due", "status", "baseline", "candidate", "change", "criteria", "series", "requests", "error", "notes"],
      "properties": {
        "id": {"type": "string", "minLength": 1},
        "parent": {"type": ["string", "null"]},
        "labels": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
        "title": {"type": "string"},
        "category": {"type": "string"},
        "source": {"type": "string"},
        "source_type": {"type": "string"},
        "kind": {"enum": ["samples", "value", "ratio", "count"]},
        "unit": {"type": "string"},
        "better": {"enum": ["lower", "higher", null]},
        "required": {"type": "boolean"},
        "weight": {"type": "number", "minimum": 0},
        "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error", "skipped"]},
        "evidence": {"enum": ["enough", "thin", "none", "pending", "error"]},
        "headline": {"type": "string"},
        "next": {"type": ["string", "null"]},
        "due": {"$ref": "#/definitions/time_or_null"},
        "status": {"type": ["string", "null"]},
        "baseline": {"$ref": "#/definitions/side"},
        "candidate": {"$ref": "#/definitions/side"},
        "change": {"$ref": "#/definitions/change"},
        "criteria": {"type": "array", "items": {"$ref": "#/definitions/criterion"}},
        "series": {
          "type": "object",
          "required": ["baseline", "candidate"],
          "properties": {"baseline": {"$ref": "#/definitions/points"}, "candidate": {"$ref": "#/definitions/points"}}
        },
        "queries": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["part", "side", "text"],
            "properties": {"part": {"type": "string"}, "side": {"type": "string"}, "text": {"type": "string"}}
          }
        },
        "graph_url": {"type": ["string", "null"]},
        "link": {"type": ["string", "null"]},
        "requests": {"type": "array", "items": {"$ref": "#/definitions/request"}},
        "error": {"anyOf": [{"$ref": "#/definitions/error"}, {"type": "null"}]},
        "notes": {"$ref": "#/definitions/texts"},
        "line": {"type": "integer", "minimum": 0}
      }
    }
  }
}
)json";
}

}  // namespace gate::report
