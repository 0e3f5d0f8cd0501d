#include "publish/github_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/paths.h"
#include "core/text.h"

namespace gate::publish {
namespace {

using Json = nlohmann::json;

constexpr const char* kWho = "github";

/// The event's payload; null when there is none, or none that can be read.
Json read_event(const Surroundings& surroundings) {
  const std::string path = variable(surroundings, "GITHUB_EVENT_PATH");
  if (path.empty()) return nullptr;
  const auto text = surroundings.read_file(path);
  if (!text) return nullptr;
  Json event = Json::parse(*text, nullptr, false);
  if (!event.is_object()) return nullptr;
  // Events of deployments name the run that deployed, too: only where nothing else is meant is the run what the event is about.
  if (event.contains("deployment")) event.erase("workflow_run");
  return event;
}

/// The text at `pointer`, "" when there is none.
std::string text_at(const Json& event, const char* pointer) {
  const Json::json_pointer place(pointer);
  return event.contains(place) && event.at(place).is_string() ? event.at(place).get<std::string>() : "";
}

std::optional<std::int64_t> number_at(const Json& event, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!event.contains(place) || !event.at(place).is_number_integer()) return std::nullopt;
  const auto number = event.at(place).get<std::int64_t>();
  return number > 0 ? std::optional<std::int64_t>(number) : std::nullopt;
}

/// "refs/pull/12/merge".
std::optional<std::int64_t> number_of_ref(const std::string& ref) {
  constexpr std::string_view kPrefix = "refs/pull/";
  if (!ref.starts_with(kPrefix)) return std::nullopt;
  const std::string rest = ref.substr(kPrefix.size());
  return positive_number(rest.substr(0, rest.find('/')));
}

std::optional<std::int64_t> pull_request_of(const Json& event, const Surroundings& surroundings) {
  if (const auto number = number_at(event, "/pull_request/number")) return number;
  if (event.contains(Json::json_pointer("/issue/pull_request"))) return number_at(event, "/issue/number");
  // Of a fork the list is empty, and the number has to come with the report.
  const Json::json_pointer several("/workflow_run/pull_requests");
  if (event.contains(several) && event.at(several).is_array() && event.at(several).size() == 1)
    return number_at(event, "/workflow_run/pull_requests/0/number");
  return number_of_ref(variable(surroundings, "GITHUB_REF"));
}

std::string head_of(const Json& event, const Surroundings& surroundings) {
  for (const char* place : {"/pull_request/head/sha", "/workflow_run/head_sha", "/deployment/sha"}) {
    if (std::string sha = text_at(event, place); is_commit_id(sha)) return sha;
  }
  std::string sha = variable(surroundings, "GITHUB_SHA");
  return is_commit_id(sha) ? sha : "";
}

std::string read_only_of(const Json& event, const Surroundings& surroundings) {
  const Json::json_pointer head("/pull_request/head");
  if (!event.contains(head)) return "";
  const std::string from = text_at(event, "/pull_request/head/repo/full_name");
  const std::string to = text_at(event, "/pull_request/base/repo/full_name");
  if (from != to) return "a fork's";
  return variable(surroundings, "GITHUB_ACTOR") == "dependabot[bot]" ? "Dependabot's" : "";
}

bool is_repository(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/").find(c) != std::string_view::npos;
  });
  const std::size_t slash = text.find('/');
  return plain && slash != std::string::npos && slash > 0 && slash + 1 < text.size() &&
         text.find('/', slash + 1) == std::string::npos;
}

/// GitHub Enterprise Server has both below /api, github.com on a host of its own.
std::string graphql_of(const std::string& api) {
  constexpr std::string_view kRest = "/api/v3";
  if (!api.ends_with(kRest)) return api + "/graphql";
  return api.substr(0, api.size() - kRest.size()) + "/api/graphql";
}

std::shared_ptr<const http::Endpoint> endpoint_of(const std::string& url, const core::Secret& token) {
  http::Endpoint endpoint;
  endpoint.name = kWho;
  endpoint.url = url;
  endpoint.bearer = token;
  endpoint.credential_reference = token.name();
  // GitHub asks for requests one after another: concurrent ones meet its secondary limits.
  endpoint.concurrency = 1;
  return std::make_shared<const http::Endpoint>(std::move(endpoint));
}

}  // namespace

GithubRun github_run(const Surroundings& surroundings, const Options& options) {
  const Json event = read_event(surroundings);
  GithubRun run;
  run.sha = head_of(event, surroundings);
  run.pull_request = pull_request_of(event, surroundings);
  run.read_only = read_only_of(event, surroundings);
  run.report_url = report_url_of(surroundings, options);
  if (std::string head = text_at(event, "/workflow_run/head_sha"); is_commit_id(head)) run.expected_head = head;
  if (!options.pull_request.empty()) run.pull_request = positive_number(options.pull_request);
  if (!options.head_sha.empty()) run.sha = run.expected_head = options.head_sha;
  return run;
}

core::Result<GithubPlace> github_place(const Surroundings& surroundings, const Options& options) {
  const auto token =
      secret_of(surroundings, kWho, {"GITHUB_TOKEN", "GH_TOKEN"}, "give the step `env: GITHUB_TOKEN: ${{ github.token }}`");
  if (!token) return token.error();
  GithubPlace place;
  place.run = github_run(surroundings, options);
  place.repository = variable(surroundings, "GITHUB_REPOSITORY");
  if (!is_repository(place.repository)) return missing(kWho, "GITHUB_REPOSITORY", "it is owner/name of the repository");
  if (place.run.sha.empty()) return missing(kWho, "GITHUB_SHA", "or give the commit with --head-sha");
  std::string api = variable(surroundings, "GITHUB_API_URL");
  if (api.empty()) api = "https://api.github.com";
  while (api.ends_with('/')) api.pop_back();
  std::string graphql = variable(surroundings, "GITHUB_GRAPHQL_URL");
  place.api = endpoint_of(api, *token);
  place.graphql = endpoint_of(graphql.empty() ? graphql_of(api) : graphql, *token);
  return place;
}

std::string path_in_repository(const Surroundings& surroundings, const std::string& file) {
  return core::path_from(variable(surroundings, "GITHUB_WORKSPACE"), surroundings.folder, file);
}

}  // namespace gate::publish
