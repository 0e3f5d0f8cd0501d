// Packs: gate files under the gate file, by name from those that the program carries, or by path.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "config/loading.h"
#include "config/merge.h"
#include "core/text.h"

namespace gate::config {
namespace {

constexpr std::int64_t kLanguageVersion = 1;

struct PackText {
  std::string file;
  std::string text;
};

std::string directory_of(const std::string& file) {
  return std::filesystem::path(file).parent_path().string();
}

std::optional<PackText> find_own_pack(Loading& load, const core::Node& name) {
  const std::string& word = *name.string();
  const auto found = load.options.packs.find(word);
  if (found != load.options.packs.end()) return PackText{"gates/" + word + ".toml", found->second};
  std::vector<std::string> names;
  for (const auto& [known, text] : load.options.packs) names.push_back(known);
  const std::string near = core::nearest(word, names);
  load.error("RG0409", fmt::format("there is no pack `{}`: there is {}", word, core::list_names(names, "and")), name.location,
             near.empty() ? "a pack of your own is named by its path: \"./my.toml\"" : fmt::format("did you mean `{}`?", near));
  return std::nullopt;
}

/// A pack's text: by name from those that the program carries, by path (relative to the file that names it) otherwise.
std::optional<PackText> find_pack(Loading& load, const core::Node& name, const std::string& directory) {
  const std::string& word = *name.string();
  const bool is_path = word.find('/') != std::string::npos || word.ends_with(".toml");
  if (!is_path) return find_own_pack(load, name);
  const std::string path = (std::filesystem::path(directory) / word).lexically_normal().string();
  auto text = load.options.surroundings.read_file(path);
  if (text) return PackText{path, std::move(text).value()};
  core::Error error = text.error();
  error.location = name.location;
  load.out.diagnostics.push_back({core::Severity::error, std::move(error)});
  return std::nullopt;
}

/// A pack may say its version; what it says of itself (name, description) is not the gate's.
void strip_head(Loading& load, core::Node& pack) {
  if (const core::Node* version = pack.find("version")) {
    const auto* number = std::get_if<std::int64_t>(&version->value);
    if (number == nullptr || *number != kLanguageVersion) {
      load.error("RG0106", "this program reads version 1 of the language", version->location, "write: version = 1");
    }
  }
  std::erase_if(*pack.table(), [](const core::Member& member) {
    return member.key == "version" || member.key == "name" || member.key == "description";
  });
}

core::Node merged_packs(Loading& load, core::Node root, std::vector<std::string>& chain);

/// Lays the pack `name` on `merged`. `chain` holds the files whose `use` led here.
void add_pack(Loading& load, core::Node& merged, const core::Node& name, std::vector<std::string>& chain) {
  if (name.string() == nullptr) {
    load.error("RG0102", fmt::format("`use` must hold names of packs, not {}", name.kind_name()), name.location,
               R"(use = ["performance"])");
    return;
  }
  auto pack = find_pack(load, name, directory_of(chain.back()));
  if (!pack) return;
  if (std::find(chain.begin(), chain.end(), pack->file) != chain.end()) {
    load.error("RG0410", fmt::format("{} is used by itself: the packs go in a circle", pack->file), name.location,
               "remove the `use` that closes the circle");
    return;
  }
  auto tree = parse_file(load, pack->text, pack->file);
  if (!tree) return;
  load.packs.push_back(*name.string());
  strip_head(load, *tree);
  chain.push_back(pack->file);
  merge_over(merged, merged_packs(load, std::move(*tree), chain));
  chain.pop_back();
}

core::Node merged_packs(Loading& load, core::Node root, std::vector<std::string>& chain) {
  const core::Node* use = root.find("use");
  if (use == nullptr) return root;
  core::Node merged{core::Node::Table{}, root.location};
  if (use->array() != nullptr) {
    for (const core::Node& name : *use->array()) add_pack(load, merged, name, chain);
  } else {
    add_pack(load, merged, *use, chain);
  }
  merge_over(merged, root);
  return merged;
}

}  // namespace

core::Node with_packs(Loading& load, core::Node root, const std::string& file) {
  std::vector<std::string> chain = {std::filesystem::path(file).lexically_normal().string()};
  return merged_packs(load, std::move(root), chain);
}

}  // namespace gate::config
