// What the rest of the program is told of this type of source, and the offline checks of its keys.
#include "sources/http_settings.h"
#include "sources/launchdarkly/client.h"

namespace gate::sources::launchdarkly {
namespace {

using core::KeyType;
using core::Settings;

constexpr const char* kCloud = "https://app.launchdarkly.com";

constexpr std::string_view kSourceExample =
    R"(token       = { env = "LAUNCHDARKLY_API_TOKEN" }
project     = "default"
environment = "production"
)";

constexpr std::string_view kExample =
    R"(flag    = "new-checkout"
measure = "kill_switches"                 # rollout, enabled, rollbacks, status
better  = "lower"
fail    = { increase_over = "0%" }
)";

core::QueryFacts facts(const Settings& query) {
  return flag_facts(all_measures(), query);
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  return check_flag_query("LaunchDarkly", all_measures(), {"rollout", "rollbacks"},
                          "rollout and rollbacks are about one variation", query, source);
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, kCloud);
  use_header(endpoint, settings, "token", "Authorization");
  return std::make_unique<LaunchDarklySource>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "launchdarkly";
  type.spec.title = "LaunchDarkly: rollouts, kill switches and states of feature flags";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the server (https://app.launchdarkly.com)"},
      {"token", KeyType::secret, "an API access token with the role Reader"},
      {"project", KeyType::text, "the project's key (default)"},
      {"environment", KeyType::text, "the environment's key (production)"},
      {"flag", KeyType::text, "the flag, for metrics that name none"},
  });
  type.spec.query_keys = {
      {"measure", KeyType::text, measures_doc(all_measures())},
      {"flag", KeyType::text, "the flag's key"},
      {"variation", KeyType::text, "for rollout and rollbacks: its value, name or id (true)"},
      {"project", KeyType::text, "instead of the source's"},
      {"environment", KeyType::text, "instead of the source's"},
  };
  type.spec.text_part_key = "measure";
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.default_ingest_delay = std::chrono::minutes(2);
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_http_settings;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::launchdarkly
