// What the rest of the program is told of Dynatrace, and the offline checks of its keys.
#include "sources/dynatrace/client.h"
#include "sources/dynatrace/query.h"
#include "sources/dynatrace_api.h"

namespace gate::sources::dynatrace {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url   = { env = "DYNATRACE_URL", default = "https://abc12345.live.dynatrace.com" }   # Managed: https://DOMAIN/e/ENVIRONMENT
token = { env = "DYNATRACE_TOKEN" }       # an access token with the scope metrics.read
)";

constexpr std::string_view kExample =
    R"(metric_selector = 'builtin:service.response.time:filter(eq("dt.entity.service","SERVICE-1234")):splitBy():percentile(95)'
unit            = "us"
better          = "lower"
fail            = { increase_over = "10%" }
)";

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  return std::make_unique<DynatraceSource>(make_dynatrace_endpoint(id, settings, context.directory), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "dynatrace";
  type.spec.title = "Dynatrace: metrics by selector";
  type.spec.source_keys = dynatrace_keys("an access token with the scope metrics.read");
  type.spec.query_keys = {
      {"metric_selector", KeyType::text,
       "the metric, with its transformations (:fold is refused), or an expression of several; a part of a ratio or a count "
       "ends "
       "in :sum or :count, without :rate"},
      {"entity_selector", KeyType::text, "the entities whose points count: type(SERVICE),tag(shop)"},
      {"mz_selector", KeyType::text, "the management zones whose entities count: mzName(\"shop\")"},
      {"resolution", KeyType::text,
       "the least length of a point (1m); \"{{step}}\", or \"{{window}}\" for one number of the window"},
  };
  type.spec.text_part_key = "metric_selector";
  // Slots are of a minute, and are there a minute or two after they end.
  type.spec.default_ingest_delay = std::chrono::minutes(3);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_dynatrace_settings;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::dynatrace
