#include "report/html_text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "report/layout.h"

namespace gate::report {

Values shown(std::string_view text) {
  return {core::printable(text)};
}

Values prose(std::string_view text) {
  return {with_fixed_spaces(core::printable(text))};
}

Values shown_lines(std::string_view text) {
  std::string out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find_first_of("\n\t", begin), text.size());
    out += core::printable(text.substr(begin, end - begin));
    if (end < text.size()) out += text[end];
    begin = end + 1;
  }
  return {out};
}

Values markup(const std::string& text) {
  return {text};
}

Values list_of(const std::vector<Values>& items) {
  Values out(Values::type::list);
  for (const Values& item : items) out << item;
  return out;
}

Values optional(std::string_view text) {
  return text.empty() ? Values(false) : prose(text);
}

bool is_web_url(std::string_view url) {
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  return web && url.find_first_of(" <>\"'`\\{}|^") == std::string_view::npos && core::printable(url) == url;
}

std::string fragment_of(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    out += plain ? c : '-';
  }
  return out;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string policy_hash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::array<unsigned char, std::size_t{2} * EVP_MAX_MD_SIZE> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(length));
  return "sha256-" + std::string(encoded.begin(), encoded.begin() + size);
}

}  // namespace gate::report
