#include "serve/credential.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "http/base64.h"
#include "http/digest.h"

namespace gate::serve {
namespace {

/// Digests are compared, so that neither the length nor the first different byte shows in the time.
bool is_same(std::string_view given, std::string_view wanted) {
  const std::string left = http::sha256_hex(given);
  const std::string right = http::sha256_hex(wanted);
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
  return difference == 0;
}

/// What follows `scheme` and blanks; schemes are compared without case (RFC 9110 section 11.1).
std::optional<std::string_view> credentials_of(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  const bool same = std::equal(scheme.begin(), scheme.end(), header.begin(),
                               [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  if (!same) return std::nullopt;
  header.remove_prefix(scheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

}  // namespace

bool is_authorized(std::string_view authorization, const core::Secret& token) {
  if (token.empty()) return true;
  if (const auto bearer = credentials_of(authorization, "bearer")) return is_same(*bearer, token.reveal());
  const auto basic = credentials_of(authorization, "basic");
  const auto pair = basic ? http::base64_decode(*basic) : std::nullopt;
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  return colon != std::string::npos && is_same(std::string_view(*pair).substr(colon + 1), token.reveal());
}

}  // namespace gate::serve
