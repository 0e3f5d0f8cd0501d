// GoogleToken: access tokens of Google Cloud, from a service account's key or from the metadata server of a machine there. For
// every source behind Google's APIs; knows none of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"
#include "http/client.h"

namespace gate::sources {

/// What a service account's key file says.
struct GoogleKey {
  std::string email;
  std::string key_id;
  core::Secret private_key;  ///< PEM
  std::string token_url;
};

/// `text` is the JSON of a service account's key. RG0527: it is not one, or its token_uri is neither https nor loopback; no
/// part of it is repeated in the message.
core::Result<GoogleKey> parse_google_key(const core::Secret& text);

/// A signed assertion (RFC 7523, RS256) that asks for `scope` for an hour from `now`. RG0527 when the private key cannot be
/// read. https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
core::Result<core::Secret> google_assertion(const GoogleKey& key, std::string_view scope, core::Time now);

/// One identity and one scope. Tokens are asked for when they are needed and kept until a minute before they end; concurrent
/// askers share one request. Nothing of it is recorded.
class GoogleToken {
 public:
  /// Of a service account, whose key file `key` is read when a token is first needed. `source` is the source's name, for
  /// messages.
  GoogleToken(std::string source, std::string scope, core::Secret key);
  /// Of the machine. `host` is the metadata server ("metadata.google.internal", or what GCE_METADATA_HOST says).
  /// https://cloud.google.com/compute/docs/access/authenticate-workloads
  GoogleToken(std::string source, std::string scope, const std::string& host);

  /// Throws core::SourceError: RG0527 from parse_google_key, RG1330 when Google refuses, RG1331 when the answer holds no token,
  /// RG10xx from the transport.
  http::Task<core::Secret> get(http::Client& client);

 private:
  [[nodiscard]] http::Request request(core::Time now);
  void open_key();
  core::Secret take(const http::Request& request, const http::Response& response, core::Time now, http::Client& client);

  std::string source_;
  std::string scope_;
  core::Secret key_text_;
  std::optional<GoogleKey> key_;
  std::shared_ptr<const http::Endpoint> endpoint_;
  core::Secret assertion_;
  core::Time assertion_ends_{};
  core::Secret token_;
  core::Time token_ends_{};
};

/// The host of the metadata server: `override_host` when it is not empty, else Google's name for it.
std::string google_metadata_host(std::string_view override_host);

}  // namespace gate::sources
