// Aws: how Amazon's APIs with JSON bodies are called: the keys that sign, what an operation looks like, what a refusal means.
// For every source behind them; knows none of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/settings.h"
#include "http/client.h"
#include "sources/api_caller.h"

namespace gate::sources {

/// `own` followed by access_key, secret_key, session_token and the keys of every HTTP source.
std::vector<core::KeySpec> with_aws_keys(std::vector<core::KeySpec> own);

/// Offline checks of the keys that with_aws_keys() adds, and of `region` where there is one. RG1910: a region that is none,
/// access_key without secret_key or the reverse; and those of check_http_settings().
core::Diagnostics check_aws_settings(const core::Settings& settings);

/// "https://SERVICE.REGION.amazonaws.com", in China with its own ending.
std::string aws_url(std::string_view service, std::string_view region);

/// Signs what goes to `endpoint` for `service` in `region` (Signature Version 4) with the keys named, of which the last may be
/// absent. Without a key nothing is signed, and the server refuses.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
void sign_for_aws(http::Endpoint& endpoint, std::string_view region, std::string_view service, const core::Secret& access_key,
                  const core::Secret& secret_key, const core::Secret& session_token);

/// The endpoint that `settings` describe: at `url`, or at `usual_url` when there is none.
http::Endpoint make_aws_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory,
                                 std::string_view service, std::string_view region, const std::string& usual_url);

/// One call: its target ("GraniteServiceVersion20100801.GetMetricData") and the version of JSON that it speaks ("1.0", "1.1").
struct AwsOperation {
  std::string_view target;
  std::string_view json_version;
};

/// What `body` asks of `operation`.
http::Request aws_request(const ApiCaller& caller, const AwsOperation& operation, std::string body);

/// The answer to `request`. An answer that says that we are too fast (at HTTP 400, as it does) is waited out and asked for
/// again, `retries` times. Throws core::SourceError: RG1101 the keys are not accepted, RG1102 they are not set, RG1103 a
/// permission is missing, RG1920 still too fast, RG1921 the question is rejected, and those of ApiCaller::ask_json().
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
http::Task<JsonAnswer> ask_aws(const ApiCaller& caller, core::Answer& answer, http::Request request);

}  // namespace gate::sources
