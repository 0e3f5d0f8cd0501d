// What is said about an answer that is not 2xx.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/client.h"
#include "http/job.h"

namespace gate::http {
namespace {

constexpr std::size_t kShownBytes = 200;

std::string_view skip_space(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

struct Kind {
  const char* code;
  std::string words;
  std::string hint;
};

/// Whether the credential that the gate file names has no value, and no other was sent.
bool lacks_credential(const Endpoint& endpoint) {
  const bool in_header = std::any_of(endpoint.headers.begin(), endpoint.headers.end(),
                                     [](const auto& header) { return !header.second.name().empty(); });
  return !endpoint.unset_credential.empty() && endpoint.bearer.empty() && endpoint.password.empty() && !in_header;
}

Kind kind_of(const Endpoint& endpoint, int status) {
  const std::string credential = endpoint.credential_reference;
  if (lacks_credential(endpoint) && (status == 401 || status == 403)) {
    return {"RG1102", fmt::format("wants a credential, and {} is not set", endpoint.unset_credential),
            "set it where release-gate runs: an empty value counts as not set"};
  }
  switch (status) {
    case 401:
      return {"RG1101", "does not accept the credential",
              credential.empty() ? "give the source a credential: none is configured"
                                 : "is " + credential + " set, valid and not expired?"};
    case 403:
      return {"RG1103", "refuses permission",
              credential.empty() ? "the source has no credential; the server wants one with read permission"
                                 : "give " + credential + " read permission for this data"};
    case 404:
      return {"RG1104", "knows no such address", "check `url`: a missing or doubled path prefix is the usual cause"};
    case 405:
      return {"RG1105", "does not accept this method", "a proxy between may allow only GET or only POST"};
    case 407:
      return {"RG1107", "is behind a proxy that wants a credential", "check `proxy`, or HTTPS_PROXY"};
    case 429:
      return {"RG1129", "is rate-limiting us", "lower the source's `concurrency`, or ask less often"};
    default:
      break;
  }
  if (status >= 500) return {"RG1150", "failed", "the server's own log says why"};
  if (status >= 400) return {"RG1100", "refuses the request", "its words, if there are any, say why"};
  return {"RG1130", "gave an unexpected answer", "check `url`: this is not how such a server answers"};
}

}  // namespace

bool is_html(const Response& response) {
  const std::string_view body = skip_space(response.body);
  if (starts_with_ignoring_case(body, "<!doctype html") || starts_with_ignoring_case(body, "<html")) return true;
  const auto type = response.headers.find("content-type");
  return type != response.headers.end() && starts_with_ignoring_case(type->second, "text/html") && body.starts_with('<');
}

core::Error status_error(const Request& request, const Response& response, const Redactor& redactor) {
  const Endpoint& endpoint = *request.endpoint;
  Kind kind = kind_of(endpoint, response.status);
  core::Error error;
  error.code = kind.code;
  error.message = fmt::format("{}: the server {} (HTTP {})", name_of(endpoint), kind.words, response.status);
  error.hint = std::move(kind.hint);
  error.context.push_back(response.log.method + " " + response.log.url);
  if (response.log.attempts > 1) error.context.push_back(fmt::format("{} attempts", response.log.attempts));
  if (is_html(response)) {
    error.context.emplace_back("it answered with a web page: a login page, or a proxy's error");
  } else if (!skip_space(response.body).empty()) {
    // Cut before it is searched: a long body is not worth the time, and a secret that is cut in two is cut again below.
    std::string text = redactor.redact(skip_space(response.body).substr(0, std::size_t{64} << 10U));
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    error.context.push_back("it said: " + core::shorten(core::printable(text), kShownBytes));
  }
  return error;
}

}  // namespace gate::http
