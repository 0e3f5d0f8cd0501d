// What the rest of the program is told of this type of source, and the offline checks of its keys.
#include "sources/api_source.h"
#include "sources/command/client.h"
#include "sources/command/query.h"
#include "sources/window_text.h"

namespace gate::sources::command {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample = R"(timeout = "30s"
)";

constexpr std::string_view kExample =
    R"(command = ["./count-orders.sh", "{{start}}", "{{end}}"]   # a program and its arguments; no shell
unit    = "1"
better  = "higher"
fail    = { decrease_over = "20%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out;
  const auto timeout = settings.duration("timeout");
  if (timeout && *timeout <= core::Duration(0))
    add_key_error(out, settings, "timeout", "`timeout` must be longer than nothing", "10s is the default");
  if (const core::Setting* environment = settings.find("environment")) {
    for (const auto& [name, value] : environment->headers) {
      const bool is_name = !name.empty() && name.find_first_of("=\n") == std::string::npos;
      if (!is_name)
        add_key_error(out, settings, "environment", "an environment variable cannot have that name",
                      "letters, digits and _ are usual");
    }
  }
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  Limits limits;
  limits.timeout = settings.duration("timeout").value_or(limits.timeout);
  limits.max_output = settings.bytes("max_output").value_or(limits.max_output);
  limits.directory = context.directory;
  if (const core::Setting* environment = settings.find("environment")) limits.environment = environment->headers;
  return std::make_unique<CommandSource>(id, std::move(limits), context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "command";
  type.spec.title = "The output of a program (not with --untrusted)";
  type.spec.source_keys = {
      {"environment", KeyType::headers,
       "variables of the program; each value may be { env = … } or { file = … } and is never shown"},
      {"timeout", KeyType::duration, "of one program, which is then ended with all that it started (10s)"},
      {"max_output", KeyType::bytes, "a program that writes more is ended (1MiB)"},
  };
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "";
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.runs_programs = true;
  type.spec.own_variables = window_variables();
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::command
