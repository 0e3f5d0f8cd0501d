// DynatraceApi: how Dynatrace's environment API v2 is called: its keys, its token, what its errors mean. For every source
// behind it; knows none of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/question.h"
#include "core/settings.h"
#include "core/time.h"
#include "http/client.h"
#include "sources/api_caller.h"

namespace gate::sources {

/// For an ApiSystem: what helps against HTTP 401 and 404.
inline constexpr std::string_view kDynatraceCredential =
    "is `token` an access token of this environment (dt0c01.…), not expired and not disabled?";
inline constexpr std::string_view kDynatraceAddress =
    "check `url`, the environment: https://ENVIRONMENT.live.dynatrace.com, of Managed https://DOMAIN/e/ENVIRONMENT";

/// url, token, of whose scope `token_doc` tells, and the keys of every HTTP source.
std::vector<core::KeySpec> dynatrace_keys(std::string_view token_doc);

/// Offline checks of dynatrace_keys(). RG1910: an address of the user interface, or one that goes on into the API; and those of
/// check_http_settings().
core::Diagnostics check_dynatrace_settings(const core::Settings& settings);

/// The environment that `settings` describe.
/// https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication
http::Endpoint make_dynatrace_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory);

struct DynatraceAnswer {
  JsonAnswer json;
  std::optional<core::Time> answered_at;  ///< by the server's clock
};

/// The answer to `request`. Throws core::SourceError: those of ApiCaller::ask_json(), with Dynatrace's message and the
/// constraints that it says were violated; RG1940 when the request looks the metric `metric` ("": none) up, and it is not
/// there. https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-response-codes
http::Task<DynatraceAnswer> ask_dynatrace(const ApiCaller& caller, core::Answer& answer, http::Request request,
                                          std::string metric = "");

/// The instant that `value` has in milliseconds since 1970. RG1902 when it is none, or one after the year 5138.
core::Time dynatrace_time(const JsonAt& value);

/// What answers say beside their data.
struct DynatraceWarnings {
  std::vector<std::string> notes;    ///< that a feature is deprecated, in Dynatrace's words
  std::vector<std::string> partial;  ///< what makes the answer incomplete, or may do so: everything else

  /// Takes the `warnings` of `owner`, each once.
  void read(const JsonAt& owner);
  /// Puts them into the notes of `answer`. Throws core::SourceError RG1924 when there is a partial one, and such are errors.
  void report(const ApiCaller& caller, core::Answer& answer, const core::Question& question) const;
};

/// The parameters that lead to the page `key`: every other one beside it is refused.
Parameters dynatrace_page(const std::string& key);

}  // namespace gate::sources
