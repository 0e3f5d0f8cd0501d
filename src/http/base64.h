// Base64 (RFC 4648 section 4): for redaction and for bodies on tape that are no text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate::http {

/// With padding, without line breaks.
std::string base64_encode(std::string_view bytes);

/// nullopt when `text` is not what base64_encode writes.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace gate::http
