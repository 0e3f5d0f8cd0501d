#include "sources/google_settings.h"

#include <cstdlib>
#include <utility>

#include "sources/http_settings.h"

namespace gate::sources {

using core::KeyType;

std::vector<core::KeySpec> with_google_keys(std::vector<core::KeySpec> own) {
  own.push_back({"google_key", KeyType::secret_text, "the JSON key of a service account"});
  own.push_back({"google_metadata", KeyType::boolean, "true takes the token of the Google Cloud machine that this runs on"});
  own.push_back({"url", KeyType::text, "another address than Google's own: a private endpoint, or a server for tests"});
  return with_http_keys(std::move(own));
}

std::optional<core::Error> google_key_error(const core::Settings& settings) {
  const core::Secret secret = settings.secret("google_key");
  if (!secret.reveal().starts_with('{')) return std::nullopt;
  const auto key = parse_google_key(secret);
  if (key) return std::nullopt;
  core::Error error = key.error();
  error.location = settings.location("google_key", settings.location_of_table);
  return error;
}

core::Diagnostics check_google_settings(const core::Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  const bool from_machine = settings.boolean("google_metadata").value_or(false);
  if (settings.has("google_key") == from_machine) {
    diagnostics.push_back(
        {core::Severity::error,
         {"RG0524",
          from_machine ? "`google_key` and `google_metadata` exclude each other" : "nothing says as whom Google is asked",
          R"(write google_key = { env = "GOOGLE_KEY" }, or on a machine of Google Cloud google_metadata = true)",
          {},
          settings.location("google_metadata", settings.location_of_table)}});
  }
  if (auto error = google_key_error(settings)) diagnostics.push_back({core::Severity::error, std::move(*error)});
  return diagnostics;
}

std::unique_ptr<GoogleToken> make_google_token(const std::string& id, const core::Settings& settings,
                                               const std::string& scope) {
  const core::Secret key = settings.secret("google_key");
  if (!key.empty()) return std::make_unique<GoogleToken>(id, scope, key);
  if (!settings.boolean("google_metadata").value_or(false)) return nullptr;
  const char* host = std::getenv("GCE_METADATA_HOST");  // as Google's own libraries do
  return std::make_unique<GoogleToken>(id, scope, google_metadata_host(host == nullptr ? "" : host));
}

http::Endpoint make_google_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory,
                                    const std::string& usual_url) {
  http::Endpoint endpoint = make_endpoint(id, settings, directory, usual_url);
  if (const core::Setting* key = settings.find("google_key")) endpoint.credential_reference = key->reference;
  return endpoint;
}

GoogleSource::GoogleSource(const ApiSystem& system, http::Endpoint endpoint, std::unique_ptr<GoogleToken> token,
                           const core::Settings& settings, const SourceContext& context)
    : ApiSource(system, std::move(endpoint), settings, context), token_(std::move(token)) {}

http::Task<void> GoogleSource::authorize(core::Answer& /*answer*/) {
  if (!token_ || caller().is_replaying()) co_return;
  http::Task<core::Secret> getting = token_->get(caller().client());
  const core::Secret token = co_await getting;
  caller().use_bearer(token);
}

}  // namespace gate::sources
