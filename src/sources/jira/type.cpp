// What the rest of the program is told of Jira, and the offline checks of a source's keys.
#include <fmt/format.h>

#include <utility>

#include "core/settings.h"
#include "http/url.h"
#include "sources/http_settings.h"
#include "sources/jira/client.h"
#include "sources/jira/query.h"

namespace gate::sources::jira {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kExample =
    R"(kind         = "count"
events       = { jql = 'project = SHOP AND issuetype = Bug' }
unit         = "1/d"
better       = "lower"
fail         = { increase_over = "50%" }
)";

constexpr std::string_view kSourceExample =
    R"(url   = { env = "JIRA_URL", default = "https://example.atlassian.net" }
email = { env = "JIRA_EMAIL" }     # of the user whose API token is sent; without it: a bearer token
token = { env = "JIRA_API_TOKEN" }
)";

constexpr std::string_view kGateway = "/ex/jira/";

Deployment deployment_of(const Settings& settings) {
  return settings.text("deployment").value_or("cloud") == "data-center" ? Deployment::data_center : Deployment::cloud;
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  const auto add = [&](std::string_view key, std::string message, std::string hint) {
    diagnostics.push_back(
        {core::Severity::error,
         {"RG1720", std::move(message), std::move(hint), {}, settings.location(key, settings.location_of_table)}});
  };
  const std::string deployment = settings.text("deployment").value_or("cloud");
  if (deployment != "cloud" && deployment != "data-center") {
    add("deployment", fmt::format("`deployment` cannot be \"{}\"", deployment), "write \"cloud\" or \"data-center\"");
  }
  const std::string times = settings.text("jql_times").value_or("epoch");
  if (times != "epoch" && times != "text") {
    add("jql_times", fmt::format("`jql_times` cannot be \"{}\"", times), "write \"epoch\" or \"text\"");
  }
  if (settings.has("email") && !settings.has("token")) {
    add("email", "`email` without `token`", "give the API token, too: token = { env = \"JIRA_API_TOKEN\" }");
  }
  const auto url = http::parse_url(settings.text("url").value_or(""));
  if (!url.ok()) return diagnostics;
  const bool is_site = url->host.ends_with(".atlassian.net");
  if (is_site && deployment == "data-center") {
    add("deployment", fmt::format("{} is Jira Cloud", url->host), "write deployment = \"cloud\"");
  }
  if (is_site && !settings.secret("token").empty() && !settings.has("email")) {
    add("token", "an API token of Jira Cloud needs the `email` of its user",
        "add email = { env = \"JIRA_EMAIL\" } (and set it); an OAuth token goes to url = "
        "\"https://api.atlassian.com/ex/jira/CLOUD-ID\"");
  }
  return diagnostics;
}

/// Where people look: `site`, or `url` unless that is the gateway of OAuth, behind which are no pages.
std::string site_of(const Settings& settings) {
  const bool is_named = settings.has("site");
  const auto url = http::parse_url(settings.text(is_named ? "site" : "url").value_or(""));
  if (!url.ok() || (!is_named && url->path.starts_with(kGateway))) return "";
  http::Url base = url.value();
  base.query.clear();
  std::string site = base.text();
  while (site.ends_with('/')) site.pop_back();
  return site;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  if (settings.has("email")) {
    endpoint.user = settings.text("email").value_or("");
    endpoint.password = take_credential(endpoint, settings, "token");
  } else {
    endpoint.bearer = take_credential(endpoint, settings, "token");
  }
  Options options;
  options.deployment = deployment_of(settings);
  options.times = settings.text("jql_times").value_or("epoch") == "text" ? JqlTimes::text : JqlTimes::epoch;
  options.site = site_of(settings);
  options.in_progress = settings.text_list("in_progress");
  options.done = settings.text_list("done");
  return std::make_unique<JiraSource>(std::move(endpoint), std::move(options), context.client);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "jira";
  type.spec.title = "Jira Cloud and Jira Data Center";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the site: https://example.atlassian.net, or https://api.atlassian.com/ex/jira/CLOUD-ID for OAuth",
       KeySpec::Need::required},
      {"deployment", KeyType::text, "cloud or data-center (cloud)"},
      {"email", KeyType::text, "of the user whose API token is sent (Cloud); without it the token is sent as a bearer token"},
      {"token", KeyType::secret, "an API token (Cloud), an OAuth token, or a personal access token (Data Center)"},
      {"site", KeyType::text, "where links for people lead, when `url` is the gateway of OAuth"},
      {"in_progress", KeyType::text_list, "the statuses in which work is done (those of the category In Progress)"},
      {"done", KeyType::text_list, "the statuses of finished issues (those of the category Done)"},
      {"jql_times", KeyType::text,
       "how bounds are sent: epoch (milliseconds, the default) or text (\"yyyy-MM-dd HH:mm\", asked 14 hours wider)"},
  });
  type.spec.query_keys = query_keys();
  type.spec.text_part_key = "jql";
  type.spec.default_ingest_delay = std::chrono::seconds(120);
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = query_facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::jira
