#include "sources/aws.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "sources/api_source.h"
#include "sources/http_settings.h"

namespace gate::sources {
namespace {

using core::KeySpec;
using core::KeyType;

constexpr core::Duration kFirstPause{500};

/// What an answer that is no 2xx says of itself: "ThrottlingException", and in words.
struct AwsRefusal {
  std::string type;
  std::string words;
};

/// "com.amazonaws.x#AccessDenied:http://…" is "AccessDenied".
std::string bare(std::string type) {
  if (const auto mark = type.rfind('#'); mark != std::string::npos) type.erase(0, mark + 1);
  return type.substr(0, type.find(':'));
}

AwsRefusal refusal_in(const http::Response& response) {
  AwsRefusal out;
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  const auto text_of = [&](const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  out.type = bare(text_of("__type"));
  if (out.type.empty()) out.type = bare(text_of("code"));
  if (const auto header = response.headers.find("x-amzn-errortype"); out.type.empty() && header != response.headers.end())
    out.type = bare(header->second);
  out.words = text_of("message");
  if (out.words.empty()) out.words = text_of("Message");
  return out;
}

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 13> kNotAccepted = {"UnrecognizedClientException",
                                                           "InvalidClientTokenId",
                                                           "InvalidClientTokenIdException",
                                                           "InvalidSignatureException",
                                                           "SignatureDoesNotMatch",
                                                           "ExpiredTokenException",
                                                           "ExpiredToken",
                                                           "RequestExpired",
                                                           "RequestTimeTooSkewed",
                                                           "MissingAuthenticationToken",
                                                           "MissingAuthenticationTokenException",
                                                           "IncompleteSignature",
                                                           "IncompleteSignatureException"};
constexpr std::array<std::string_view, 5> kNotAllowed = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation",
                                                         "NotAuthorized", "OptInRequired"};
constexpr std::array<std::string_view, 6> kTooFast = {
    "Throttling",           "ThrottlingException",    "ThrottledException",
    "RequestLimitExceeded", "LimitExceededException", "TooManyRequestsException"};

std::string with_reference(std::string_view hint, const ApiCaller& caller) {
  const std::string& reference = caller.endpoint().credential_reference;
  return reference.empty() ? std::string(hint) : fmt::format("{} ({})", hint, reference);
}

core::SourceError meaning_of(const ApiCaller& caller, const http::Request& request, const http::Response& response) {
  const AwsRefusal refusal = refusal_in(response);
  const std::string said = refusal.words.empty() ? "" : "it said: " + caller.shown(refusal.words);
  std::vector<std::string> context = {fmt::format("{} {} (HTTP {}, {})", response.log.method, response.log.url, response.status,
                                                  core::printable(refusal.type))};
  if (!said.empty()) context.push_back(said);
  const http::Endpoint& endpoint = caller.endpoint();
  if (is_one_of(kNotAccepted, refusal.type) && endpoint.aws_sigv4.empty() && !endpoint.unset_credential.empty()) {
    return caller.error("RG1102",
                        fmt::format("{} wants keys, and {} is not set", caller.system().name, endpoint.unset_credential),
                        "set it where release-gate runs: an empty value counts as not set", std::move(context));
  }
  if (is_one_of(kNotAccepted, refusal.type)) {
    return caller.error("RG1101", fmt::format("{} does not accept the keys", caller.system().name),
                        with_reference(caller.system().credential, caller), std::move(context));
  }
  if (is_one_of(kNotAllowed, refusal.type)) {
    return caller.error("RG1103", fmt::format("the keys may not ask {} this", caller.system().name),
                        with_reference(caller.system().permission, caller), std::move(context));
  }
  if (is_one_of(kTooFast, refusal.type)) {
    return caller.error(
        "RG1920", fmt::format("{} throttles us, {} times in a row", caller.system().name, caller.endpoint().retries + 1),
        "others of the account may use its rate up; a larger `retries`, or a smaller `concurrency`", std::move(context));
  }
  if (response.status >= 400 && response.status < 500 && !refusal.type.empty()) {
    return caller.error("RG1921",
                        fmt::format("{} rejects the question: {}", caller.system().name,
                                    refusal.words.empty() ? core::printable(refusal.type) : caller.shown(refusal.words)),
                        "mend the keys of the metric in the gate file", std::move(context));
  }
  return core::SourceError(caller.refusal(request, response));
}

}  // namespace

std::vector<KeySpec> with_aws_keys(std::vector<KeySpec> own) {
  own.push_back({"access_key", KeyType::secret, "the id of the access key"});
  own.push_back({"secret_key", KeyType::secret, "the secret access key"});
  own.push_back({"session_token", KeyType::secret, "of temporary credentials (a role, a web identity)"});
  own.push_back({"url", KeyType::text, "another address than AWS's own: a VPC endpoint, or a server for tests"});
  return with_http_keys(std::move(own));
}

core::Diagnostics check_aws_settings(const core::Settings& settings) {
  core::Diagnostics diagnostics = check_http_settings(settings);
  const std::string region = settings.text("region").value_or("");
  const bool is_name = std::all_of(region.begin(), region.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (settings.has("region") && (region.empty() || !is_name)) {
    add_key_error(diagnostics, settings, "region", fmt::format("AWS has no region \"{}\"", core::printable(region)),
                  "for instance \"eu-west-1\"");
  }
  if (settings.has("access_key") != settings.has("secret_key")) {
    const bool has_access = settings.has("access_key");
    add_key_error(
        diagnostics, settings, has_access ? "access_key" : "secret_key",
        fmt::format("`{}` without `{}`", has_access ? "access_key" : "secret_key", has_access ? "secret_key" : "access_key"),
        "give both: { env = \"AWS_ACCESS_KEY_ID\" } and { env = \"AWS_SECRET_ACCESS_KEY\" }");
  }
  return diagnostics;
}

std::string aws_url(std::string_view service, std::string_view region) {
  return fmt::format("https://{}.{}.amazonaws.com{}", service, region, region.starts_with("cn-") ? ".cn" : "");
}

void sign_for_aws(http::Endpoint& endpoint, std::string_view region, std::string_view service, const core::Secret& access_key,
                  const core::Secret& secret_key, const core::Secret& session_token) {
  if (access_key.empty() || secret_key.empty()) return;
  endpoint.aws_sigv4 = fmt::format("aws:amz:{}:{}", region, service);
  endpoint.user = std::string(access_key.reveal());
  endpoint.password = secret_key;
  if (!session_token.empty()) endpoint.headers.emplace_back("X-Amz-Security-Token", session_token);
}

http::Endpoint make_aws_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory,
                                 std::string_view service, std::string_view region, const std::string& usual_url) {
  http::Endpoint endpoint = make_endpoint(id, settings, directory, usual_url);
  sign_for_aws(endpoint, region, service, settings.secret("access_key"), settings.secret("secret_key"),
               settings.secret("session_token"));
  if (const core::Setting* key = settings.find("secret_key")) endpoint.credential_reference = key->reference;
  return endpoint;
}

http::Request aws_request(const ApiCaller& caller, const AwsOperation& operation, std::string body) {
  http::Request request = caller.post("/", std::move(body));
  request.content_type = fmt::format("application/x-amz-json-{}", operation.json_version);
  request.headers = {{"X-Amz-Target", std::string(operation.target)}};
  request.reuse = http::Reuse::never;  // an answer that throttles us would be given again
  return request;
}

http::Task<JsonAnswer> ask_aws(const ApiCaller& caller, core::Answer& answer, http::Request request) {
  http::Response response;
  core::Duration pause = kFirstPause;
  for (int tries = 0;; ++tries, pause *= 2) {
    http::Task<http::Response> sending = caller.send(answer, request);
    response = co_await sending;
    const bool is_throttled = response.status == 400 && is_one_of(kTooFast, refusal_in(response).type);
    if (!is_throttled || tries >= caller.endpoint().retries) break;
    http::Task<void> sleeping = caller.client().sleep(pause);
    co_await sleeping;
  }
  if (response.status < 200 || response.status >= 300) throw meaning_of(caller, request, response);
  caller.require_no_page(response);
  co_return caller.json_in(std::move(response), request.path);
}

}  // namespace gate::sources
