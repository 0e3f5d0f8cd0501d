// What the rest of the program is told of Datadog.
#include <fmt/format.h>

#include <utility>

#include "core/settings.h"
#include "core/text.h"
#include "sources/datadog/checks.h"
#include "sources/datadog/client.h"
#include "sources/datadog/site.h"
#include "sources/http_settings.h"

namespace gate::sources::datadog {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample = R"(site    = "datadoghq.com"
api_key = { env = "DD_API_KEY" }
app_key = { env = "DD_APP_KEY" }
)";

constexpr std::string_view kExample =
    R"toml(query  = "avg:trace.http.request.duration{service:shop}.rollup(avg, 60)"
unit   = "s"
better = "lower"
fail   = { increase_over = "10%" }
)toml";

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  const auto add = [&](std::string_view key, const char* code, std::string message, std::string hint) {
    diagnostics.push_back(
        {core::Severity::error,
         {code, std::move(message), std::move(hint), {}, settings.location(key, settings.location_of_table)}});
  };
  if (const auto site = settings.text("site"); site && !is_site(*site)) {
    const std::string near = nearest_site(*site);
    add("site", "RG1601", fmt::format("Datadog has no site \"{}\"", core::printable(*site)),
        near.empty() ? fmt::format("it has {}", core::list_names(sites(), "and")) : fmt::format("did you mean \"{}\"?", near));
  }
  if (const auto api = settings.text("api"); api && *api != "v1" && *api != "v2") {
    add("api", "RG1603", fmt::format("`api` must be `v2` or `v1`, not \"{}\"", core::printable(*api)),
        "v2 is the default and knows formulas; v1 is for servers that speak nothing else");
  }
  return diagnostics;
}

std::string reference_of(const Settings& settings, std::string_view key) {
  const core::Setting* setting = settings.find(key);
  if (setting == nullptr || setting->secret.empty()) return "";
  return setting->reference.empty() ? fmt::format("`{}`", key) : setting->reference;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  Setup setup;
  setup.endpoint = make_endpoint(id, settings, context.directory);
  setup.endpoint.url = api_url(settings);
  const core::Secret api_key = settings.secret("api_key");
  const core::Secret app_key = settings.secret("app_key");
  if (!api_key.empty()) setup.endpoint.headers.emplace_back("DD-API-KEY", api_key);
  if (!app_key.empty()) setup.endpoint.headers.emplace_back("DD-APPLICATION-KEY", app_key);
  setup.site = site_of(settings);
  setup.keys = {reference_of(settings, "api_key"), reference_of(settings, "app_key"), setup.site};
  if (api_key.empty()) setup.keys.unset_api_key = api_key.name();
  if (app_key.empty()) setup.keys.unset_app_key = app_key.name();
  setup.endpoint.credential_reference = setup.keys.app_key.empty() ? setup.keys.api_key : setup.keys.app_key;
  setup.api = settings.text("api") == "v1" ? Api::v1 : Api::v2;
  return std::make_unique<DatadogSource>(std::move(setup), context.client);
}

std::vector<KeySpec> source_keys() {
  return with_http_keys({
      {"site", KeyType::text, "Datadog's site (datadoghq.com): datadoghq.eu, us3.datadoghq.com, …"},
      {"url", KeyType::text, "the API's address, in place of https://api.<site>: a proxy, or a server for tests"},
      {"api_key", KeyType::secret, "sent as DD-API-KEY"},
      {"app_key", KeyType::secret, "sent as DD-APPLICATION-KEY; needs the scopes of what is asked"},
      {"api", KeyType::text, "v2 (default), or v1 for the older query endpoint"},
  });
}

std::vector<KeySpec> query_keys() {
  return {
      {"query", KeyType::text, "a metrics query; {{step}} stands for the step's length in a rollup"},
      {"queries", KeyType::table, "named queries: metrics queries, or tables with a data_source (logs, spans, rum)"},
      {"formula", KeyType::text, "one number from the named queries: a / b"},
      {"aggregator", KeyType::text,
       "how kind = \"value\" makes one number of a window: avg (sum for counts), min, max, last, …"},
      {"monitor", KeyType::any, "the number of a monitor, or a list of them"},
      {"monitor_tags", KeyType::text_list, "every monitor that has all of these tags"},
      {"muted", KeyType::text, "what a muted alert counts as: fail (as it stands), or ignore"},
      {"slo", KeyType::text, "the id of a service level objective"},
      {"measure", KeyType::text, "of the slo: attained (default, %), budget_left (%), burn (1 spends the budget exactly)"},
      {"slo_target", KeyType::number, "the objective in per cent, where the slo has several"},
      {"deployment_gate", KeyType::table, "a deployment gate to evaluate: service, env, identifier, version, primary_tag"},
  };
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "datadog";
  type.spec.usual_name = "dd";
  type.spec.title = "Datadog: metrics, logs and spans by query, monitors, SLOs and deployment gates";
  type.spec.source_keys = source_keys();
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "query";
  type.spec.default_ingest_delay = std::chrono::seconds(120);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts_of;
  type.check_source = check_source;
  type.check_query = check_question;
  type.make = make;
  return type;
}

}  // namespace gate::sources::datadog
