#include "http/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/text.h"

namespace gate::http {
namespace {

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlCleanup>;

std::string part(CURLU* url, CURLUPart which, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// What cannot be parsed may hold a password anywhere before its last "@".
std::string shown(const std::string& text) {
  const std::size_t sign = text.rfind('@');
  if (sign == std::string::npos) return text;
  const std::size_t scheme = text.find("://");
  return (scheme < sign ? text.substr(0, scheme + 3) : "") + "***" + text.substr(sign);
}

core::Error bad_url(const std::string& text, const std::string& why) {
  return {"RG1051",
          fmt::format("\"{}\" is not a usable URL: {}", core::shorten(core::printable(shown(text)), 200), why),
          "write an absolute address such as \"https://prometheus.example.org/prefix\"",
          {},
          {}};
}

core::Result<Url> read(CURLU* handle, const std::string& text) {
  Url url;
  url.scheme = part(handle, CURLUPART_SCHEME);
  if (url.scheme != "http" && url.scheme != "https") return bad_url(text, "only http and https are spoken");
  if (!part(handle, CURLUPART_USER).empty() || !part(handle, CURLUPART_PASSWORD).empty()) {
    return core::Error{"RG1052",
                       "the URL holds a user name or a password",
                       "take them out of the URL and give them as `user` and `password`, from the environment or a file",
                       {},
                       {}};
  }
  url.host = part(handle, CURLUPART_HOST);
  std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  url.port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.path = part(handle, CURLUPART_PATH);
  url.query = part(handle, CURLUPART_QUERY);
  if (url.host.empty()) return bad_url(text, "it has no host");
  return url;
}

/// Characters that would split the request line or a header.
bool has_control_or_space(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

core::Result<Url> parse(CURLU* handle, const std::string& text) {
  if (has_control_or_space(text)) return bad_url(text, "it holds a space or a control character");
  const CURLUcode code = curl_url_set(handle, CURLUPART_URL, text.c_str(), 0);
  if (code == CURLUE_BAD_SCHEME) return bad_url(text, "it has no scheme (http:// or https://)");
  if (code == CURLUE_UNSUPPORTED_SCHEME) return bad_url(text, "only http and https are spoken");
  if (code != CURLUE_OK) return bad_url(text, curl_url_strerror(code));
  return read(handle, text);
}

}  // namespace

std::string Url::origin() const {
  return scheme + "://" + host_and_port();
}

std::string Url::text() const {
  const bool default_port = (scheme == "http" && port == "80") || (scheme == "https" && port == "443");
  return scheme + "://" + host + (default_port ? "" : ":" + port) + path + (query.empty() ? "" : "?" + query);
}

core::Result<Url> parse_url(const std::string& text) {
  const UrlHandle handle(curl_url());
  return parse(handle.get(), text);
}

core::Result<Url> resolve_url(const Url& base, const std::string& reference) {
  const UrlHandle handle(curl_url());
  core::Result<Url> start = parse(handle.get(), base.text());
  if (!start.ok()) return start;
  return parse(handle.get(), reference);
}

bool is_loopback(const Url& url) {
  if (url.host == "localhost" || url.host == "[::1]") return true;
  // libcurl has written every form of an IPv4 address ("127.1", "0x7f000001") as four decimal numbers; a name such as
  // "127.example.org" must not pass.
  return url.host.starts_with("127.") && url.host.find_first_not_of("0123456789.") == std::string::npos;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4U];
      out += kHex[static_cast<unsigned char>(c) & 0x0FU];
    }
  }
  return out;
}

std::string encode_parameters(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += percent_encode(name) + '=' + percent_encode(value);
  }
  return out;
}

}  // namespace gate::http
