// Chat: the message to a Slack or a Teams channel, and the address of a webhook, which is a secret as a whole.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/report.h"
#include "core/result.h"
#include "http/client.h"
#include "publish/surroundings.h"

namespace gate::publish {

/// Metrics that a message shows; the others are counted.
inline constexpr std::size_t kMostChatRows = 8;

/// Where a webhook listens: the origin as an endpoint, and what comes after it, which nobody may see.
struct Hook {
  std::shared_ptr<const http::Endpoint> endpoint;
  core::Secret path;                 ///< with the query
  std::vector<core::Secret> pieces;  ///< of it that are long enough to be secrets of their own
};

/// From the variable `name`. RG3001: it is not set. RG3002: it is no address, or one that is not encrypted and not of this
/// machine.
core::Result<Hook> hook_of(const Surroundings& surroundings, const std::string& who, const std::string& name);

/// POST of `body` with `headers`; `repeatable` when the receiver tells a repetition from a new one. Throws core::SourceError.
enum class Repeat { never, harmless };
http::Task<http::Response> post_hook(http::Client& client, const Hook& hook, std::string body, http::Request base,
                                     Repeat repeat);

/// Block Kit, for an incoming webhook: verdict, reason, what to do, the metrics that need an eye, a link. Text from outside can
/// mention nobody, link nowhere and format nothing. https://docs.slack.dev/messaging/formatting-message-text/
std::string slack_message(const core::Report& report, const std::string& report_url);
/// An Adaptive Card 1.5 in the envelope of a workflow's webhook; text from outside stands in text runs, which know no markup.
/// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
std::string teams_message(const core::Report& report, const std::string& report_url);

http::Task<void> post_slack(http::Client& client, const Hook& hook, std::string message);
http::Task<void> post_teams(http::Client& client, const Hook& hook, std::string message);

}  // namespace gate::publish
