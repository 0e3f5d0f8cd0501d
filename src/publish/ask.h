// Ask: a request to a service that is published to: its rate limits waited for, its refusals as errors, its JSON read. What
// the services have in common; not their addresses and bodies.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/error.h"
#include "core/time.h"
#include "http/client.h"

namespace gate::publish {

using Json = nlohmann::json;

/// What a refusal means here: which permission is missing for 403, what a 404 may mean. "" leaves the general hint.
struct Hints {
  std::string forbidden;
  std::string not_found;
  std::string rejected;  ///< 400 and 422
};

/// How long to wait before asking again, where `response` is a refusal for asking too much at a status that others have, too:
/// GitHub's limits are 403, with Retry-After, with nothing remaining until X-RateLimit-Reset, or neither (then a minute).
/// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
std::optional<core::Duration> limited_for(const http::Response& response, core::Time now);

/// Sends `request`, never shared with another one. A refusal for asking too much is waited for if the client's deadline allows,
/// RG1040 otherwise (429 is the client's own to wait for). Any other status is the caller's.
http::Task<http::Response> ask(http::Client& client, http::Request request);

/// The error behind an answer that is not 2xx, with `hints`.
core::Error refused(const http::Client& client, const http::Request& request, const http::Response& response,
                    const Hints& hints);

/// Sends and reads; throws core::SourceError: what `refused` says, RG3003 for an answer that is no JSON of the kind that is
/// expected.
http::Task<Json> ask_json(http::Client& client, http::Request request, Hints hints);

/// RG3003: an answer that is not of the API.
core::Error unexpected(const http::Client& client, const http::Request& request, const std::string& what);

/// True for failures after which nobody knows whether the request was carried out: a broken connection, 5xx.
bool is_ambiguous(const core::Error& error);

/// JSON for a body; text that is no UTF-8 is replaced.
std::string body_text(const Json& document);
/// Members of an answer; "", 0 and false where there is none of that type.
std::string text_of(const Json& object, const char* key);
std::int64_t number_of(const Json& object, const char* key);
bool flag_of(const Json& object, const char* key);

}  // namespace gate::publish
