// What the rest of the program is told of Cost Explorer, and the offline checks of its keys.
#include <utility>

#include "core/settings.h"
#include "sources/aws.h"
#include "sources/cost_explorer/client.h"
#include "sources/cost_explorer/query.h"

namespace gate::sources::cost_explorer {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr const char* kUsualRegion = "us-east-1";

constexpr std::string_view kSourceExample = R"(access_key    = { env = "AWS_ACCESS_KEY_ID" }
secret_key    = { env = "AWS_SECRET_ACCESS_KEY" }
session_token = { env = "AWS_SESSION_TOKEN" }   # of temporary credentials
)";

constexpr std::string_view kExample = R"(measure  = "unblended_cost"
where    = { "tag:app" = "shop" }
without  = { RECORD_TYPE = ["Credit", "Refund"] }
unit     = "USD"
better   = "lower"
baseline  = { window = "7d" }
candidate = { window = "7d" }
fail     = { increase_over = "20%" }
)";

core::QueryFacts facts(const Settings& query) {
  return measure_facts(measures(), query);
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  const std::string region = settings.text("region").value_or(kUsualRegion);
  return std::make_unique<CostExplorerSource>(
      make_aws_endpoint(id, settings, context.directory, "ce", region, aws_url("ce", region)), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "cost-explorer";
  type.spec.title = "AWS Cost Explorer: what each day cost";
  type.spec.usual_name = "costs";
  type.spec.source_keys = with_aws_keys({
      {"region", KeyType::text, "where Cost Explorer answers: us-east-1 (the default), in China cn-northwest-1"},
  });
  type.spec.query_keys = {
      {"measure", KeyType::text, measures_doc(measures())},
      {"where", KeyType::table,
       R"(only what has these: SERVICE = "…", REGION = ["…", "…"], "tag:team" = "…", "category:…" = "…")"},
      {"without", KeyType::table, R"(nothing that has these: RECORD_TYPE = ["Credit", "Refund", "Tax"])"},
  };
  type.spec.text_part_key = "measure";
  type.spec.default_ingest_delay = std::chrono::hours(48);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_aws_settings;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::cost_explorer
