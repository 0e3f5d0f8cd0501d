#include "sources/api_caller.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "core/text.h"
#include "sources/http_settings.h"

namespace gate::sources {
namespace {

std::string hint_with(std::string_view own, const std::string& reference) {
  return reference.empty() ? std::string(own) : fmt::format("{} ({})", own, reference);
}

}  // namespace

struct JsonAnswer::Document {
  Document(std::string text, const std::string& place)
      : body(std::move(text)), root(parse_json(parser, body, place, kAnswerFaults)) {}
  std::string body;
  simdjson::dom::parser parser;
  JsonAt root;
};

JsonAnswer::JsonAnswer(std::string body, const std::string& place)
    : document_(std::make_unique<const Document>(std::move(body), place)) {}
JsonAnswer::JsonAnswer(JsonAnswer&& other) noexcept = default;
JsonAnswer& JsonAnswer::operator=(JsonAnswer&& other) noexcept = default;
JsonAnswer::~JsonAnswer() = default;

const JsonAt& JsonAnswer::root() const {
  return document_->root;
}

http::Request get_request(std::shared_ptr<const http::Endpoint> endpoint, std::string path, Parameters parameters) {
  http::Request request;
  request.endpoint = std::move(endpoint);
  request.path = std::move(path);
  request.parameters = std::move(parameters);
  return request;
}

http::Request post_request(std::shared_ptr<const http::Endpoint> endpoint, std::string path, std::string body) {
  http::Request request;
  request.endpoint = std::move(endpoint);
  request.method = "POST";
  request.path = std::move(path);
  request.body = std::move(body);
  request.content_type = "application/json";
  return request;
}

ApiCaller::ApiCaller(const ApiSystem& system, http::Endpoint endpoint, http::Client* client)
    : system_(system), endpoint_(std::make_shared<const http::Endpoint>(std::move(endpoint))), client_(client) {}

bool ApiCaller::is_replaying() const {
  return client_->tape() != nullptr && client_->tape()->mode() == http::TapeMode::replay;
}

void ApiCaller::use_bearer(const core::Secret& token) {
  if (endpoint_->bearer.reveal() == token.reveal()) return;
  auto endpoint = std::make_shared<http::Endpoint>(*endpoint_);
  endpoint->bearer = token;
  endpoint_ = std::move(endpoint);
}

void ApiCaller::use_header(const std::string& name, const core::Secret& value) {
  auto endpoint = std::make_shared<http::Endpoint>(*endpoint_);
  std::erase_if(endpoint->headers, [&](const auto& header) { return header.first == name; });
  endpoint->headers.emplace_back(name, value);
  endpoint_ = std::move(endpoint);
}

http::Request ApiCaller::get(std::string path, Parameters parameters) const {
  return get_request(endpoint_, std::move(path), std::move(parameters));
}

http::Request ApiCaller::post(std::string path, std::string body) const {
  return post_request(endpoint_, std::move(path), std::move(body));
}

http::Task<http::Response> ApiCaller::send(core::Answer& answer, http::Request request) const {
  http::Task<http::Response> sending = client_->send(std::move(request));
  http::Response response = co_await sending;
  answer.requests.push_back(response.log);
  co_return response;
}

http::Task<http::Response> ApiCaller::ask(core::Answer& answer, http::Request request) const {
  http::Task<http::Response> sending = send(answer, request);
  http::Response response = co_await sending;
  check(request, response);
  co_return response;
}

void ApiCaller::check(const http::Request& request, const http::Response& response) const {
  if (response.status < 200 || response.status >= 300) throw core::SourceError(refusal(request, response));
  require_no_page(response);
}

JsonAnswer ApiCaller::json_in(http::Response response, std::string_view path) const {
  return {std::move(response.body), fmt::format("{}: {}", endpoint_->name, path)};
}

http::Task<JsonAnswer> ApiCaller::ask_json(core::Answer& answer, http::Request request) const {
  const std::string path = request.path;
  http::Task<http::Response> asking = ask(answer, std::move(request));
  http::Response response = co_await asking;
  co_return json_in(std::move(response), path);
}

void ApiCaller::require_no_page(const http::Response& response) const {
  if (!http::is_html(response)) return;
  throw error("RG1903", fmt::format("the server answered with a web page instead of an answer of {}", system_.name),
              "a login page or a proxy's: check `url`, and whether a credential is needed",
              {response.log.method + " " + response.log.url});
}

core::Error ApiCaller::refusal(const http::Request& request, const http::Response& response) const {
  core::Error error = http::status_error(request, response, client_->redactor());
  const std::string& reference = endpoint_->credential_reference;
  if (error.code == "RG1101" && !system_.credential.empty()) error.hint = hint_with(system_.credential, reference);
  if (error.code == "RG1103" && !system_.permission.empty()) error.hint = hint_with(system_.permission, reference);
  if (error.code == "RG1104" && !system_.address.empty()) error.hint = system_.address;
  return error;
}

core::SourceError ApiCaller::error(std::string code, std::string_view message, std::string hint,
                                   std::vector<std::string> context) const {
  return core::SourceError(
      {std::move(code), fmt::format("{}: {}", endpoint_->name, message), std::move(hint), std::move(context), {}});
}

std::string ApiCaller::shown(std::string_view text) const {
  return sources::shown(*client_, text);
}

void PageChain::follow(const std::string& cursor) {
  if (!seen_.insert(cursor).second) {
    throw caller_.error("RG1904",
                        fmt::format("{} led to the same page twice, after {} pages", caller_.system().name, seen_.size() + 1),
                        "the pages would never end, so nothing is counted; this is a fault of the server's: run the gate again",
                        {"the page: " + caller_.shown(cursor)});
  }
  if (seen_.size() >= most_) {
    throw caller_.error("RG1905", fmt::format("the answer has more than {} pages", most_),
                        "narrow the question, or shorten the window");
  }
}

}  // namespace gate::sources
