#include "report/schema_watch.h"

namespace gate::report {
namespace {

constexpr const char* kWatch = R"json(    "watch": {
      "type": "object",
      "required": ["looks", "taken", "every_seconds", "for_seconds", "min_seconds", "opened_at", "past", "boundary", "ended", "decided_at_look", "history"],
      "properties": {
        "looks": {"type": "integer", "minimum": 1, "description": "how many were planned: --for over --every"},
        "taken": {"type": "integer", "minimum": 0, "description": "how many were taken"},
        "every_seconds": {"type": "number", "description": "--every"},
        "for_seconds": {"type": "number", "description": "--for"},
        "min_seconds": {"type": "number", "description": "--min"},
        "opened_at": {"$ref": "#/definitions/time", "description": "when the first candidate window starts; look k is k times --every later"},
        "past": {"type": "boolean", "description": "replayed over stored data"},
        "boundary": {"const": "lan-demets-obrien-fleming", "description": "how the error is spent on the looks; an equal part for each where the data do not grow"},
        "ended": {"enum": ["harm", "safe", "error", "horizon", "interrupted"], "description": "why: harm or safety proven, three looks running without an answer, the last look, a signal"},
        "decided_at_look": {"type": ["integer", "null"], "minimum": 1, "description": "null when a signal came first"},
        "history": {
          "type": "array",
          "description": "the looks that were taken",
          "items": {
            "type": "object",
            "required": ["look", "at", "verdict", "metrics"],
            "properties": {
              "look": {"type": "integer", "minimum": 1, "description": "its number"},
              "at": {"$ref": "#/definitions/time", "description": "when it was due: its windows end the ingest delay before"},
              "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error"], "description": "so far"},
              "metrics": {
                "type": "array",
                "description": "in the order of the report",
                "items": {
                  "type": "object",
                  "required": ["id", "verdict", "evidence", "level", "observed", "interval"],
                  "properties": {
                    "id": {"type": "string", "description": "as in the report"},
                    "verdict": {"enum": ["pass", "warn", "fail", "inconclusive", "error", "skipped"], "description": "so far"},
                    "evidence": {"enum": ["enough", "thin", "none", "pending", "error"], "description": "at this look"},
                    "level": {"type": "number", "minimum": 0.5, "maximum": 1, "description": "one-sided confidence of this look's limits on a change: that of one look, so that all together keep `confidence`"},
                    "observed": {"$ref": "#/definitions/number_or_null", "description": "of the criterion that decided: a fraction for relative bounds"},
                    "interval": {"$ref": "#/definitions/interval", "description": "of `observed`; those of all looks hold together"}
                  }
                }
              }
            }
          }
        }
      }
    },
)json";

}  // namespace

const char* watch_schema() {
  return kWatch;
}

}  // namespace gate::report
