// What can go wrong, as a value. Not for bugs: those abort (see cli/run.cpp).
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gate::core {

/// A place in a text file. `line` and `column` count from 1 (columns in bytes); `line == 0` means "no place".
struct Location {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;

  [[nodiscard]] bool known() const { return line != 0; }
};

/// One thing that went wrong. `code` is stable ("RG1203"); `release-gate explain CODE` prints its cause and cure.
/// `message` is one sentence without the place; `context` adds facts, one a line; `hint` says what to do next.
/// No field may ever hold a secret: whoever makes an Error from text of a server passes it through http::Redactor first.
struct Error {
  std::string code;
  std::string message;
  std::string hint;
  std::vector<std::string> context;
  Location location;
};

enum class Severity { error, warning };

/// An Error about a gate file, with how much it matters. Warnings never stop a run.
struct Diagnostic {
  Severity severity = Severity::error;
  Error error;
};

using Diagnostics = std::vector<Diagnostic>;

/// Thrown inside the coroutines of sources and caught at one place, plan/executor, which turns it into the measurement's error.
class SourceError : public std::exception {
 public:
  explicit SourceError(Error error) : error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const noexcept { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  Error error_;
};

/// True when any of `diagnostics` is an error (and not only a warning).
[[nodiscard]] inline bool has_errors(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::error) return true;
  }
  return false;
}

}  // namespace gate::core
