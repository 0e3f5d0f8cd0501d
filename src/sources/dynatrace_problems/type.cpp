// What the rest of the program is told of Dynatrace's problems.
#include "sources/dynatrace_api.h"
#include "sources/dynatrace_problems/client.h"

namespace gate::sources::dynatrace_problems {
namespace {

using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url   = { env = "DYNATRACE_URL", default = "https://abc12345.live.dynatrace.com" }   # Managed: https://DOMAIN/e/ENVIRONMENT
token = { env = "DYNATRACE_TOKEN" }       # an access token with the scope problems.read
)";

constexpr std::string_view kExample =
    R"(measure          = "resolve_time"
problem_selector = 'severityLevel("AVAILABILITY","ERROR")'
entity_selector  = 'type(SERVICE),tag("app:shop")'
unit             = "s"
better           = "lower"
fail             = { increase_over = "50%" }
)";

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  return std::make_unique<DynatraceProblemsSource>(make_dynatrace_endpoint(id, settings, context.directory), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "dynatrace-problems";
  type.spec.title = "Dynatrace: problems, and times to resolve them";
  type.spec.source_keys = dynatrace_keys("an access token with the scope problems.read");
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "measure";
  // A problem is dated back to when what it is about began, which was some minutes before it was found.
  type.spec.default_ingest_delay = std::chrono::minutes(15);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_dynatrace_settings;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::dynatrace_problems
