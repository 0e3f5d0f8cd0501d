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
    diagnostics.push_back({core::Severity::error,
                           {"RG0503",
                            fmt::format("`{}` is taken from {}, which is a secret: it is `{}`", reference.key, reference.origin,
                                        found->second->key),
                            "it would be shown in queries and reports: give it a source of its own",
                            {},
                            reference.location}});
  }
}

}  // namespace gate::config
