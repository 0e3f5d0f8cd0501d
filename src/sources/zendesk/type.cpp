// What the rest of the program is told of Zendesk, and the offline checks of a source's keys.
#include "core/settings.h"
#include "http/url.h"
#include "sources/http_settings.h"
#include "sources/zendesk/client.h"

namespace gate::sources::zendesk {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url   = { env = "ZENDESK_URL", default = "https://example.zendesk.com" }
email = { env = "ZENDESK_EMAIL" }     # of the agent whose API token is sent; without it: an OAuth token
token = { env = "ZENDESK_TOKEN" }
)";

constexpr std::string_view kExample =
    R"(kind   = "count"
events = { query = "tags:checkout" }
unit   = "1/d"
better = "lower"
fail   = { increase_over = "50%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  if (settings.has("email") && !settings.has("token"))
    add_key_error(diagnostics, settings, "email", "`email` without `token`", R"(token = { env = "ZENDESK_TOKEN" })");
  if (settings.text("email").value_or("").ends_with("/token"))
    add_key_error(diagnostics, settings, "email", "`email` ends in \"/token\"", "write the address alone: the rest is added");
  const auto url = http::parse_url(settings.text("url").value_or(""));
  if (url.ok() && url->path.find("/api") != std::string::npos)
    add_key_error(diagnostics, settings, "url", "`url` holds a path of the API",
                  "write the address of the site: https://example.zendesk.com");
  return diagnostics;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  // https://developer.zendesk.com/api-reference/introduction/security-and-auth/
  if (settings.has("email")) {
    endpoint.user = settings.text("email").value_or("") + "/token";
    endpoint.password = take_credential(endpoint, settings, "token");
  } else {
    endpoint.bearer = take_credential(endpoint, settings, "token");
  }
  return std::make_unique<ZendeskSource>(kZendesk, std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "zendesk";
  type.spec.title = "Zendesk: tickets, times to reply and to resolve, satisfaction, views";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the site: https://example.zendesk.com", KeySpec::Need::required},
      {"email", KeyType::text, "of the agent whose API token is sent; without it the token is an OAuth token"},
      {"token", KeyType::secret, "an API token, or an OAuth access token"},
  });
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "query";
  // "It can take up to a few minutes for new tickets to be indexed for search."
  type.spec.default_ingest_delay = std::chrono::minutes(5);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::zendesk
