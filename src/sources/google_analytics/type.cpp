// What the rest of the program is told of Google Analytics, and the offline checks of its keys.
#include <fmt/format.h>

#include <utility>

#include "core/settings.h"
#include "core/text.h"
#include "sources/google_analytics/client.h"
#include "sources/google_analytics/query.h"

namespace gate::sources::google_analytics {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr const char* kUrl = "https://analyticsdata.googleapis.com";
constexpr const char* kReadAnalytics = "https://www.googleapis.com/auth/analytics.readonly";
/// "Concurrent Requests Per Property": https://developers.google.com/analytics/devguides/reporting/data/v1/quotas
constexpr int kMostConcurrent = 10;

constexpr std::string_view kSourceExample = R"(property   = "213025502"
timezone   = "Europe/Berlin"         # of the property: its days begin at its midnight
google_key = { env = "GOOGLE_KEY" }   # the JSON key of a service account with the role Viewer
)";

constexpr std::string_view kExample = R"(kind      = "count"
events    = { measure = "keyEvents" }
exposure  = { measure = "sessions" }
baseline  = { window = "7d" }
candidate = { window = "7d" }
better    = "higher"
fail      = { decrease_over = "10%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_google_settings(settings);
  const std::string property = settings.text("property").value_or("");
  if (settings.has("property") && !is_digits(property)) {
    add_key_error(diagnostics, settings, "property",
                  fmt::format("\"{}\" is no number of a property", core::printable(property)),
                  "it stands in Admin, Property details; G-… is the measurement ID of a stream");
  }
  check_zone(diagnostics, settings, "timezone");
  return diagnostics;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_google_endpoint(id, settings, context.directory, kUrl);
  if (!settings.has("concurrency")) endpoint.concurrency = kMostConcurrent;
  Property property{settings.text("property").value_or(""), settings.text("timezone").value_or("UTC"), core::Zone()};
  if (const auto zone = core::Zone::find(property.zone_name); zone.ok()) property.zone = *zone;
  return std::make_unique<GoogleAnalyticsSource>(std::move(endpoint), std::move(property),
                                                 make_google_token(id, settings, kReadAnalytics), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "google-analytics";
  type.spec.title = "Google Analytics 4: sessions, users, key events, revenue";
  type.spec.usual_name = "analytics";
  type.spec.source_keys = with_google_keys({
      {"property", KeyType::text, "the number of the GA4 property", KeySpec::Need::required},
      {"timezone", KeyType::text, "of the property: its days begin at its midnight", KeySpec::Need::required},
  });
  type.spec.query_keys = {
      {"measure", KeyType::text, measures_doc(measures())},
      {"event", KeyType::text, "only what was counted at this event: purchase"},
      {"where", KeyType::table, "dimensions and the values that they may have: country = \"Germany\""},
      {"metric_name", KeyType::text, "with measure = \"custom\": a metric by its name in the Data API"},
  };
  type.spec.text_part_key = "measure";
  type.spec.default_ingest_delay = std::chrono::hours(48);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::google_analytics
