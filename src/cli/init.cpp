#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/write_file.h"
#include "config/pack_outline.h"
#include "core/text.h"
#include "sources/source.h"

namespace gate::cli {
namespace {

constexpr std::string_view kHead = R"(# What this release promises. Check the file with: release-gate validate
version = 1
name    = "my-service"
)";

constexpr std::string_view kSettings = R"(
[release]
version     = { env = "RELEASE_VERSION", default = "" }
deployed_at = { env = "DEPLOYED_AT" }             # RFC 3339, Unix seconds, or "now"; --deployed-at wins

[compare]
design    = "before-after"                        # before-after, side-by-side, snapshot or none
baseline  = { window = "30m" }                    # the half hour before the release
candidate = { window = "30m", settle = "5m" }     # the half hour that starts five minutes after it

[verdict]
confidence  = 0.95                                # of each one-sided proof, of harm or of safety
on_no_data  = "inconclusive"                      # inconclusive, fail, warn or pass
on_unproven = { within = "warn", beyond = "inconclusive" }
)";

std::string name_of(const core::SourceTypeSpec& spec) {
  return std::string(spec.usual_name.empty() ? spec.type : spec.usual_name);
}

/// [sources.NAME] of this type.
std::string source_table(const core::SourceTypeSpec& spec) {
  std::string_view keys = spec.source_example;
  while (keys.ends_with('\n')) keys.remove_suffix(1);
  return fmt::format(R"(
# {title}. All keys: release-gate sources {type}
[sources.{name}]
type = "{type}"
{source}
)",
                     fmt::arg("title", spec.title), fmt::arg("type", spec.type), fmt::arg("name", name_of(spec)),
                     fmt::arg("source", keys));
}

/// A metric that asks a source of this type.
std::string metric_table(const core::SourceTypeSpec& spec) {
  return fmt::format(R"(
[metrics.{name}_example]
title  = "an example: put your own question here"
source = "{name}"
{metric})",
                     fmt::arg("name", name_of(spec)), fmt::arg("metric", spec.example));
}

/// The lines of a pack's [vars] with what is said about them, as comments, but for those in `settings`.
std::string commented_variables(const std::string& pack, const std::vector<std::pair<std::string, std::string>>& settings) {
  std::string out;
  std::size_t at = pack.find("\n[vars]\n");
  if (at == std::string::npos) return out;
  for (at += 8; at < pack.size() && pack[at] != '\n' && pack[at] != '[';) {
    const std::size_t end = std::min(pack.find('\n', at), pack.size());
    const std::string line = pack.substr(at, end - at);
    const bool is_set =
        std::any_of(settings.begin(), settings.end(), [&](const auto& one) { return line.starts_with(one.first + " "); });
    if (!is_set) out += "# " + line + "\n";
    at = end + 1;
  }
  return out;
}

struct PackPart {
  std::string use;        ///< the line `use = […]`
  std::string variables;  ///< [vars]
  std::vector<std::string> types;
};

/// What the packs of `options` add to the file; nullopt when one is not there, which is printed.
std::optional<PackPart> pack_part(const InitOptions& options, World& world) {
  auto settings = parse_settings(options.settings);
  if (!settings) {
    print_error(settings.error(), world);
    return std::nullopt;
  }
  const config::PackOutline outline = config::outline_packs(options.packs, load_options(*settings, world.surroundings));
  if (core::has_errors(outline.diagnostics)) {
    print_diagnostics(outline.diagnostics, {}, world);
    return std::nullopt;
  }
  PackPart part;
  for (const std::string& pack : options.packs) part.use += fmt::format("{}\"{}\"", part.use.empty() ? "" : ", ", pack);
  part.use = fmt::format("use     = [{}]\n", part.use);
  part.variables = "\n[vars]\n";
  for (const auto& [name, value] : *settings) part.variables += fmt::format("{} = \"{}\"\n", name, value);
  for (const std::string& pack : outline.packs) {
    const auto text = embedded_packs().find(pack);
    const std::string lines = text == embedded_packs().end() ? "" : commented_variables(text->second, *settings);
    if (!lines.empty()) part.variables += fmt::format("# of the pack {}, as they are without a line here:\n{}", pack, lines);
  }
  for (const std::string& source : outline.sources) {
    for (const sources::SourceType& type : sources::registry()) {
      if (name_of(type.spec) == source) part.types.emplace_back(type.spec.type);
    }
  }
  return part;
}

}  // namespace

bool write_new(const std::string& path, bool force, const std::string& text, World& world) {
  std::error_code failed;
  if (std::filesystem::exists(path, failed) && !force) {
    print_error({"RG0011",
                 fmt::format("{} is there already", core::printable(path)),
                 "give another name with --output, or overwrite it with --force",
                 {},
                 {}},
                world);
    return false;
  }
  if (const auto written = write_whole(path, text); !written) {
    print_error(written.error(), world);
    return false;
  }
  return true;
}

int init(const InitOptions& options, World& world) {
  std::vector<std::string> types = options.sources;
  std::string text(kHead);
  std::vector<std::string> of_packs;
  if (!options.packs.empty()) {
    const auto part = pack_part(options, world);
    if (!part) return kUsage;
    text += part->use + part->variables;
    of_packs = part->types;
  } else if (types.empty()) {
    types.emplace_back("prometheus");
  }
  text += kSettings;
  for (const std::string& type : of_packs) {
    if (std::find(types.begin(), types.end(), type) == types.end()) text += source_table(sources::find_type(type)->spec);
  }
  for (const std::string& type : types) {
    const sources::SourceType* found = sources::find_type(type);
    if (found == nullptr) {
      std::vector<std::string> names;
      for (const sources::SourceType& known : sources::registry()) names.emplace_back(known.spec.type);
      const std::string near = core::nearest(type, names);
      print_error(
          {"RG0006",
           fmt::format("there is no source of type `{}`", core::printable(type)),
           near.empty() ? fmt::format("there is {}", core::list_names(names, "and")) : fmt::format("did you mean `{}`?", near),
           {},
           {}},
          world);
      return kUsage;
    }
    text += source_table(found->spec) + metric_table(found->spec);
  }
  if (options.output == "-") {
    world.out << text;
    return kPass;
  }
  if (!write_new(options.output, options.force, text, world)) return kUsage;
  const std::string file = core::printable(options.output);
  world.out << core::without_commands(fmt::format("{} written. Next: edit it, then: release-gate validate {}\n", file, file));
  return kPass;
}

}  // namespace gate::cli
