// What the rest of the program is told of Tableau, and the offline checks of a source's keys.
#include <algorithm>

#include "core/settings.h"
#include "sources/http_settings.h"
#include "sources/tableau/client.h"

namespace gate::sources::tableau {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url        = { env = "TABLEAU_URL", default = "https://10ax.online.tableau.com" }
site       = "example"                     # as it stands in the address behind /site/
token_name = "release-gate"
token      = { env = "TABLEAU_TOKEN" }     # a personal access token that no other job uses
)";

constexpr std::string_view kExample =
    R"(datasource = "1a2b3c4d-0000-4000-8000-000000000000"
field      = "Sales"
date_field = "Order Date"
better     = "higher"
fail       = { decrease_over = "5%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  check_zone(diagnostics, settings, "timezone");
  const std::string version = settings.text("api_version").value_or("3.19");
  const bool is_version = !version.empty() && std::all_of(version.begin(), version.end(),
                                                          [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  if (!is_version)
    add_key_error(diagnostics, settings, "api_version", "`api_version` is a number such as 3.19", "leave it out for 3.19");
  return diagnostics;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  if (const core::Setting* token = settings.find("token")) endpoint.credential_reference = token->reference;
  return std::make_unique<TableauSource>(kTableau, std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "tableau";
  type.spec.title = "Tableau: a number of a view, or of a published data source";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the server: https://10ax.online.tableau.com", KeySpec::Need::required},
      {"token_name", KeyType::text, "the name of a personal access token", KeySpec::Need::required},
      {"token", KeyType::secret, "its secret; no other job may use it at the same time"},
      {"site", KeyType::text, "the site as it stands in its address (the default site of a server)"},
      {"timezone", KeyType::text, "whose days `date_field` holds (UTC)"},
      {"api_version", KeyType::text, "of the REST API (3.19)"},
  });
  type.spec.query_keys = query_keys();
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::tableau
