#include "publish/webhook.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "http/base64.h"
#include "http/digest.h"
#include "publish/ask.h"
#include "publish/history.h"
#include "report/json.h"

namespace gate::publish {

std::string webhook_signature(const core::Secret& secret, const std::string& id, std::int64_t unix_seconds,
                              const std::string& body) {
  constexpr std::string_view kPrefix = "whsec_";
  std::string key(secret.reveal());
  if (key.starts_with(kPrefix)) key = http::base64_decode(key.substr(kPrefix.size())).value_or(key);
  return "v1," + http::base64_encode(http::hmac_sha256(key, fmt::format("{}.{}.{}", id, unix_seconds, body)));
}

http::Task<void> post_webhook(http::Client& client, const Hook& hook, const core::Secret& secret, const core::Report& report,
                              core::Time now) {
  client.protect(secret);
  const std::string id = "msg_" + report_key(report);
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string body = report::to_json(report);
  http::Request request;
  request.headers = {{"webhook-id", id},
                     {"webhook-timestamp", std::to_string(seconds)},
                     {"webhook-signature", webhook_signature(secret, id, seconds, body)}};
  http::Task<http::Response> posting = post_hook(client, hook, std::move(body), std::move(request), Repeat::harmless);
  const http::Response response = co_await posting;
  if (response.status >= 200 && response.status < 300) co_return;
  http::Request shown;
  shown.endpoint = hook.endpoint;
  const Hints hints{"does the receiver know the secret of RELEASE_GATE_WEBHOOK_SECRET?", "is RELEASE_GATE_WEBHOOK_URL whole?",
                    "its words say what it does not take"};
  core::Error error = refused(client, shown, response, hints);
  throw core::SourceError(std::move(error));
}

}  // namespace gate::publish
