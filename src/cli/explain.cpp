#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "core/text.h"

namespace gate::cli {

/// docs/errors.md, by stem; made by the build.
const std::map<std::string, std::string>& embedded_docs();

namespace {

/// Sections of docs/errors.md by their code; a section starts at "## RG0101: title".
std::map<std::string, std::string> sections() {
  const std::string& text = embedded_docs().at("errors");
  std::map<std::string, std::string> out;
  std::size_t at = text.find("\n## RG");
  while (at != std::string::npos) {
    const std::size_t start = at + 4;
    const std::size_t next = text.find("\n## ", start);
    out[text.substr(start, 6)] = text.substr(start, next == std::string::npos ? std::string::npos : next - start);
    at = text.find("\n## RG", start);
  }
  return out;
}

}  // namespace

int explain(const std::string& code, World& world) {
  const auto all = sections();
  if (code.empty()) {
    for (const auto& [name, text] : all) world.out << text.substr(0, text.find('\n')) << "\n";
    return kPass;
  }
  std::string wanted = code;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto found = all.find(wanted);
  if (found == all.end()) {
    print_error(
        {"RG0006", fmt::format("there is no code `{}`", core::printable(code)), "all codes: release-gate explain", {}, {}},
        world);
    return kUsage;
  }
  std::string text = found->second;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  world.out << text << "\n";
  return kPass;
}

}  // namespace gate::cli
