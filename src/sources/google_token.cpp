#include "sources/google_token.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "http/base64.h"
#include "http/url.h"
#include "sources/http_settings.h"

namespace gate::sources {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::hours kAssertionLife{1};
constexpr std::chrono::minutes kSpare{1};
constexpr const char* kMetadataPath = "/computeMetadata/v1/instance/service-accounts/default/token";

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

core::Error bad_key(std::string why) {
  return {"RG0527",
          "the key of the service account cannot be used: " + std::move(why),
          "give the JSON file that `gcloud iam service-accounts keys create` writes",
          {},
          {}};
}

/// Base64 for URLs without padding, RFC 4648 section 5.
std::string base64_url(std::string_view bytes) {
  std::string text = http::base64_encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

/// A protected key would make OpenSSL ask on the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

std::optional<std::string> sign_rs256(std::string_view pem, std::string_view text) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<EVP_PKEY, Free> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return std::nullopt;
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t length = 0;
  const bool ready = EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                     EVP_DigestSign(context.get(), nullptr, &length, bytes, text.size()) == 1;
  if (!ready) return std::nullopt;
  std::string signature(length, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &length, bytes, text.size()) != 1) return std::nullopt;
  signature.resize(length);
  return signature;
}

core::Time system_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

std::int64_t seconds_of(core::Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::shared_ptr<http::Endpoint> endpoint_for(const std::string& source, std::string url) {
  auto endpoint = std::make_shared<http::Endpoint>();
  endpoint->name = source;
  endpoint->url = std::move(url);
  endpoint->timeout = std::chrono::seconds(5);
  endpoint->retries = 2;
  return endpoint;
}

bool is_safe(const std::string& token_url) {
  const auto url = http::parse_url(token_url);
  return url.ok() && (url->scheme == "https" || http::is_loopback(*url));
}

}  // namespace

core::Result<GoogleKey> parse_google_key(const core::Secret& text) {
  const Json json = Json::parse(text.reveal(), nullptr, false);
  if (!json.is_object()) return bad_key("it is not a JSON object");
  const auto field = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (field("type") != "service_account") return bad_key("its `type` is not \"service_account\"");
  GoogleKey key;
  key.email = field("client_email");
  key.key_id = field("private_key_id");
  key.private_key = core::Secret(field("private_key"), text.name());
  key.token_url = field("token_uri");
  if (key.email.empty() || key.private_key.empty()) return bad_key("it has no `client_email` or no `private_key`");
  if (key.token_url.empty()) key.token_url = "https://oauth2.googleapis.com/token";
  if (!is_safe(key.token_url)) return bad_key("its `token_uri` is no https address");
  return key;
}

core::Result<core::Secret> google_assertion(const GoogleKey& key, std::string_view scope, core::Time now) {
  Json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key.key_id.empty()) header["kid"] = key.key_id;
  const Json claims = {{"iss", key.email},
                       {"scope", scope},
                       {"aud", key.token_url},
                       {"iat", seconds_of(now)},
                       {"exp", seconds_of(now + kAssertionLife)}};
  const auto dump = [](const Json& json) { return base64_url(json.dump(-1, ' ', false, Json::error_handler_t::replace)); };
  const std::string text = dump(header) + "." + dump(claims);
  const auto signature = sign_rs256(key.private_key.reveal(), text);
  if (!signature) return bad_key("its `private_key` is no RSA key in PEM form");
  return core::Secret(text + "." + base64_url(*signature), "assertion for Google");
}

GoogleToken::GoogleToken(std::string source, std::string scope, core::Secret key)
    : source_(std::move(source)), scope_(std::move(scope)), key_text_(std::move(key)) {}

GoogleToken::GoogleToken(std::string source, std::string scope, const std::string& host)
    : source_(std::move(source)), scope_(std::move(scope)), endpoint_(endpoint_for(source_, "http://" + host)) {}

void GoogleToken::open_key() {
  if (key_ || key_text_.empty()) return;
  auto key = parse_google_key(key_text_);
  if (!key) throw core::SourceError(key.error());
  key_ = std::move(key).value();
  endpoint_ = endpoint_for(source_, key_->token_url);
}

http::Request GoogleToken::request(core::Time now) {
  http::Request request;
  request.endpoint = endpoint_;
  request.reuse = http::Reuse::never;
  request.taping = http::Taping::never;
  if (!key_) {
    request.path = kMetadataPath;
    request.parameters = {{"scopes", scope_}};
    request.headers = {{"Metadata-Flavor", "Google"}};
    return request;
  }
  // One assertion for all who ask at once: the client sends identical requests once.
  if (assertion_.empty() || assertion_ends_ - kSpare <= now) {
    auto assertion = google_assertion(*key_, scope_, now);
    if (!assertion) throw core::SourceError(assertion.error());
    assertion_ = std::move(assertion).value();
    assertion_ends_ = now + kAssertionLife;
  }
  request.method = "POST";
  request.parameters = {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                        {"assertion", std::string(assertion_.reveal())}};
  return request;
}

http::Task<core::Secret> GoogleToken::get(http::Client& client) {
  const core::Time now = system_now();
  if (!token_.empty() && now < token_ends_ - kSpare) co_return token_;
  open_key();
  http::Request asked = request(now);
  if (key_) client.protect(assertion_);
  if (key_) client.protect(key_->private_key);
  std::optional<core::Error> failure;
  http::Response response;
  try {
    http::Task<http::Response> sending = client.send(asked);
    response = co_await sending;
  } catch (const core::SourceError& error) {
    failure = error.error();
  }
  if (failure) {
    failure->context.insert(failure->context.begin(), "while asking for an access token of Google");
    if (!key_) failure->hint = "is this a machine of Google Cloud? Elsewhere give `google_key`";
    throw core::SourceError(std::move(*failure));
  }
  co_return take(asked, response, now, client);
}

core::Secret GoogleToken::take(const http::Request& asked, const http::Response& response, core::Time now,
                               http::Client& client) {
  if (response.status != 200) {
    core::Error error = http::status_error(asked, response, client.redactor());
    error.code = "RG1330";
    error.message = fmt::format("{}: Google gives no access token (HTTP {})", source_, response.status);
    error.hint = key_ ? "is the key of the service account still valid, and this machine's clock right?"
                      : "does the machine have a service account?";
    throw core::SourceError(std::move(error));
  }
  const Json json = Json::parse(response.body, nullptr, false);
  const bool whole = json.is_object() && json.contains("access_token") && json["access_token"].is_string() &&
                     json.contains("expires_in") && json["expires_in"].is_number();
  if (!whole || json["access_token"].get_ref<const std::string&>().empty()) {
    throw core::SourceError({"RG1331",
                             fmt::format("{}: the answer of {} holds no access token", source_, asked.endpoint->url),
                             key_ ? "check `token_uri` in the key" : "check GCE_METADATA_HOST",
                             {response.log.method + " " + response.log.url},
                             {}});
  }
  token_ = core::Secret(json["access_token"].get<std::string>(), "access token of Google");
  client.protect(token_);
  token_ends_ =
      now + std::chrono::seconds(static_cast<std::int64_t>(std::clamp(json["expires_in"].get<double>(), 0.0, 86400.0)));
  return token_;
}

std::string google_metadata_host(std::string_view override_host) {
  return override_host.empty() ? "metadata.google.internal" : std::string(override_host);
}

}  // namespace gate::sources
