#include "config/masking.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace gate::config {
namespace {

/// The start of line `number` of `text`; npos when there is none.
std::size_t line_start(const std::string& text, std::uint32_t number) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < number; ++line) {
    at = text.find('\n', at);
    if (at == std::string::npos) return at;
    ++at;
  }
  return at;
}

void cover(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
    if (text[i] != '\n') text[i] = '*';
  }
}

void cover_place(FileTexts& files, const core::Location& place) {
  const auto file = files.find(place.file);
  if (file == files.end()) return;
  const std::size_t start = line_start(file->second, place.line);
  if (start == std::string::npos) return;
  const std::size_t begin = start + place.column - 1;
  cover(file->second, begin, begin + place.length);
}

/// The user name and password, and the query, of a URL. A password may hold what ends a host, and the scheme may be missing.
void mask_url(FileTexts& files, const core::Member& member) {
  const core::Node& node = member.node;
  const std::string* text = node.string();
  const std::size_t scheme = text == nullptr ? std::string::npos : text->find("://");
  const bool is_address = member.key == "url" || member.key == "proxy";
  if (text == nullptr || (scheme == std::string::npos && !is_address)) return;
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t user_end = text->rfind('@');
  if (user_end != std::string::npos && user_end > host) {
    cover_place(files, core::place_inside(node, host, user_end - host));
  }
  const std::size_t query = text->find('?', host);
  if (query != std::string::npos) cover_place(files, core::place_inside(node, query + 1, text->size() - query - 1));
}

/// All strings of the value of a credential's key, but the names of variables and files that it may be read from.
void mask_literals(FileTexts& files, const core::Node& node) {
  if (node.string() != nullptr) mask(files, node.location);
  if (node.table() == nullptr) return;
  for (const core::Member& member : *node.table()) {
    if (member.key != "env" && member.key != "file") mask_literals(files, member.node);
  }
}

}  // namespace

bool names_a_credential(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 9> kWords = {"auth",  "cookie",     "token",   "key",      "secret",
                                                      "passw", "credential", "session", "signature"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

void mask(FileTexts& files, core::Location place) {
  // The quotes stay: what is masked is seen to be text.
  ++place.column;
  place.length = std::max<std::uint32_t>(place.length, 2) - 2;
  cover_place(files, place);
}

void mask_credentials(FileTexts& files, const core::Node& node) {
  if (node.table() == nullptr) return;
  for (const core::Member& member : *node.table()) {
    if (names_a_credential(member.key)) mask_literals(files, member.node);
    mask_url(files, member);
    mask_credentials(files, member.node);
  }
}

void mask_credential_lines(std::string& text) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::size_t equals = text.find('=', start);
    if (equals < end && names_a_credential(text.substr(start, equals - start))) cover(text, equals + 1, end);
    start = end + 1;
  }
}

}  // namespace gate::config
