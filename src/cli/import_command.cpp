#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "convert/kayenta.h"
#include "core/text.h"

namespace gate::cli {
namespace {

core::Result<std::string> read_config(const std::string& path, const World& world) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  auto text = world.surroundings.read_file(path);
  if (text) return text;
  return core::Error{
      "RG0013", fmt::format("{} cannot be read", core::printable(path)), "name another file", {text.error().message}, {}};
}

}  // namespace

int import_kayenta(const ImportOptions& options, World& world) {
  const auto text = read_config(options.file, world);
  if (!text) {
    print_error(text.error(), world);
    return kUsage;
  }
  auto converted = convert::convert_kayenta(*text);
  if (!converted) {
    core::Error error = converted.error();
    error.message = fmt::format("{} is not a canary config: {}", core::printable(options.file), error.message);
    print_error(error, world);
    return kUsage;
  }
  const convert::Converted result = std::move(converted).value();
  std::string said = fmt::format("{} metrics carried over.", result.metrics);
  if (!result.left_out.empty()) said += " Not carried over, or said in another way:";
  said += "\n";
  for (const std::string& one : result.left_out) said += "- " + core::printable(one) + "\n";
  if (options.output == "-") {
    world.out << result.toml;
    world.err << core::without_commands(said);
    return kPass;
  }
  if (!write_new(options.output, options.force, result.toml, world)) return kUsage;
  const std::string file = core::printable(options.output);
  world.out << core::without_commands(
      fmt::format("{}{} written. Next: look it through, then: release-gate validate {}\n", said, file, file));
  return kPass;
}

}  // namespace gate::cli
