// What the rest of the program is told of this type of source, and the offline checks of its keys.
#include <algorithm>

#include "sources/deployments.h"
#include "sources/github_deployments/client.h"
#include "sources/http_settings.h"

namespace gate::sources::github_deployments {
namespace {

using core::KeyType;
using core::Settings;

constexpr const char* kCloud = "https://api.github.com";

constexpr std::string_view kSourceExample =
    R"(url        = { env = "GITHUB_API_URL", default = "https://api.github.com" }
repository = { env = "GITHUB_REPOSITORY", default = "octo-org/checkout" }
token      = { env = "GITHUB_TOKEN" }
)";

core::QueryFacts facts(const Settings& query) {
  return measure_facts(deployment_measures(), query);
}

void check_repository(core::Diagnostics& out, const Settings& settings) {
  const auto name = settings.text("repository");
  if (!name) return;
  const bool has_form = std::count(name->begin(), name->end(), '/') == 1 && !name->starts_with('/') && !name->ends_with('/') &&
                        name->find_first_of(" ?#%\\") == std::string::npos;
  if (!has_form)
    add_key_error(out, settings, "repository", "`repository` must be OWNER/NAME",
                  R"(repository = { env = "GITHUB_REPOSITORY" })");
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  check_repository(out, settings);
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics out;
  check_measure(out, "GitHub", deployment_measures(), query);
  check_repository(out, query);
  if (!query.has("repository") && !source.has("repository"))
    add_key_error(out, query, "repository", "no `repository` is named",
                  R"(repository = { env = "GITHUB_REPOSITORY" } in the source)");
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, kCloud);
  endpoint.bearer = take_credential(endpoint, settings, "token");
  return std::make_unique<GithubDeployments>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "github-deployments";
  type.spec.usual_name = "github";
  type.spec.title = "Deployments on GitHub: the DORA keys";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "of the API (https://api.github.com)"},
      {"token", KeyType::secret, "GITHUB_TOKEN of a workflow, or one with read permission for deployments and contents"},
      {"repository", KeyType::text, "OWNER/NAME"},
      {"lookback", KeyType::duration, "how long before the window a deployment that ends in it may have been created (7d)"},
  });
  type.spec.query_keys = {
      {"measure", KeyType::text, measures_doc(deployment_measures())},
      {"environment", KeyType::text, "to which is deployed (production)"},
      {"repository", KeyType::text, "instead of the source's"},
  };
  say_deployments(type.spec);
  type.spec.source_example = kSourceExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::github_deployments
