#include "publish/gitlab_place.h"

#include <algorithm>

#include "http/url.h"

namespace gate::publish {
namespace {

constexpr const char* kWho = "gitlab";

/// The first of `names` that is set.
std::string first_of(const Surroundings& surroundings, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    std::string value = variable(surroundings, name);
    if (!value.empty()) return value;
  }
  return "";
}

std::shared_ptr<const http::Endpoint> endpoint_of(const Surroundings& surroundings, const std::string& url,
                                                  const core::Secret& token) {
  http::Endpoint endpoint;
  endpoint.name = kWho;
  endpoint.url = url;
  endpoint.headers.emplace_back("PRIVATE-TOKEN", token);
  endpoint.credential_reference = token.name();
  endpoint.concurrency = 1;
  // The runner keeps the certificates of an instance with a CA of its own here.
  endpoint.ca_file = variable(surroundings, "CI_SERVER_TLS_CA_FILE");
  return std::make_shared<const http::Endpoint>(std::move(endpoint));
}

}  // namespace

core::Result<GitlabPlace> gitlab_place(const Surroundings& surroundings, const Options& options) {
  const auto token =
      secret_of(surroundings, kWho, {"GITLAB_TOKEN"},
                "make a project access token with the scope api (CI_JOB_TOKEN may only read notes) and keep it as "
                "a masked variable; pipelines of forks do not see it");
  if (!token) return token.error();
  GitlabPlace place;
  const std::string url = variable(surroundings, "CI_API_V4_URL");
  if (url.empty()) return missing(kWho, "CI_API_V4_URL", "it is https://gitlab.example.com/api/v4");
  place.api = endpoint_of(surroundings, url, *token);
  place.project = http::percent_encode(variable(surroundings, "CI_PROJECT_ID"));
  if (place.project.empty()) return missing(kWho, "CI_PROJECT_ID", "it is the number or the path of the project");
  place.merge_request_project = http::percent_encode(variable(surroundings, "CI_MERGE_REQUEST_PROJECT_ID"));
  if (place.merge_request_project.empty()) place.merge_request_project = place.project;
  place.merge_request =
      positive_number(options.pull_request.empty() ? variable(surroundings, "CI_MERGE_REQUEST_IID") : options.pull_request);
  // In a pipeline of merged results, CI_COMMIT_SHA is a commit that is on no branch.
  place.sha = options.head_sha.empty() ? first_of(surroundings, {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"})
                                       : options.head_sha;
  if (!is_commit_id(place.sha)) return missing(kWho, "CI_COMMIT_SHA", "or give the commit with --head-sha");
  place.expected_head = options.head_sha;
  place.pipeline = positive_number(variable(surroundings, "CI_PIPELINE_ID")) ? variable(surroundings, "CI_PIPELINE_ID") : "";
  place.report_url = report_url_of(surroundings, options);
  return place;
}

}  // namespace gate::publish
