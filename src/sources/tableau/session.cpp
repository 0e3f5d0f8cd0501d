// TableauSource: signing in, and the site that the session is of.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sources/tableau/client.h"

namespace gate::sources::tableau {
namespace {

constexpr std::string_view kApiVersion = "3.19";
constexpr const char* kTokenHeader = "X-Tableau-Auth";

}  // namespace

std::string TableauSource::api(std::string_view path) const {
  return fmt::format("/api/{}{}", settings().text("api_version").value_or(std::string(kApiVersion)), path);
}

/// https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref_authentication.htm#sign_in
http::Request TableauSource::sign_in_request() const {
  const nlohmann::json credentials = {{"personalAccessTokenName", settings().text("token_name").value_or("")},
                                      {"personalAccessTokenSecret", std::string(settings().secret("token").reveal())},
                                      {"site", {{"contentUrl", settings().text("site").value_or("")}}}};
  http::Request request = caller().post(api("/auth/signin"), nlohmann::json{{"credentials", credentials}}.dump());
  request.headers = {{"Accept", "application/json"}};
  request.taping = http::Taping::never;
  return request;
}

/// All questions send the same request, which the client sends once a run. A replay needs no session.
http::Task<void> TableauSource::authorize(core::Answer& answer) {
  if (caller().is_replaying() || !token_.empty()) co_return;
  const http::Request request = sign_in_request();
  http::Task<http::Response> sending = caller().send(answer, request);
  const http::Response response = co_await sending;
  if (token_.empty()) take_token(request, response);
}

void TableauSource::take_token(const http::Request& request, const http::Response& response) {
  if (response.status < 200 || response.status >= 300) throw core::SourceError(caller().refusal(request, response));
  const JsonAnswer body(response.body, fmt::format("{}: {}", caller().id(), request.path));
  token_ = core::Secret(body.root().need("credentials").need("token").text(), "session of Tableau");
  caller().client().protect(token_);
  caller().use_header(kTokenHeader, token_);
}

http::Request TableauSource::probe() const {
  http::Request request = caller().get(api("/sessions/current"));
  request.headers = {{"Accept", "application/json"}};
  return request;
}

/// The answer to the sign-in has it, too, but lies on no tape.
http::Task<std::string> TableauSource::site_id(core::Answer& answer) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, probe());
  const JsonAnswer body = co_await asking;
  co_return body.root().need("session").need("site").need("id").text();
}

}  // namespace gate::sources::tableau
