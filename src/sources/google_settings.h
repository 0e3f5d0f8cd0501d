// GoogleSettings: the keys that every source behind Google's APIs shares, and a source that carries a token of theirs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/settings.h"
#include "sources/api_source.h"
#include "sources/google_token.h"

namespace gate::sources {

/// `own` followed by google_key, google_metadata, url and the keys of every HTTP source.
std::vector<core::KeySpec> with_google_keys(std::vector<core::KeySpec> own);

/// RG0527: `google_key` holds what can be seen to be no key. In a replay a mask stands in its place, which is no JSON and is
/// not needed.
std::optional<core::Error> google_key_error(const core::Settings& settings);

/// Offline checks of the keys that with_google_keys() adds. RG0524: both or none of google_key and google_metadata; RG0527; and
/// those of check_http_settings().
core::Diagnostics check_google_settings(const core::Settings& settings);

/// The identity that `settings` name, for `scope`; nullptr when there is none.
std::unique_ptr<GoogleToken> make_google_token(const std::string& id, const core::Settings& settings, const std::string& scope);

/// The endpoint that `settings` describe: at `url`, or at `usual_url` when there is none.
http::Endpoint make_google_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory,
                                    const std::string& usual_url);

/// A source whose requests carry an access token of Google's.
class GoogleSource : public ApiSource {
 public:
  GoogleSource(const ApiSystem& system, http::Endpoint endpoint, std::unique_ptr<GoogleToken> token,
               const core::Settings& settings, const SourceContext& context);

 protected:
  /// Puts a current token into the endpoint. A replay sends nothing, and so needs none.
  http::Task<void> authorize(core::Answer& answer) override;

 private:
  std::unique_ptr<GoogleToken> token_;
};

}  // namespace gate::sources
