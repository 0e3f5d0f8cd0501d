// Credential: whether a request may ask. Not for what it may ask: that is ask.h's.
#pragma once

#include <string>
#include <string_view>

#include "core/secret.h"

namespace gate::serve {

/// A token shorter than this is refused at the start: it can be guessed.
constexpr std::size_t kShortestToken = 16;

/// Whether `authorization` (the value of that header) holds `token`, as `Bearer TOKEN` (RFC 6750) or as the password of `Basic`
/// (RFC 7617), which is what a client makes of http://any:TOKEN@host. Takes the same time whatever the token's bytes. Always
/// true for an empty `token`: none is asked for.
bool is_authorized(std::string_view authorization, const core::Secret& token);

}  // namespace gate::serve
