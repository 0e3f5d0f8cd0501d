// The sentences for what goes wrong between us and a server (RG10xx), made from facts. Not for what the answers mean.
#pragma once

#include <string>

#include "core/error.h"
#include "http/loop.h"
#include "http/redactor.h"
#include "http/retry.h"
#include "http/transfer.h"

namespace gate::http {

/// What every error about a request says.
struct Asked {
  const Endpoint& endpoint;
  const Url& url;
  std::string method;
  std::string shown_url;  ///< redacted, with the parameters
  int attempts = 0;
  core::Duration elapsed{};
  std::string limit = {};  ///< what the server calls the limit we ran into (X-RateLimit-Name), safe to show
};

/// An error and what it means for asking again.
struct TransportError {
  core::Error error;
  Failure failure = Failure::permanent;
};

/// The error behind an exchange that failed: `arrival.code` is not CURLE_OK, or it was cut off as too large or stalled. Words
/// of the server and of libcurl are redacted and made printable.
TransportError transport_error(const Asked& asked, const Arrival& arrival, const Redactor& redactor);

/// RG1002 or RG1003: everything ends. `wake` is not Wake::done.
core::Error stop_error(const std::string& who, Wake wake, core::Duration deadline);

/// RG1040: "prom: rate-limited until 12:03:10 UTC, after the deadline at 12:02 UTC"; a server that is unavailable (5xx) and
/// says until when is called that.
core::Error rate_limited_error(const Asked& asked, int status, core::Time until, core::Time deadline);

/// Adds "GET http://…", attempts and elapsed time to `error`.
void add_request_facts(core::Error& error, const Asked& asked);

}  // namespace gate::http
