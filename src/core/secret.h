// Secret: text that cannot be printed, compared for output, or turned into a string by accident.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace gate::core {

/// Holds a credential. There is no stream operator, no fmt formatter and no conversion: `reveal()` is the only way out and is
/// called by the HTTP client alone, when it fills in a request header or body. The text is overwritten when the last owner
/// dies.
class Secret {
 public:
  Secret() = default;
  /// `name` says where the secret came from ("env PROMETHEUS_TOKEN"); it may be shown, the text never. "": literal text of the
  /// gate file, which is no secret. An empty text with a name: what should give it is not set.
  Secret(std::string text, std::string name) : text_(std::move(text)), name_(std::move(name)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret() {
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = '\0';
  }

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view reveal() const { return text_; }

 private:
  std::string text_;
  std::string name_;
};

}  // namespace gate::core
