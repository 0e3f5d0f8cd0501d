// What the rest of the program is told of InfluxDB, and the offline checks of its keys.
#include <fmt/format.h>

#include "core/settings.h"
#include "sources/http_settings.h"
#include "sources/influxdb/client.h"
#include "sources/influxdb/query.h"
#include "sources/window_text.h"

namespace gate::sources::influxdb {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url      = { env = "INFLUXDB_URL", default = "https://influxdb.example.com:8086" }
database = "telegraf"                     # InfluxDB 2: org = "shop", and the bucket in the query
token    = { env = "INFLUXDB_TOKEN" }     # or user and password
)";

constexpr std::string_view kExample =
    R"(query  = '''SELECT mean("duration") FROM "http" WHERE "app" = 'shop' AND time >= {{start}} AND time < {{end}}
            GROUP BY time({{step}}, {{offset}})'''
unit   = "ms"
better = "lower"
fail   = { increase_over = "10%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  const auto version = settings.integer("version");
  if (version && *version != 1 && *version != 2)
    add_key_error(out, settings, "version", fmt::format("there is no `version` {} here", *version), "1 (InfluxQL) or 2 (Flux)");
  const bool is_flux = version_of(settings) == 2;
  if (is_flux && !settings.has("org"))
    add_key_error(out, settings, "version", "InfluxDB 2 is asked within an organization", "org = \"shop\"");
  if (!is_flux && settings.has("org"))
    add_key_error(out, settings, "org", "InfluxDB 1 has no organizations", "leave `org` out, or say version = 2");
  if (is_flux && settings.has("database"))
    add_key_error(out, settings, "database", "Flux names its bucket in the query", "from(bucket: \"telegraf\")");
  if (is_flux && settings.has("user"))
    add_key_error(out, settings, "user", "InfluxDB 2 takes no user for a query", "give a `token`");
  check_login(out, settings);
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics out;
  const int version = version_of(source);
  check_query_text(out, query, version);
  if (version == 1 && !query.has("database") && !source.has("database"))
    add_key_error(out, query, "database", "neither the source nor the metric has a `database`", "database = \"telegraf\"");
  if (version == 2 && query.has("database"))
    add_key_error(out, query, "database", "Flux names its bucket in the query", "from(bucket: \"telegraf\")");
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  use_header(endpoint, settings, "token", "Authorization", "Token ");
  use_password(endpoint, settings);
  return std::make_unique<InfluxDbSource>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "influxdb";
  type.spec.usual_name = "influx";
  type.spec.title = "InfluxDB 1 by InfluxQL, InfluxDB 2 by Flux";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the server", core::KeySpec::Need::required},
      {"version", KeyType::integer, "1 (InfluxQL) or 2 (Flux); 2 when there is an `org`, else 1"},
      {"database", KeyType::text, "InfluxDB 1: the database that is asked"},
      {"org", KeyType::text, "InfluxDB 2: the organization, by name"},
      {"token", KeyType::secret, "sent as Authorization: Token …"},
      {"user", KeyType::text, "InfluxDB 1: of basic authentication"},
      {"password", KeyType::secret, "of basic authentication"},
  });
  type.spec.query_keys = {
      {"query", KeyType::text, "InfluxQL or Flux, with {{start}} and {{end}}, {{step}} and {{offset}} in it",
       core::KeySpec::Need::optional, core::KeySpec::Writer::trusted},
      {"column", KeyType::text, "whose values are taken, where there are several (Flux: _value)"},
      {"database", KeyType::text, "instead of the source's"},
  };
  type.spec.text_part_key = "query";
  type.spec.default_ingest_delay = std::chrono::seconds(30);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.own_variables = window_variables();
  type.spec.own_variables.emplace_back("offset");
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::influxdb
