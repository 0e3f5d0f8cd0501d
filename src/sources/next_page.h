// The request for a further page, where an answer holds its address.
#pragma once

#include <string>

#include "sources/api_caller.h"

namespace gate::sources {

/// The target of the answer's Link header that leads to the next page; "" on the last.
std::string next_link(const http::Response& response);

/// The request like `before` for the page at `target`, an absolute address or one relative to that of `before`. Throws
/// core::SourceError: RG1964, the page lies on another server, which must not get our credentials.
http::Request next_page(const ApiCaller& caller, const http::Request& before, const std::string& target);

}  // namespace gate::sources
