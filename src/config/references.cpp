#include "config/references.h"

#include <fmt/format.h>

#include <map>

namespace gate::config {

void check_references(const std::vector<Reference>& references, core::Diagnostics& diagnostics) {
  std::map<std::string, const Reference*> secrets;
  for (const Reference& reference : references) {
    if (reference.secret) secrets.emplace(reference.origin, &reference);
  }
  for (const Reference& reference : references) {
    const auto found = secrets.find(reference.origin);
    if (reference.secret || found == secrets.end()) continue;
    diagnostics.push_back(
        {core::Severity::error,
         {"RG0505",
          fmt::format("{} is a secret (`{}`) and cannot be plain text here", reference.origin, found->second->key),
          "its value would stand in reports: use another variable for what may be shown",
          {},
          reference.location}});
  }
}

}  // namespace gate::config
