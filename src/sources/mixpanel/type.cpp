// What the rest of the program is told of Mixpanel, and the offline checks of a source's keys.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/settings.h"
#include "core/text.h"
#include "sources/http_settings.h"
#include "sources/mixpanel/client.h"

namespace gate::sources::mixpanel {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(username = { env = "MIXPANEL_USERNAME", default = "gate.abc123.mp-service-account" }
secret   = { env = "MIXPANEL_SECRET" }
project  = "2195193"
timezone = "US/Pacific"                    # of the project: its days begin at its midnight
region   = "us"                            # eu, in
)";

constexpr std::string_view kExample =
    R"(kind   = "ratio"
events = { measure = "funnel_completed", funnel = "7509", length = 1 }
total  = { measure = "funnel_started", funnel = "7509", length = 1 }
better = "higher"
fail   = { decrease_over = "2pp" }
)";

/// "Maximum of 5 concurrent queries": https://docs.mixpanel.com/reference/rate-limits
constexpr int kMostConcurrent = 5;

struct Region {
  std::string_view name;
  std::string_view url;
};

constexpr std::array<Region, 3> kRegions = {
    {{"us", "https://mixpanel.com"}, {"eu", "https://eu.mixpanel.com"}, {"in", "https://in.mixpanel.com"}}};

const Region* find_region(std::string_view name) {
  const auto* found = std::find_if(kRegions.begin(), kRegions.end(), [&](const Region& one) { return one.name == name; });
  return found == kRegions.end() ? nullptr : found;
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  const std::string region = settings.text("region").value_or("us");
  if (find_region(region) == nullptr)
    add_key_error(diagnostics, settings, "region", fmt::format("there is no region \"{}\"", core::printable(region)),
                  "us, eu or in: where the project's data live");
  if (settings.has("url") && settings.has("region"))
    add_key_error(diagnostics, settings, "region", "`region` and `url` say the same twice", "remove one of them");
  check_zone(diagnostics, settings, "timezone");
  for (const std::string_view key : {"project", "workspace"}) {
    const std::string id = settings.text(key).value_or("1");
    if (!is_digits(id))
      add_key_error(diagnostics, settings, key, fmt::format("`{}` is a number", key),
                    "it stands in the address of the project");
  }
  return diagnostics;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  const Region* region = find_region(settings.text("region").value_or("us"));
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, region == nullptr ? "" : std::string(region->url));
  if (!settings.has("concurrency")) endpoint.concurrency = kMostConcurrent;
  endpoint.user = settings.text("username").value_or("");
  endpoint.password = take_credential(endpoint, settings, "secret");
  return std::make_unique<MixpanelSource>(kMixpanel, std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "mixpanel";
  type.spec.title = "Mixpanel: events, users, funnels, retention, saved reports";
  type.spec.source_keys = with_http_keys({
      {"username", KeyType::text, "of a service account", KeySpec::Need::required},
      {"secret", KeyType::secret, "of the service account"},
      {"project", KeyType::text, "the number of the project", KeySpec::Need::required},
      {"timezone", KeyType::text, "of the project: its days begin at its midnight", KeySpec::Need::required},
      {"region", KeyType::text, "us (the default), eu or in"},
      {"workspace", KeyType::text, "the number of a data view, where the project has some"},
      {"url", KeyType::text, "another address than the region's"},
  });
  type.spec.query_keys = query_keys();
  type.spec.default_ingest_delay = std::chrono::hours(1);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::mixpanel
