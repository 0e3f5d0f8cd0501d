#include "http/redactor.h"

#include <algorithm>

#include "core/text.h"
#include "http/base64.h"
#include "http/url.h"

namespace gate::http {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::string_view kMask = "***";

std::string lower_hex(std::string text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '%') continue;
    for (std::size_t j = i + 1; j <= i + 2; ++j) {
      if (text[j] >= 'A' && text[j] <= 'F') text[j] = static_cast<char>(text[j] - 'A' + 'a');
    }
  }
  return text;
}

/// The characters of a base64 text that depend on `secret` alone when it starts at a byte whose number leaves `offset`
/// modulo 3.
std::string base64_core(std::string_view secret, std::size_t offset) {
  const std::string whole = base64_encode(std::string(offset, '\0') + std::string(secret));
  const std::size_t first = (offset * 8 + 5) / 6;
  const std::size_t last = (offset + secret.size()) * 8 / 6;
  return whole.substr(first, last - first);
}

std::string json_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::vector<std::string> forms_of(const std::string& plain) {
  const std::string encoded = percent_encode(plain);
  const std::string form = core::replace_all(encoded, "%20", "+");
  std::vector<std::string> forms = {
      plain, json_escape(plain), core::replace_all(plain, "/", "\\/"), encoded, lower_hex(encoded), form, lower_hex(form)};
  for (std::size_t offset = 0; offset < 3; ++offset) {
    std::string standard = base64_core(plain, offset);
    std::string url_safe = standard;
    std::replace(url_safe.begin(), url_safe.end(), '+', '-');
    std::replace(url_safe.begin(), url_safe.end(), '/', '_');
    forms.push_back(percent_encode(standard));
    forms.push_back(std::move(standard));
    forms.push_back(std::move(url_safe));
  }
  return forms;
}

/// "http://user:password@host" -> "http://***@host".
std::string mask_userinfo(std::string text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"'<>\\,;)", begin), text.size());
    const std::size_t sign = text.rfind('@', end == 0 ? 0 : end - 1);
    if (sign == std::string::npos || sign < begin) continue;
    text.replace(begin, sign - begin, kMask);
  }
  return text;
}

}  // namespace

void Redactor::add(const core::Secret& secret) {
  if (secret.reveal().size() < kShortest) return;
  const std::string plain(secret.reveal());
  if (std::find(needles_.begin(), needles_.end(), plain) != needles_.end()) return;
  for (std::string& form : forms_of(plain)) {
    if (form.size() >= kShortest && std::find(needles_.begin(), needles_.end(), form) == needles_.end()) {
      needles_.push_back(std::move(form));
    }
  }
  // The longest first, so that a form is never left half standing because a part of it was masked before.
  std::stable_sort(needles_.begin(), needles_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Redactor::redact(std::string_view text) const {
  std::string out(text);
  for (const std::string& needle : needles_) {
    if (out.find(needle) != std::string::npos) out = core::replace_all(std::move(out), needle, kMask);
  }
  return mask_userinfo(std::move(out));
}

}  // namespace gate::http
