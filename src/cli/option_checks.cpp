#include "cli/option_checks.h"

namespace gate::cli {

std::string not_an_option(const std::string& text) {
  return text.starts_with("--") ? "a value is missing: \"" + text + "\" is an option" : "";
}

std::string given(const std::string& text) {
  return text.empty() ? "the value is empty: is the variable set that it came from?" : not_an_option(text);
}

std::string reason(const std::string& text) {
  if (!text.empty() && text.find_first_not_of(" \t\r\n") == std::string::npos) return "a reason must say something";
  return not_an_option(text);
}

}  // namespace gate::cli
