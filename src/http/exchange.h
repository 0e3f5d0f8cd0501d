// How a question and its answer look on tape. Not for files: that is Tape's.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "http/client.h"
#include "http/job.h"
#include "http/retry.h"

namespace gate::http {

/// The identity of a request: source name, method, URL with its parameters, body, and the headers that are no credentials. All
/// of it comes from the gate file, none from a secret. The same question of two sources is two questions, since their
/// credentials (a tenant) may differ and are not in here.
std::string encode_question(const Job& job);

/// What came of a request, as it is recorded: redacted by whoever received it. Bytes that are no UTF-8 survive.
struct Recorded {
  core::Result<Response> result;
  std::optional<core::Duration> skew;
};
std::string encode_answer(const Recorded& recorded);

/// The inverse; RG1081 when `text` is not what encode_answer writes.
core::Result<Recorded> decode_answer(const std::string& text);

/// `headers` without those that could hold a credential (cookies, tokens, keys, sessions, authentication).
Headers harmless_headers(Headers headers);

/// A copy with kBodyPadding bytes reserved behind the body.
Response copy_response(const Response& response);

}  // namespace gate::http
