#include "config/schema.h"

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_view.h"
#include "report/schema.h"
#include "sources/source.h"

namespace gate::cli {
namespace {

/// What `validate --format json` prints, for editors.
constexpr std::string_view kDiagnosticsSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "diagnostics of release-gate validate --format json",
  "type": "array",
  "items": {
    "type": "object",
    "required": ["file", "line", "column", "length", "severity", "code", "message", "hint"],
    "additionalProperties": false,
    "properties": {
      "file": {"type": "string", "description": "the gate file, or the pack that the mistake stands in"},
      "line": {"type": "integer", "minimum": 0, "description": "from 1; 0 when the mistake stands in no file (--set)"},
      "column": {"type": "integer", "minimum": 0, "description": "from 1, in bytes of UTF-8"},
      "length": {"type": "integer", "minimum": 1, "description": "bytes that the mistake takes on its line"},
      "severity": {"enum": ["error", "warning"]},
      "code": {"type": "string", "pattern": "^RG[0-9]{4}$"},
      "message": {"type": "string", "minLength": 1},
      "hint": {"type": "string"}
    }
  }
}
)json";

/// What `sources --check --format json` prints.
constexpr std::string_view kSourcesSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "what release-gate sources --check --format json found",
  "type": "object",
  "required": ["schema", "exit_code", "sources"],
  "properties": {
    "schema": {"const": "release-gate/sources/v1"},
    "exit_code": {"type": "integer", "description": "of the program: 0, 4, or that of a signal"},
    "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}, "description": "in the order of the gate file"}
  },
  "$defs": {
    "source": {
      "type": "object",
      "required": ["id", "type", "ok", "reachable", "authenticated", "permitted", "latency_ms", "clock_skew_ms", "system",
                   "identity", "warnings", "notes", "requests", "error"],
      "properties": {
        "id": {"type": "string"},
        "type": {"type": "string"},
        "ok": {"type": "boolean", "description": "it can be asked: `error` is null"},
        "reachable": {"type": ["boolean", "null"], "description": "null: not found out, or files"},
        "authenticated": {"type": ["boolean", "null"], "description": "null: there is no credential, or it cannot be told"},
        "permitted": {"type": ["boolean", "null"], "description": "may read what the metrics need; null: it cannot be told"},
        "latency_ms": {"type": ["number", "null"], "description": "until the first answer; null when there was none"},
        "clock_skew_ms": {"type": ["integer", "null"], "description": "the server's clock less ours; null when it told no time"},
        "system": {"type": "string", "description": "what it is, with its version; may be empty"},
        "identity": {"type": "string", "description": "whose credential it is; may be empty"},
        "warnings": {"type": "array", "items": {"type": "string"}},
        "notes": {"type": "array", "items": {"type": "string"}},
        "requests": {"type": "array", "items": {"$ref": "#/$defs/request"}},
        "error": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/error"}]}
      }
    },
    "request": {
      "type": "object",
      "required": ["method", "url", "status", "attempts", "ms"],
      "properties": {
        "method": {"type": "string"},
        "url": {"type": "string", "description": "without secrets"},
        "status": {"type": "integer", "description": "0 when no answer came"},
        "attempts": {"type": "integer"},
        "ms": {"type": "number"}
      }
    },
    "error": {
      "type": "object",
      "required": ["code", "message", "hint", "context"],
      "properties": {
        "code": {"type": "string", "pattern": "^RG[0-9]{4}$"},
        "message": {"type": "string", "minLength": 1},
        "hint": {"type": "string"},
        "context": {"type": "array", "items": {"type": "string"}}
      }
    }
  }
}
)json";

}  // namespace

int print_schema(const std::string& which, World& world) {
  if (which == "report") {
    world.out << report::report_schema();
    return kPass;
  }
  if (which == "diagnostics") {
    world.out << kDiagnosticsSchema;
    return kPass;
  }
  if (which == "sources") {
    world.out << kSourcesSchema;
    return kPass;
  }
  if (which == "backtest") {
    world.out << report::backtest_schema();
    return kPass;
  }
  if (which == "history") {
    world.out << history_schema();
    return kPass;
  }
  std::vector<const core::SourceTypeSpec*> types;
  for (const sources::SourceType& type : sources::registry()) types.push_back(&type.spec);
  world.out << config::gate_schema(types);
  return kPass;
}

}  // namespace gate::cli
