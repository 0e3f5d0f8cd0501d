// What the rest of the program is told of this type of source, and the offline checks of its keys.
#include "sources/http_json/client.h"
#include "sources/http_settings.h"
#include "sources/json_reading.h"
#include "sources/window_text.h"

namespace gate::sources::http_json {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(url   = "https://api.example.com/v2"
token = { env = "API_TOKEN" }
)";

constexpr std::string_view kExample =
    R"(path       = "/orders/count"
parameters = { from = "{{start}}", to = "{{end}}", status = "failed" }
value      = "/data/count"                 # JSON Pointer to one number
unit       = "1"
better     = "lower"
fail       = { increase_over = "20%" }
)";

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out = json_reading_facts(query);
  out.latest = !reads_items(query) && !asks_for_window(query);
  return out;
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  check_login(out, settings);
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics out;
  check_json_reading(out, query);
  check_request(out, query);
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  endpoint.bearer = take_credential(endpoint, settings, "token");
  use_password(endpoint, settings);
  return std::make_unique<HttpJsonSource>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "http-json";
  type.spec.usual_name = "api";
  type.spec.title = "Any JSON over HTTP, by JSON Pointer";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the server, and the beginning of every path", core::KeySpec::Need::required},
      {"token", KeyType::secret, "sent as a bearer token"},
      {"user", KeyType::text, "of basic authentication"},
      {"password", KeyType::secret, "of basic authentication"},
  });
  type.spec.query_keys = {
      {"path", KeyType::text, "appended to `url`; {{start}} and {{end}} stand for the window", core::KeySpec::Need::optional,
       core::KeySpec::Writer::trusted},
      {"parameters", KeyType::table, "of the URL: from = \"{{start|unix}}\"", core::KeySpec::Need::optional,
       core::KeySpec::Writer::trusted},
      {"method", KeyType::text, "GET or POST (POST with a body)", core::KeySpec::Need::optional,
       core::KeySpec::Writer::trusted},
      {"body", KeyType::text, "what is posted, with {{start}} and {{end}} in it", core::KeySpec::Need::optional,
       core::KeySpec::Writer::trusted},
      {"content_type", KeyType::text, "of the body (application/json)"},
      {"next", KeyType::text, "JSON Pointer to the cursor, or the address, of the next page"},
      {"next_parameter", KeyType::text, "the parameter that carries the cursor, or its place in the body (/cursor)"},
      {"more", KeyType::text, "JSON Pointer to whether there is a next page, where the cursor does not say so"},
      {"paging", KeyType::text, "link: the Link header leads to the next page"},
  };
  const std::vector<core::KeySpec> reading = json_reading_keys();
  type.spec.query_keys.insert(type.spec.query_keys.end(), reading.begin(), reading.end());
  type.spec.text_part_key = "path";
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.own_variables = window_variables();
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::http_json
