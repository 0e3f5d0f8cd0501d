// Refusal: what Datadog says against a question, as an error that says what to do. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/error.h"

namespace gate::sources::datadog {

/// What an endpoint needs and answers for: for messages.
struct Need {
  std::string scope;  ///< "timeseries_query"
  std::string thing;  ///< "the query", "monitor 12345": what was asked for
  std::string shown;  ///< the query's text, for the context; may be ""
};

/// An answer that is not 2xx. Texts are safe to show.
struct Refused {
  int status = 0;
  std::vector<std::string> words;  ///< from `errors`
  std::string limit;               ///< X-RateLimit-Name, "" when there is none
  std::string request;             ///< "POST https://…"
};

/// Whose fault a 401 or 403 is: what GET /api/v1/validate, which needs the API key alone, said.
enum class ApiKey { valid, invalid, unknown };

/// Where the keys come from, for messages.
struct Keys {
  std::string api_key;  ///< "env DD_API_KEY"; "" when there is none
  std::string app_key;
  std::string site;                ///< "" when it is not known
  std::string unset_api_key = {};  ///< "env DD_API_KEY" when that is named and not set
  std::string unset_app_key = {};
};

/// RG1620: 401 or 403, which names the key or the scope that is missing.
core::Error forbidden_error(const std::string& who, const Need& need, const Refused& refused, ApiKey api_key, const Keys& keys);

/// RG1620: the application key is good, and lacks `scopes`, which `metrics` need.
core::Error scope_error(const std::string& who, const std::vector<std::string>& scopes, const std::string& metrics,
                        const Keys& keys);

/// RG1622: 400 and 422; RG1623: 404; RG1624: 429. nullopt for any other status.
std::optional<core::Error> refusal_error(const std::string& who, const Need& need, const Refused& refused);

/// RG1625: `status: "error"` of v1 at HTTP 200, in the server's `words`.
core::Error status_error_at_200(const std::string& who, const Need& need, const std::string& words, const std::string& request);

}  // namespace gate::sources::datadog
