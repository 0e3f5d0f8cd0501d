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

std::string measure_of(const Settings& query) {
  return query.text("measure").value_or("rollout");
}

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out;
  if (const ApiMeasure* measure = find_measure(all_measures(), measure_of(query))) {
    out.natural_kind = measure->natural_kind;
    out.natural_unit = measure->unit;
  }
  out.latest = is_present(measure_of(query));
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics out;
  if (query.has("measure")) check_measure(out, "LaunchDarkly", all_measures(), query);
  if (!query.has("flag") && !source.has("flag"))
    add_key_error(out, query, "flag", "no `flag` is named", "flag = \"new-checkout\"");
  const std::string measure = measure_of(query);
  if (query.has("variation") && measure != "rollout" && measure != "rollbacks") {
    add_key_error(out, query, "variation", "`variation` has no meaning for this measure",
                  "rollout and rollbacks are about one variation");
  }
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  if (endpoint.url.empty()) endpoint.url = kCloud;
  if (const core::Setting* token = settings.find("token")) {
    endpoint.credential_reference = token->reference;
    if (!token->secret.empty()) endpoint.headers.emplace_back("Authorization", token->secret);
  }
  return std::make_unique<LaunchDarklySource>(std::move(endpoint), settings, context);
}

SourceType build() {
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

}  // namespace

const SourceType& type();

/// For the registry.
const SourceType& type() {
  static const SourceType type = build();
  return type;
}

}  // namespace gate::sources::launchdarkly
