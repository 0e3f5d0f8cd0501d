// What `sources --check` wants to know, and the version for the evidence.
#include <fmt/format.h>

#include "sources/http_settings.h"
#include "sources/sonarqube/client.h"

namespace gate::sources::sonarqube {

http::Task<std::string> SonarQubeSource::version() {
  auto once = std::make_shared<http::Endpoint>(*endpoint_);
  once->retries = 0;
  http::Request request;
  request.endpoint = std::move(once);
  request.path = "/api/system/status";
  http::Task<http::Response> sending = client_->send(request);
  const http::Response response = co_await sending;
  if (response.status != 200) co_return std::string();
  const std::string version = decode_version(response.body);
  co_return version.empty() ? std::string() : "SonarQube " + shown(*client_, version);
}

http::Task<void> SonarQubeSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<Got> validating = get(scratch, "/api/authentication/validate", {}, http::Reuse::within_run);
  const Got got = co_await validating;
  check(got, own_component(settings_));
  const core::Result<bool> valid = decode_valid(got.response.body);
  if (!valid) throw failed(valid.error(), *endpoint_, got.response);
  found.authenticated = *valid;
  if (!*valid && !endpoint_->unset_credential.empty()) {
    throw core::SourceError(
        {"RG1102",
         fmt::format("{}: the server wants a credential, and {} is not set", endpoint_->name, endpoint_->unset_credential),
         "set it where release-gate runs: an empty value counts as not set",
         {},
         {}});
  }
  if (!*valid) {
    throw core::SourceError(
        {"RG1805",
         fmt::format("{}: the token is not valid", endpoint_->name),
         endpoint_->credential_reference.empty() ? "give the source a `token`" : "renew " + endpoint_->credential_reference,
         {},
         {}});
  }
  std::set<Component> components = components_;
  if (components.empty()) components.insert(own_component(settings_));
  found.permitted = false;
  for (const Component& component : components) {
    if (component.project.empty()) continue;
    http::Task<Got> showing = get(scratch, "/api/components/show", naming(component, "component"), http::Reuse::within_run);
    const Got seen = co_await showing;
    check(seen, component);
  }
  found.permitted = true;
  http::Task<std::string> asking = version();
  found.system = co_await asking;
  // A server that lets everybody in calls no token valid, too.
  if (endpoint_->bearer.empty() && endpoint_->user.empty()) {
    found.authenticated.reset();
    found.notes.emplace_back("no token is given: only what everybody may see can be asked for");
  }
}

}  // namespace gate::sources::sonarqube
