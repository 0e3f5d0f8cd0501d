// What the rest of the program is told of Cloud Monitoring, and the offline checks of its keys.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/settings.h"
#include "core/text.h"
#include "sources/google_monitoring/client.h"
#include "sources/google_monitoring/query.h"

namespace gate::sources::google_monitoring {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr const char* kUrl = "https://monitoring.googleapis.com";
constexpr const char* kReadMetrics = "https://www.googleapis.com/auth/monitoring.read";

constexpr std::string_view kSourceExample = R"(project    = { env = "GOOGLE_CLOUD_PROJECT", default = "shop-prod" }
google_key = { env = "GOOGLE_KEY" }   # the JSON key of a service account; on a machine of Google Cloud: google_metadata = true
)";

constexpr std::string_view kExample =
    R"(filter  = 'metric.type="run.googleapis.com/request_latencies" AND resource.labels.service_name="shop"'
aligner = "p95"
reducer = "mean"
unit    = "ms"
better  = "lower"
fail    = { increase_over = "10%" }
)";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_google_settings(settings);
  const std::string project = settings.text("project").value_or("");
  const bool is_name = !project.empty() && std::all_of(project.begin(), project.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.';
  });
  if (settings.has("project") && !is_name) {
    add_key_error(diagnostics, settings, "project", fmt::format("\"{}\" is no id of a project", core::printable(project)),
                  "its id (shop-prod) or number, not its name");
  }
  return diagnostics;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics diagnostics = check_by_reading<read_query>(query, source);
  const std::string length = query.text("alignment").value_or("{{step}}");
  if (length.find("{{") == std::string::npos && !core::parse_duration(length).ok()) {
    add_key_error(diagnostics, query, "alignment", fmt::format("\"{}\" is no length of time", core::printable(length)),
                  R"("1m" and more, "{{step}}" or "{{window}}")");
  }
  return diagnostics;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  return std::make_unique<GoogleMonitoringSource>(make_google_endpoint(id, settings, context.directory, kUrl),
                                                  settings.text("project").value_or(""),
                                                  make_google_token(id, settings, kReadMetrics), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "google-monitoring";
  type.spec.title = "Google Cloud Monitoring: metrics by filter";
  type.spec.usual_name = "google";
  type.spec.source_keys = with_google_keys({
      {"project", KeyType::text, "the id of the project whose metrics are asked for", KeySpec::Need::required},
  });
  type.spec.query_keys = {
      {"filter", KeyType::text, "which time series: metric.type=\"…\" AND resource.labels.…=\"…\""},
      {"aligner", KeyType::text,
       "how a period of one series becomes a number: delta, rate, mean, sum, min, max, count, p99, p95, p50, p05, …"},
      {"reducer", KeyType::text, "how several series become one: sum, mean, min, max, count, p95, …"},
      {"group_by", KeyType::text_list, "labels that the reducer keeps apart: metric.labels.response_code"},
      {"alignment", KeyType::text, "the least length of a period (1m); \"{{step}}\", or \"{{window}}\" for one point a window"},
      {"distribution", KeyType::text, "what is taken of a distribution: mean (the default) or count"},
  };
  type.spec.text_part_key = "filter";
  type.spec.default_ingest_delay = std::chrono::minutes(5);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::google_monitoring
