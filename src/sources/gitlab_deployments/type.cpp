// What the rest of the program is told of this type of source, and the offline checks of its keys.
#include "sources/deployments.h"
#include "sources/gitlab_deployments/client.h"
#include "sources/gitlab_deployments/decode.h"
#include "sources/http_settings.h"

namespace gate::sources::gitlab_deployments {
namespace {

using core::KeyType;
using core::Settings;

constexpr const char* kCloud = "https://gitlab.com/api/v4";

constexpr std::string_view kSourceExample =
    R"(url     = { env = "CI_API_V4_URL", default = "https://gitlab.com/api/v4" }
project = { env = "CI_PROJECT_ID", default = "42" }
token   = { env = "GITLAB_TOKEN" }
)";

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out = measure_facts(all_measures(), query);
  out.uses_window = !dora_metric(query.text("measure").value_or("")).empty();
  return out;
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  if (settings.has("token") && settings.has("job_token"))
    add_key_error(out, settings, "job_token", "`token` and `job_token` exclude each other",
                  "a job's own token may read less: try it first");
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics out;
  check_measure(out, "GitLab", all_measures(), query);
  if (!query.has("project") && !source.has("project"))
    add_key_error(out, query, "project", "no `project` is named", R"(project = { env = "CI_PROJECT_ID" } in the source)");
  if (!dora_metric(query.text("measure").value_or("")).empty() && query.has("environment")) {
    add_key_error(out, query, "environment", "`environment` has no meaning for what GitLab computes itself",
                  "it knows tiers of environments, and takes production");
  }
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, kCloud);
  use_header(endpoint, settings, "token", "PRIVATE-TOKEN");
  use_header(endpoint, settings, "job_token", "JOB-TOKEN");
  return std::make_unique<GitlabDeployments>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "gitlab-deployments";
  type.spec.usual_name = "gitlab";
  type.spec.title = "Deployments on GitLab: the DORA keys";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "of the API (https://gitlab.com/api/v4)"},
      {"token", KeyType::secret, "of a user, group or project, with the scope read_api"},
      {"job_token", KeyType::secret, "CI_JOB_TOKEN, in its place"},
      {"project", KeyType::text, "the project's number, or its path (group/name)"},
      {"lookback", KeyType::duration, "how long before the window the deployment lies that the first in it replaced (30d)"},
  });
  type.spec.query_keys = {
      {"measure", KeyType::text, measures_doc(all_measures())},
      {"environment", KeyType::text, "to which is deployed (production)"},
      {"project", KeyType::text, "instead of the source's"},
  };
  say_deployments(type.spec);
  type.spec.source_example = kSourceExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::gitlab_deployments
