#include "sources/datadog/refusal.h"

#include <fmt/format.h>

#include "core/text.h"

namespace gate::sources::datadog {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& one : words) all += (all.empty() ? "" : "; ") + one;
  return all.empty() ? "(no reason given)" : all;
}

void add_facts(core::Error& error, const Need& need, const std::string& request) {
  if (!need.shown.empty()) error.context.push_back("query: " + need.shown);
  error.context.push_back(request);
}

/// "env DD_API_KEY", or the key's name in the gate file.
std::string named(const std::string& reference, const char* key) {
  return reference.empty() ? fmt::format("`{}`", key) : reference;
}

}  // namespace

core::Error forbidden_error(const std::string& who, const Need& need, const Refused& refused, ApiKey api_key,
                            const Keys& keys) {
  core::Error error;
  error.code = "RG1620";
  const std::string at = keys.site.empty() ? "" : " at " + keys.site;
  if (keys.api_key.empty()) {
    error.message = fmt::format("{}: there is no API key, and Datadog wants one (HTTP {})", who, refused.status);
    error.hint = R"(say api_key = { env = "DD_API_KEY" } in the source, and set that variable)";
    if (!keys.unset_api_key.empty()) error.hint = keys.unset_api_key + " is not set: set it where release-gate runs";
  } else if (api_key == ApiKey::invalid) {
    error.message = fmt::format("{}: the API key ({}) is not valid{} (HTTP {})", who, keys.api_key, at, refused.status);
    error.hint = "keys belong to one site: check `site`, and that the key was not revoked";
  } else if (keys.app_key.empty()) {
    error.message = fmt::format("{}: there is no application key, and {} needs one with the scope `{}` (HTTP {})", who,
                                need.thing, need.scope, refused.status);
    error.hint = R"(say app_key = { env = "DD_APP_KEY" } in the source, and set that variable)";
    if (!keys.unset_app_key.empty()) error.hint = keys.unset_app_key + " is not set: set it where release-gate runs";
  } else {
    error.message =
        fmt::format("{}: the application key ({}) may not read {}: it is not valid{} or lacks the scope `{}` (HTTP {})", who,
                    keys.app_key, need.thing, at, need.scope, refused.status);
    error.hint = fmt::format("give {} the scope `{}`, and its owner a role with that permission",
                             named(keys.app_key, "app_key"), need.scope);
  }
  if (api_key == ApiKey::valid) error.context.emplace_back("the API key itself is valid");
  if (!refused.words.empty()) error.context.push_back("Datadog says: " + joined(refused.words));
  add_facts(error, need, refused.request);
  return error;
}

core::Error scope_error(const std::string& who, const std::vector<std::string>& scopes, const std::string& metrics,
                        const Keys& keys) {
  const std::string names = core::list_names(scopes, "and");
  const char* noun = scopes.size() == 1 ? "scope" : "scopes";
  const std::string key = named(keys.app_key, "app_key");
  return {"RG1620",
          fmt::format("{}: the application key ({}) lacks the {} {}, needed by {} (HTTP 403)", who, key, noun, names, metrics),
          fmt::format("give {} the {} {}, and its owner a role with that permission", key, noun, names),
          {"the API key is valid, and so is the application key"},
          {}};
}

std::optional<core::Error> refusal_error(const std::string& who, const Need& need, const Refused& refused) {
  core::Error error;
  const std::string words = joined(refused.words);
  switch (refused.status) {
    case 400:
    case 422:
      error.code = "RG1622";
      error.message = fmt::format("{}: Datadog rejects {}: {} (HTTP {})", who, need.thing, words, refused.status);
      error.hint = "try it in Datadog's own interface, and mend it in the gate file";
      break;
    case 404:
      error.code = "RG1623";
      error.message = fmt::format("{}: Datadog does not find {}: {} (HTTP 404)", who, need.thing, words);
      error.hint = "check the name or id, `site`, and that the owner of the application key may see it";
      break;
    case 429:
      error.code = "RG1624";
      error.message = fmt::format("{}: Datadog is rate-limiting us{}: {} (HTTP 429)", who,
                                  refused.limit.empty() ? "" : fmt::format(" (limit \"{}\")", refused.limit), words);
      error.hint = "lower the source's `concurrency`, raise its `retries`, or ask Datadog for a higher limit";
      break;
    default:
      return std::nullopt;
  }
  add_facts(error, need, refused.request);
  return error;
}

core::Error status_error_at_200(const std::string& who, const Need& need, const std::string& words,
                                const std::string& request) {
  core::Error error{"RG1625",
                    fmt::format("{}: Datadog answers {} with an error, though with HTTP 200: {}", who, need.thing,
                                words.empty() ? "(no reason given)" : words),
                    "mend the query; it can be tried in Datadog's metrics explorer",
                    {},
                    {}};
  add_facts(error, need, request);
  return error;
}

}  // namespace gate::sources::datadog
