#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/write_file.h"
#include "core/text.h"
#include "sources/source.h"

namespace gate::cli {
namespace {

constexpr std::string_view kHead = R"(# What this release promises. Check the file with: release-gate validate
version = 1
name    = "my-service"

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

/// A source of this type and a metric that asks it.
std::string tables_of(const core::SourceTypeSpec& spec) {
  return fmt::format(R"(
# {title}. All keys: release-gate sources {type}
[sources.{name}]
type = "{type}"
{source}

[metrics.{name}_example]
title  = "an example: put your own question here"
source = "{name}"
{metric})",
                     fmt::arg("title", spec.title), fmt::arg("type", spec.type),
                     fmt::arg("name", spec.usual_name.empty() ? spec.type : spec.usual_name),
                     fmt::arg("source", spec.source_example), fmt::arg("metric", spec.example));
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
  if (types.empty()) types.emplace_back("prometheus");
  std::string text(kHead);
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
    text += tables_of(found->spec);
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
