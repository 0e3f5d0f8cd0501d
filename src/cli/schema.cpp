#include "config/schema.h"

#include "cli/commands.h"
#include "cli/exit_status.h"
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
  std::vector<const core::SourceTypeSpec*> types;
  for (const sources::SourceType& type : sources::registry()) types.push_back(&type.spec);
  world.out << config::gate_schema(types);
  return kPass;
}

}  // namespace gate::cli
