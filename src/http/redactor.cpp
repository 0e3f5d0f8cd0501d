#include "http/redactor.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/text.h"
#include "http/base64.h"
#include "http/url.h"

namespace gate::http {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::size_t kShortestNumber = 8;
constexpr std::size_t kShortestBase64 = 6;
constexpr std::size_t kBlock = 3;
constexpr std::size_t kLongestWindow = 200;
constexpr std::size_t kHashes = 1U << 16U;
constexpr std::string_view kMask = "***";

constexpr std::array<unsigned char, 256> make_fold() {
  std::array<unsigned char, 256> fold{};
  for (std::size_t c = 0; c < fold.size(); ++c) fold[c] = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return fold;
}
constexpr std::array<unsigned char, 256> kFold = make_fold();

unsigned char fold(char c) {
  return kFold[static_cast<unsigned char>(c)];
}

/// Of the three bytes that end at `end`.
std::size_t hash_block(const char* end) {
  return ((std::size_t{fold(end[-2])} << 10U) ^ (std::size_t{fold(end[-1])} << 5U) ^ fold(end[0])) & (kHashes - 1);
}

bool starts_with_folded(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(),
                                                   [](char a, char b) { return static_cast<unsigned char>(a) == fold(b); });
}

/// The characters of a base64 text that depend on `secret` alone when it starts at a byte whose number leaves `offset`
/// modulo 3.
std::string base64_core(std::string_view secret, std::size_t offset) {
  const std::string whole = base64_encode(std::string(offset, '\0') + std::string(secret));
  const std::size_t first = (offset * 8 + 5) / 6;
  const std::size_t last = (offset + secret.size()) * 8 / 6;
  return whole.substr(first, last - first);
}

using Escape = std::pair<char, std::string_view>;

std::string escape(std::string_view text, std::initializer_list<Escape> escapes) {
  std::string out;
  for (const char c : text) {
    const auto* found = std::find_if(escapes.begin(), escapes.end(), [c](const Escape& one) { return one.first == c; });
    if (found == escapes.end()) {
      out += c;
    } else {
      out += found->second;
    }
  }
  return out;
}

/// Percent-encoded but for the characters in `kept`: encoders differ in what they leave alone.
std::string percent_encode_but(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) out += kept.find(c) == std::string_view::npos ? percent_encode({&c, 1}) : std::string(1, c);
  return out;
}

std::string hexadecimal(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    out += kHex[static_cast<unsigned char>(c) >> 4U];
    out += kHex[static_cast<unsigned char>(c) & 0x0FU];
  }
  return out;
}

/// The ASCII character behind "\u0041" at `at`; nullopt when that is none.
std::optional<char> escaped_ascii(std::string_view text, std::size_t at) {
  constexpr std::string_view kZeros = "\\u00";
  if (text.substr(at, kZeros.size()) != kZeros || at + 6 > text.size()) return std::nullopt;
  int code = 0;
  const char* end = text.data() + at + 6;
  if (std::from_chars(end - 2, end, code, 16).ptr != end || code < 0x20 || code > 0x7E) return std::nullopt;
  return static_cast<char>(code);
}

/// JSON whose escapes of ASCII characters are written as briefly as they can be: the same document.
std::string with_brief_escapes(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    if (const auto plain = escaped_ascii(json, i)) {
      if (*plain == '"' || *plain == '\\') out += '\\';
      out += *plain;
      i += 6;
    } else {
      // A backslash takes the next character along: "\\u0041" is no escape of an A.
      const std::size_t length = json[i] == '\\' ? 2 : 1;
      out += json.substr(i, length);
      i += length;
    }
  }
  return out;
}

std::vector<std::string> forms_of(const std::string& plain) {
  const std::string encoded = percent_encode(plain);
  std::vector<std::string> forms = {
      plain,
      escape(plain, {{'"', "\\\""}, {'\\', "\\\\"}}),
      escape(plain, {{'"', "\\\""}, {'\\', "\\\\"}, {'/', "\\/"}}),
      // As Gson and others write JSON that is safe in a page.
      escape(plain, {{'"', "\\\""},
                     {'\\', "\\\\"},
                     {'=', "\\u003d"},
                     {'&', "\\u0026"},
                     {'<', "\\u003c"},
                     {'>', "\\u003e"},
                     {'\'', "\\u0027"},
                     {'+', "\\u002b"}}),
      escape(plain, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}),
      escape(plain, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&#34;"}, {'\'', "&#x27;"}}),
      encoded,
      core::replace_all(encoded, "%20", "+"),
      percent_encode_but(plain, "/"),
      percent_encode_but(plain, "!'()*"),
      hexadecimal(plain),
  };
  for (std::size_t offset = 0; offset < 3; ++offset) {
    std::string standard = base64_core(plain, offset);
    if (standard.size() < kShortestBase64) continue;
    std::string url_safe = standard;
    std::replace(url_safe.begin(), url_safe.end(), '+', '-');
    std::replace(url_safe.begin(), url_safe.end(), '/', '_');
    forms.push_back(percent_encode(standard));
    forms.push_back(core::replace_all(standard, "/", "\\/"));
    forms.push_back(std::move(standard));
    forms.push_back(std::move(url_safe));
  }
  // A server that quotes what it was told in JSON escapes the escapes.
  for (std::size_t i = 0, count = forms.size(); i < count; ++i) {
    if (forms[i].find('\\') != std::string::npos) forms.push_back(core::replace_all(forms[i], "\\", "\\\\"));
  }
  for (std::string& form : forms) {
    for (char& c : form) c = static_cast<char>(fold(c));
  }
  return forms;
}

/// "http://user:password@host" -> "http://***@host".
void mask_userinfo(std::string& text) {
  std::size_t copied = 0;
  std::string out;
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"'<>\\,;)", begin), text.size());
    const std::size_t sign = std::string_view(text).substr(begin, end - begin).rfind('@');
    if (sign == std::string_view::npos) continue;
    out.append(text, copied, begin - copied).append(kMask);
    copied = begin + sign;
  }
  if (copied == 0) return;
  text = out.append(text, copied);
}

bool is_worth_searching(std::string_view secret) {
  const bool is_number = secret.find_first_not_of("0123456789") == std::string_view::npos;
  return secret.size() >= (is_number ? kShortestNumber : kShortest);
}

}  // namespace

void Redactor::add(const core::Secret& secret) {
  if (!is_worth_searching(secret.reveal())) return;
  bool is_new = false;
  for (std::string& form : forms_of(std::string(secret.reveal()))) {
    if (std::find(needles_.begin(), needles_.end(), form) != needles_.end()) continue;
    needles_.push_back(std::move(form));
    is_new = true;
  }
  if (is_new) make_index();
}

void Redactor::make_index() {
  window_ = kLongestWindow;
  for (const std::string& needle : needles_) window_ = std::min(window_, needle.size());
  skips_.assign(kHashes, static_cast<std::uint8_t>(window_ - kBlock + 1));
  for (const std::string& needle : needles_) {
    for (std::size_t end = kBlock; end <= window_; ++end) {
      std::uint8_t& skip = skips_[hash_block(needle.data() + end - 1)];
      skip = std::min(skip, static_cast<std::uint8_t>(window_ - end));
    }
  }
}

/// Overlapping finds are masked as one, so that no tail of any stays. True when there was one.
bool Redactor::mask_needles(std::string& text) const {
  std::string out;
  std::size_t copied = 0;
  std::size_t masked_to = 0;
  for (std::size_t last = window_ - 1; last < text.size();) {
    const std::uint8_t skip = skips_[hash_block(text.data() + last)];
    if (skip > 0) {
      last += skip;
      continue;
    }
    const std::size_t first = last - window_ + 1;
    std::size_t length = 0;
    for (const std::string& needle : needles_) {
      if (needle.size() > length && starts_with_folded(std::string_view(text).substr(first), needle)) length = needle.size();
    }
    if (length > 0) {
      if (first >= masked_to) out.append(text, copied, first - copied).append(kMask);
      masked_to = std::max(masked_to, first + length);
      copied = masked_to;
    }
    ++last;
  }
  if (masked_to > 0) text = out.append(text, copied);
  return masked_to > 0;
}

/// Any character of a JSON string may be written as an escape, so that no list of forms has them all.
void Redactor::mask_escaped_needles(std::string& text) const {
  if (text.find("\\u00") == std::string::npos) return;
  std::string brief = with_brief_escapes(text);
  if (mask_needles(brief)) text = std::move(brief);
}

std::string Redactor::redact(std::string_view text) const {
  std::string out(text);
  redact_in_place(out);
  return out;
}

void Redactor::redact_in_place(std::string& text) const {
  if (!needles_.empty()) {
    mask_needles(text);
    mask_escaped_needles(text);
  }
  mask_userinfo(text);
}

}  // namespace gate::http
