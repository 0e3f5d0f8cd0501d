// What the rest of the program is told of PagerDuty, and the offline checks of a source's keys.
#include "core/settings.h"
#include "sources/http_settings.h"
#include "sources/pagerduty/client.h"

namespace gate::sources::pagerduty {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(token = { env = "PAGERDUTY_TOKEN" }     # an API access key; read-only is enough
)";

constexpr std::string_view kExample =
    R"(measure  = "resolve_time"
services = ["PIJ90N7"]
unit     = "s"
better   = "lower"
fail     = { increase_over = "50%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  check_word(diagnostics, settings, "auth", "key", "bearer", ", which is for OAuth tokens");
  return diagnostics;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, "https://api.pagerduty.com");
  // https://developer.pagerduty.com/docs/authentication
  if (settings.text("auth").value_or("key") == "bearer") {
    endpoint.bearer = take_credential(endpoint, settings, "token");
  } else {
    use_header(endpoint, settings, "token", "Authorization", "Token token=");
  }
  endpoint.headers.emplace_back("Accept", core::Secret("application/vnd.pagerduty+json;version=2", ""));
  return std::make_unique<PagerDutySource>(kPagerDuty, std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "pagerduty";
  type.spec.title = "PagerDuty: incidents, times to resolve and to acknowledge";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the API (https://api.pagerduty.com; in the EU https://api.eu.pagerduty.com)"},
      {"token", KeyType::secret, "an API access key, or an OAuth token with auth = \"bearer\""},
      {"auth", KeyType::text, "key (the default) or bearer"},
      {"site", KeyType::text, "where links for people lead: https://example.pagerduty.com"},
  });
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "measure";
  type.spec.default_ingest_delay = std::chrono::seconds(60);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::pagerduty
