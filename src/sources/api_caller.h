// ApiCaller: one vendor's API over the client: sends, keeps the log, and turns everything that is no answer of it into an
// error. Knows no vendor; what is asked and what an answer means is the source's.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/samples.h"
#include "http/client.h"
#include "sources/json_at.h"

namespace gate::sources {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// How a vendor's API is called, and what helps against its refusals: one clause each, "" for what holds of any server.
struct ApiSystem {
  std::string_view name;        ///< "Zendesk"
  std::string_view credential;  ///< for HTTP 401: "the token of an agent, and the e-mail address that it belongs to"
  std::string_view permission;  ///< for HTTP 403: "the token's user needs to see all tickets"
  std::string_view address;     ///< for HTTP 404: "check `subdomain`"
};

/// A JSON answer, with everything that its values point into.
class JsonAnswer {
 public:
  /// RG1901: `body` is not JSON, or was cut off. `place` is the beginning of every place in it: "desk: /api/v2/search/count".
  JsonAnswer(std::string body, const std::string& place);

  JsonAnswer(JsonAnswer&& other) noexcept;
  JsonAnswer& operator=(JsonAnswer&& other) noexcept;
  ~JsonAnswer();

  [[nodiscard]] const JsonAt& root() const;

 private:
  /// Private to the source file: the size of a parser depends on how its library was configured.
  struct Document;
  std::unique_ptr<const Document> document_;
};

http::Request get_request(std::shared_ptr<const http::Endpoint> endpoint, std::string path, Parameters parameters = {});
/// `body` is JSON. Idempotent: a question, however it is sent.
http::Request post_request(std::shared_ptr<const http::Endpoint> endpoint, std::string path, std::string body);

class ApiCaller {
 public:
  /// `system` lives as long as the program. `client` may be nullptr when nothing is sent.
  ApiCaller(const ApiSystem& system, http::Endpoint endpoint, http::Client* client);

  [[nodiscard]] const http::Endpoint& endpoint() const { return *endpoint_; }
  [[nodiscard]] const std::string& id() const { return endpoint_->name; }
  [[nodiscard]] const ApiSystem& system() const { return system_; }
  [[nodiscard]] http::Client& client() const { return *client_; }
  /// A replay sends nothing, and so needs no token.
  [[nodiscard]] bool is_replaying() const;

  /// From now on requests carry `token` as their bearer.
  void use_bearer(const core::Secret& token);
  /// From now on requests carry the credential `value` in the header `name`.
  void use_header(const std::string& name, const core::Secret& value);

  [[nodiscard]] http::Request get(std::string path, Parameters parameters = {}) const;
  [[nodiscard]] http::Request post(std::string path, std::string body) const;

  /// The answer, of any status; its request is in the log of `answer`.
  http::Task<http::Response> send(core::Answer& answer, http::Request request) const;
  /// The answer to `request` when it is 2xx and no web page. Throws core::SourceError: RG11xx, with the hints of the system;
  /// RG1903 a web page; RG10xx from the transport.
  http::Task<http::Response> ask(core::Answer& answer, http::Request request) const;
  /// The JSON in it. Throws as ask(), and RG1901.
  http::Task<JsonAnswer> ask_json(core::Answer& answer, http::Request request) const;
  /// The JSON in an answer that ask() or send() gave to a request for `path`. Throws RG1901.
  [[nodiscard]] JsonAnswer json_in(http::Response response, std::string_view path) const;

  /// Throws what ask() throws, for an answer that send() gave.
  void check(const http::Request& request, const http::Response& response) const;
  /// What an answer that is not 2xx means, in words that name what to mend: to be thrown when it is none that a source
  /// understands.
  [[nodiscard]] core::Error refusal(const http::Request& request, const http::Response& response) const;
  /// Throws core::SourceError RG1903 when `response`, which is 2xx, is a web page.
  void require_no_page(const http::Response& response) const;
  /// An error about this source: "ID: message".
  [[nodiscard]] core::SourceError error(std::string code, std::string_view message, std::string hint,
                                        std::vector<std::string> context = {}) const;
  /// Text of the server, safe to show.
  [[nodiscard]] std::string shown(std::string_view text) const;

 private:
  const ApiSystem& system_;
  std::shared_ptr<const http::Endpoint> endpoint_;
  http::Client* client_;
};

/// Follows a chain of pages, and ends one that would never end.
class PageChain {
 public:
  /// More pages than `most` are no question about one release.
  explicit PageChain(const ApiCaller& caller, std::size_t most = 10000) : caller_(caller), most_(most) {}

  /// Before the page that `cursor` leads to is asked for. Throws core::SourceError: RG1904, the cursor was there already;
  /// RG1905, too many pages.
  void follow(const std::string& cursor);

 private:
  const ApiCaller& caller_;
  std::size_t most_;
  std::set<std::string> seen_;
};

}  // namespace gate::sources
