#include "sources/credential.h"

#include <fmt/format.h>

#include <algorithm>

namespace gate::sources {

bool has_credential(const http::Endpoint& endpoint) {
  const bool in_header = std::any_of(endpoint.headers.begin(), endpoint.headers.end(), [](const auto& header) {
    return !header.second.empty() && !header.second.name().empty();
  });
  return !endpoint.bearer.empty() || !endpoint.password.empty() || in_header;
}

void note_credential(Health& found, const http::Endpoint& endpoint) {
  if (has_credential(endpoint)) {
    found.authenticated = true;
  } else if (!endpoint.unset_credential.empty()) {
    found.notes.push_back(
        fmt::format("{} is not set: no credential was sent, and none was checked", endpoint.unset_credential));
  }
}

}  // namespace gate::sources
