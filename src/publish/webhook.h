// Webhook: the JSON report to any receiver, signed as the Standard Webhooks specification has it, so that its libraries verify
// it. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
#pragma once

#include <string>

#include "core/report.h"
#include "core/secret.h"
#include "core/time.h"
#include "publish/chat.h"

namespace gate::publish {

/// "v1," and the base64 of HMAC-SHA256 over "ID.SECONDS.BODY". A secret that starts with "whsec_" is base64 after it, as the
/// specification serializes keys; any other is the key as it stands.
std::string webhook_signature(const core::Secret& secret, const std::string& id, std::int64_t unix_seconds,
                              const std::string& body);

/// POST of the JSON report with webhook-id (the same for every attempt and for the same report, so that a receiver can tell a
/// repetition), webhook-timestamp and webhook-signature. Throws core::SourceError.
http::Task<void> post_webhook(http::Client& client, const Hook& hook, const core::Secret& secret, const core::Report& report,
                              core::Time now);

}  // namespace gate::publish
