// HttpSettings: the keys that every source behind HTTP shares, and the endpoint that they describe. Not for what a source asks.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/settings.h"
#include "http/client.h"

namespace gate::sources {

/// `own` followed by the keys of every HTTP source: headers, timeout, retries, concurrency, max_response_bytes, ca_file,
/// client_cert, client_key, proxy, insecure and allow_plaintext.
std::vector<core::KeySpec> with_http_keys(std::vector<core::KeySpec> own);

/// Offline checks of a source's `url` and of the keys that with_http_keys() adds. RG0520: no usable URL; RG0521: a number out
/// of range; RG0522: client_cert without client_key, or the reverse; RG0523: a credential that would travel unencrypted.
core::Diagnostics check_http_settings(const core::Settings& settings);

/// The server that `settings` describe, at `usual_url` when they name no `url`; `id` is the source's name, `directory` where
/// relative file names start. Credentials beyond `headers` (tokens, passwords) are the caller's to add.
http::Endpoint make_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory,
                             const std::string& usual_url = "");

/// RG1910: `token` beside `user`, or one of `user` and `password` without the other.
void check_login(core::Diagnostics& diagnostics, const core::Settings& settings);

/// The secret of `key`, which `endpoint` from now on names when the server refuses it; empty when there is none.
core::Secret take_credential(http::Endpoint& endpoint, const core::Settings& settings, std::string_view key);

/// `user` and `password` as basic authentication.
void use_password(http::Endpoint& endpoint, const core::Settings& settings);

/// `secret` behind `prefix` ("Token token="). Empty when it is empty.
core::Secret prefixed(std::string_view prefix, const core::Secret& secret);

/// The secret of `key` in the header `name`, which is neither basic authentication nor a bearer's: behind `prefix`. Nothing is
/// sent when it is empty.
void use_header(http::Endpoint& endpoint, const core::Settings& settings, std::string_view key, const std::string& name,
                std::string_view prefix = "");

/// `text` of a server, safe to show: redacted, printable, at most 300 bytes.
std::string shown(const http::Client& client, std::string_view text);

}  // namespace gate::sources
