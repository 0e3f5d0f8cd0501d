// Which values came from outside the file, { env = … } and { file = … }, and which of them are secrets: a secret must not be
// used where it would be shown. Private to config.
#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "core/secret.h"

namespace gate::config {

/// One use of a value from outside. `origin` is "env NAME" or "file PATH"; `key` says where it is used: "sources.prom.token".
struct Reference {
  std::string origin;
  std::string key;
  core::Location location;
  bool secret = false;
  core::Secret value;
};

/// RG0505 for every open use of a value that is a secret elsewhere: it would stand in queries, titles and reports.
void check_references(const std::vector<Reference>& references, core::Diagnostics& diagnostics);

}  // namespace gate::config
