// What the rest of the program is told of Graphite, and the offline checks of its keys.
#include "sources/graphite/client.h"
#include "sources/graphite/query.h"
#include "sources/http_settings.h"

namespace gate::sources::graphite {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample = R"(url      = { env = "GRAPHITE_URL", default = "https://graphite.example.com" }
user     = "release-gate"
password = { env = "GRAPHITE_PASSWORD" }   # or token, or neither
)";

constexpr std::string_view kExample = R"toml(target = "averageSeries(stats.timers.shop.*.upper_95)"
unit   = "ms"
better = "lower"
fail   = { increase_over = "10%" }
)toml";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  check_login(out, settings);
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  endpoint.bearer = take_credential(endpoint, settings, "token");
  use_password(endpoint, settings);
  return std::make_unique<GraphiteSource>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "graphite";
  type.spec.title = "Graphite: series and functions of the render API";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the server: what stands before /render", core::KeySpec::Need::required},
      {"token", KeyType::secret, "sent as a bearer token"},
      {"user", KeyType::text, "of basic authentication"},
      {"password", KeyType::secret, "of basic authentication"},
  });
  type.spec.query_keys = {
      {"target", KeyType::text, "what is asked for: a path of series, or functions of some"},
      {"consolidate_by", KeyType::text,
       "how several points of Graphite's become one of the step or the window: average, sum, min, max, first, last"},
      {"interval", KeyType::text, "the least length of a point (1m); \"{{step}}\", or \"{{window}}\" for one point a window"},
  };
  type.spec.text_part_key = "target";
  type.spec.default_ingest_delay = std::chrono::minutes(1);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::graphite
