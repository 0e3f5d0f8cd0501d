// What the rest of the program is told of Prometheus, and the offline checks of its keys.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/settings.h"
#include "sources/aws.h"
#include "sources/google_settings.h"
#include "sources/http_settings.h"
#include "sources/prometheus/client.h"
#include "sources/prometheus/promql_scanner.h"

namespace gate::sources::prometheus {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kExample =
    R"(query  = 'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{app="shop"}[1m])))'
unit   = "s"
better = "lower"
fail   = { increase_over = "10%" }
)";

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts facts;
  const core::Setting* setting = query.find("query");
  if (setting == nullptr) return facts;
  const std::string text = query.text("query").value_or("");
  const Scan scan = scan_promql(text);
  facts.longest_range = scan.longest_range;
  facts.range_location = place_of(setting->node, scan.longest_at);
  facts.uses_step = scan.uses_step || scan.step_is_range;
  facts.uses_window = scan.uses_window;
  facts.step_is_range = scan.step_is_range;
  facts.beyond_step = scan.beyond_step;
  facts.named_unit = scan.named_unit;
  if (!scan.named_unit.empty()) facts.named_unit_location = place_of(setting->node, scan.named_unit_at);
  if (scan.beyond_window.count() > 0) {
    facts.notes.push_back(
        fmt::format("the subquery over the window reaches {} before its start", core::format_duration(scan.beyond_window)));
  }
  if (scan.uses_offset) facts.notes.emplace_back("`offset` moves the data away from the window");
  if (scan.uses_at) facts.notes.emplace_back("`@` takes the data from a fixed time, not from the window");
  if (scan.unreadable_range) {
    facts.notes.push_back(fmt::format("`{}` is no PromQL range: say how far back it reaches with `range`",
                                      text.substr(scan.unreadable_range->offset, scan.unreadable_range->length)));
  }
  return facts;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics diagnostics;
  const core::Setting* setting = query.find("query");
  if (setting == nullptr) return diagnostics;
  const std::string text = query.text("query").value_or("");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    diagnostics.push_back(
        {core::Severity::error,
         {"RG0525", "the query is empty", "write what is to be asked in PromQL", {}, setting->node.location}});
    return diagnostics;
  }
  if (const auto problem = scan_promql(text).problem) {
    diagnostics.push_back({core::Severity::error,
                           {"RG0526",
                            "the query cannot be PromQL: " + problem->message,
                            "try it in the server's own graph page",
                            {},
                            place_of(setting->node, problem->at)}});
  }
  return diagnostics;
}

/// How a source may prove who asks; at most one of them. `key` is the setting that chooses it.
struct Identity {
  std::string_view key;
  std::string_view words;
};
constexpr std::array<Identity, 5> kIdentities = {{{"token", "a bearer token"},
                                                  {"user", "a user and a password"},
                                                  {"aws_region", "a signature for AWS"},
                                                  {"google_key", "a token of a Google service account"},
                                                  {"google_metadata", "a token of a Google machine"}}};

std::vector<Identity> chosen_identities(const Settings& settings) {
  std::vector<Identity> chosen;
  for (const Identity& identity : kIdentities) {
    const bool off = settings.boolean(identity.key) == false;
    if (settings.has(identity.key) && !off) chosen.push_back(identity);
  }
  return chosen;
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  const auto add = [&](std::string_view key, std::string message, std::string hint) {
    diagnostics.push_back(
        {core::Severity::error,
         {"RG0524", std::move(message), std::move(hint), {}, settings.location(key, settings.location_of_table)}});
  };
  const auto identities = chosen_identities(settings);
  if (identities.size() > 1) {
    add(identities[1].key, fmt::format("`{}` and `{}` exclude each other", identities[0].key, identities[1].key),
        fmt::format("the server wants either {} or {}", identities[0].words, identities[1].words));
  }
  if (auto error = google_key_error(settings)) diagnostics.push_back({core::Severity::error, std::move(*error)});
  if (settings.has("user") != settings.has("password")) {
    add(settings.has("user") ? "user" : "password", "`user` and `password` go together", "give both");
  }
  const bool signs = settings.has("aws_region");
  if (signs && !(settings.has("aws_access_key") && settings.has("aws_secret_key"))) {
    add("aws_region", "`aws_region` needs `aws_access_key` and `aws_secret_key`",
        "for instance { env = \"AWS_ACCESS_KEY_ID\" } and { env = \"AWS_SECRET_ACCESS_KEY\" }");
  }
  if (!signs && (settings.has("aws_access_key") || settings.has("aws_secret_key") || settings.has("aws_service"))) {
    add(settings.has("aws_access_key") ? "aws_access_key" : "aws_secret_key", "keys of AWS without `aws_region`",
        "say `aws_region`");
  }
  return diagnostics;
}

constexpr const char* kReadMetrics = "https://www.googleapis.com/auth/monitoring.read";

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  endpoint.bearer = settings.secret("token");
  endpoint.user = settings.text("user").value_or("");
  endpoint.password = settings.secret("password");
  for (const std::string_view key : {"token", "password", "aws_secret_key", "google_key"}) {
    const core::Setting* setting = settings.find(key);
    if (setting != nullptr && !setting->reference.empty()) endpoint.credential_reference = setting->reference;
  }
  if (const auto region = settings.text("aws_region")) {
    sign_for_aws(endpoint, *region, settings.text("aws_service").value_or("aps"), settings.secret("aws_access_key"),
                 settings.secret("aws_secret_key"), settings.secret("aws_session_token"));
  }
  return std::make_unique<PrometheusSource>(std::move(endpoint), context.client, make_google_token(id, settings, kReadMetrics));
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "prometheus";
  type.spec.title =
      "Prometheus, and what speaks its HTTP API: Thanos, Mimir, Cortex, VictoriaMetrics, Google and Amazon Managed";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "where the server is, with its path prefix: http://localhost:9090", KeySpec::Need::required},
      {"token", KeyType::secret, "sent as a bearer token"},
      {"user", KeyType::text, "of basic authentication"},
      {"password", KeyType::secret, "of basic authentication"},
      {"aws_region", KeyType::text, "sign requests for AWS (Signature Version 4) in this region"},
      {"aws_service", KeyType::text, "the service that is signed for (aps)"},
      {"aws_access_key", KeyType::secret, "the id of the access key"},
      {"aws_secret_key", KeyType::secret, "the secret access key"},
      {"aws_session_token", KeyType::secret, "of temporary credentials"},
      {"google_key", KeyType::secret_text, "the JSON key of a Google service account, for Google Managed Prometheus"},
      {"google_metadata", KeyType::boolean, "true takes the token of the Google Cloud machine that this runs on"},
  });
  type.spec.query_keys = {
      {"query", KeyType::text, "PromQL; {{window}} and {{step}} stand for the window's and the step's length",
       KeySpec::Need::required},
  };
  type.spec.text_part_key = "query";
  type.spec.default_ingest_delay = std::chrono::seconds(15);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.has_buckets = true;
  type.spec.usual_name = "prom";
  type.spec.source_example = R"(url = { env = "PROMETHEUS_URL", default = "http://localhost:9090" })";
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::prometheus
