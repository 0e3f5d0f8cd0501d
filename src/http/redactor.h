// Redactor: takes secrets out of any text before it is shown, in their plain, URL-encoded and base64 forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace gate::http {

class Redactor {
 public:
  /// Secrets shorter than 4 bytes are not searched for (they would blank ordinary text); they are still never printed by us.
  void add(const core::Secret& secret);
  /// `text` with every known secret, and every userinfo of a URL, replaced by "***".
  [[nodiscard]] std::string redact(std::string_view text) const;

 private:
  std::vector<std::string> needles_;
};

}  // namespace gate::http
