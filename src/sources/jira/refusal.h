// Refusal: what Jira says against a request, as an error that tells what to do.
#pragma once

#include <string>

#include "core/error.h"
#include "http/client.h"

namespace gate::sources::jira {

enum class Deployment { cloud, data_center };

/// The error behind an answer that is not 2xx. RG1701: the JQL is refused (`jql` is shown under the words); RG1703: the old
/// search of Jira Cloud, which is gone; the rest as http::status_error says it, with what Jira wants for it.
core::Error refusal_error(const http::Request& request, const http::Response& response, const http::Redactor& redactor,
                          const std::string& jql, Deployment deployment);

/// RG1702: the answer came, but not for the user whose credential was sent. `reason` is what gave it away.
core::Error anonymous_error(const http::Endpoint& endpoint, const std::string& reason);

/// "AUTHENTICATED_FAILED" or "AUTHENTICATION_DENIED" when Jira says so in X-Seraph-LoginReason; "" when it does not.
std::string failed_login(const http::Response& response);

}  // namespace gate::sources::jira
