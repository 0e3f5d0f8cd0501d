// Where a redirect leads, and whether we go there: pure. Credentials never leave the origin they were configured for.
#pragma once

#include <set>
#include <string>

#include "core/result.h"
#include "http/url.h"

namespace gate::http {

inline constexpr std::size_t kMostRedirects = 5;

enum class BodyFate { keep, drop };

/// One request of a chain of redirects.
struct Hop {
  std::string method;
  Url url;
  BodyFate body = BodyFate::keep;
};

/// True for the statuses that redirect: 301, 302, 303, 307, 308.
bool is_redirect(int status);

/// The request that follows `from` after `status` with the Location header `location`. 307 and 308 keep method and body; 303
/// turns all but HEAD into GET; so do 301 and 302 with a POST, unless it is `idempotent`: a query by POST behind a rewritten
/// path stays one. `visited` holds "METHOD URL" of the chain so far, `from` included. `who` begins the messages (the source's
/// name). RG1030: another scheme, host or port (the target's host is named). RG1031: a loop, or more than 5 redirects. RG1032:
/// no usable Location.
core::Result<Hop> follow(const std::string& who, const Hop& from, int status, const std::string& location, bool idempotent,
                         const std::set<std::string>& visited);

/// "POST http://localhost/x": the key of `visited`.
std::string visit_key(const Hop& hop);

}  // namespace gate::http
