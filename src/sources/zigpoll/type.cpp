// What the rest of the program is told of Zigpoll, and the offline checks of a source's keys.
#include "core/settings.h"
#include "sources/http_settings.h"
#include "sources/zigpoll/client.h"

namespace gate::sources::zigpoll {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(token = { env = "ZIGPOLL_API_KEY" }
)";

constexpr std::string_view kExample =
    R"(measure     = "nps"
slide       = "6512bd43d9caa6e02c990b0a"
better      = "higher"
min_samples = 30
fail        = { below = 20 }
)";

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, "https://v1.zigpoll.com");
  use_header(endpoint, settings, "token", "Authorization");
  return std::make_unique<ZigpollSource>(kZigpoll, std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "zigpoll";
  type.spec.title = "Zigpoll: NPS, CSAT, CES and ratings of surveys";
  type.spec.source_keys = with_http_keys({
      {"token", KeyType::secret, "an API key of the account"},
      {"url", KeyType::text, "another address than https://v1.zigpoll.com"},
  });
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "measure";
  type.spec.default_ingest_delay = std::chrono::minutes(1);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_http_settings;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::zigpoll
