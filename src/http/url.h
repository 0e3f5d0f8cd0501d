// Url: the parts of an address that decisions hang on (origin, loopback), parsed by libcurl so that we and the transport never
// disagree. Not for templates or variables.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace gate::http {

/// An absolute http or https address without userinfo and fragment. `host` is in lower case, IPv6 in brackets; `port` is always
/// there; `path` starts with "/"; `query` is without its "?".
struct Url {
  std::string scheme;
  std::string host;
  std::string port;
  std::string path;
  std::string query;

  /// "http://localhost:9090": what must be equal for a credential to be sent.
  [[nodiscard]] std::string origin() const;
  /// "localhost:9090", for messages.
  [[nodiscard]] std::string host_and_port() const { return host + ":" + port; }
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Url&, const Url&) = default;
};

/// RG1051: not an absolute http or https URL. RG1052: it holds a user name or password (never repeated in the message).
core::Result<Url> parse_url(const std::string& text);

/// `reference` (absolute or relative) as seen from `base`, RFC 3986 section 5. Errors as parse_url.
core::Result<Url> resolve_url(const Url& base, const std::string& reference);

/// True for 127.0.0.0/8, ::1 and "localhost".
bool is_loopback(const Url& url);

/// Everything but RFC 3986's unreserved characters as %XX.
std::string percent_encode(std::string_view text);

/// "query=up&step=15": names and values percent-encoded, in the order given.
std::string encode_parameters(const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace gate::http
