// Redactor: takes secrets out of any text before it is shown or kept, in their plain, escaped, URL-encoded, base64 and
// hexadecimal forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace gate::http {

/// Looks for all forms of all secrets at once, whatever their case, in a time that hangs on the text and hardly on their number
/// (Wu and Manber, "A fast algorithm for multi-pattern searching", TR 94-17, University of Arizona, 1994).
class Redactor {
 public:
  /// Secrets of less than 4 bytes, or of less than 8 when they are digits only, are not searched for: they would blank ordinary
  /// text and numbers. They are still never printed by us.
  void add(const core::Secret& secret);
  /// `text` with every known secret, and every userinfo of a URL, replaced by "***".
  [[nodiscard]] std::string redact(std::string_view text) const;
  /// The same in place; `text` keeps its storage when there is nothing to hide.
  void redact_in_place(std::string& text) const;

 private:
  void make_index();
  bool mask_needles(std::string& text) const;
  void mask_escaped_needles(std::string& text) const;

  std::vector<std::string> needles_;  ///< in lower case
  std::size_t window_ = 0;            ///< how much of each needle the index knows: the length of the shortest
  std::vector<std::uint8_t> skips_;   ///< by hash of three bytes: how far the window may move
};

}  // namespace gate::http
