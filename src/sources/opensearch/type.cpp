// What the rest of the program is told of OpenSearch, and the offline checks of its keys.
#include <fmt/format.h>

#include "core/settings.h"
#include "sources/aws.h"
#include "sources/http_settings.h"
#include "sources/opensearch/client.h"
#include "sources/opensearch/query.h"

namespace gate::sources::opensearch {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url      = { env = "OPENSEARCH_URL", default = "https://opensearch.example.com:9200" }
index    = "logs-shop-*"
user     = "release-gate"
password = { env = "OPENSEARCH_PASSWORD" }   # Elasticsearch also: api_key; on AWS: region, access_key and secret_key
)";

constexpr std::string_view kExample = R"(query   = "level:ERROR AND service.name:shop"
better  = "lower"
fail    = { increase_over = "20%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_aws_settings(settings);
  const bool is_signed = settings.has("access_key");
  if (is_signed != settings.has("region")) {
    add_key_error(out, settings, is_signed ? "access_key" : "region",
                  is_signed ? "requests are signed for a `region`, and there is none" : "a `region` without `access_key`",
                  "AWS signs with region, access_key and secret_key; other servers need none of them");
  }
  if (settings.has("user") != settings.has("password")) {
    const bool has_user = settings.has("user");
    add_key_error(out, settings, has_user ? "user" : "password",
                  has_user ? "`user` without `password`" : "`password` without `user`", "give both, or an `api_key`");
  }
  const int ways =
      static_cast<int>(settings.has("user")) + static_cast<int>(settings.has("api_key")) + static_cast<int>(is_signed);
  if (ways > 1) {
    add_key_error(out, settings, settings.has("api_key") ? "api_key" : "access_key",
                  "`user`, `api_key` and `access_key` exclude each other", "a request has one Authorization");
  }
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics out;
  (void)read_query(query, source, out);
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_aws_endpoint(id, settings, context.directory, "es", settings.text("region").value_or(""), "");
  if (!settings.has("access_key")) {
    endpoint.user = settings.text("user").value_or("");
    endpoint.password = settings.secret("password");
  }
  for (const char* key : {"api_key", "password"}) {
    if (const core::Setting* secret = settings.find(key)) endpoint.credential_reference = secret->reference;
  }
  const core::Secret key = settings.secret("api_key");
  if (!key.empty()) endpoint.headers.emplace_back("Authorization", prefixed("ApiKey ", key));
  return std::make_unique<OpenSearchSource>(std::move(endpoint), settings, context);
}

std::vector<core::KeySpec> source_keys() {
  std::vector<core::KeySpec> keys = with_aws_keys({
      {"index", KeyType::text, "the index, alias, data stream or pattern of metrics that name none"},
      {"time_field", KeyType::text, "the field that says when a document's event happened (@timestamp)"},
      {"user", KeyType::text, "of basic authentication"},
      {"password", KeyType::secret, "of basic authentication"},
      {"api_key", KeyType::secret, "Elasticsearch: an encoded API key, sent as Authorization: ApiKey …"},
      {"region", KeyType::text, "Amazon OpenSearch Service: the region that requests are signed for"},
  });
  for (core::KeySpec& key : keys) {
    if (key.name != "url") continue;
    key.doc = "the server";
    key.need = core::KeySpec::Need::required;
  }
  return keys;
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "opensearch";
  type.spec.title = "OpenSearch and Elasticsearch: documents counted, fields aggregated";
  type.spec.source_keys = source_keys();
  type.spec.query_keys = {
      {"query", KeyType::text, "which documents: a query string in Lucene's syntax"},
      {"dsl", KeyType::text, "which documents: one clause of the query DSL, in JSON; with `query` both must hold"},
      {"measure", KeyType::text,
       "what is measured: count (the default), sum, avg, min, max, cardinality, or a percentile, p1 to p99.9"},
      {"field", KeyType::text, "the field that is measured"},
      {"index", KeyType::text, "instead of the source's"},
      {"time_field", KeyType::text, "instead of the source's"},
      {"allow_unmapped", KeyType::boolean, "true: a field in the query that no index has matches nothing, and is no error"},
  };
  type.spec.text_part_key = "query";
  type.spec.default_ingest_delay = std::chrono::minutes(1);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::opensearch
