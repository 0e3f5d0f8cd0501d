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

/// Whether `word` names a pack of the program's, and no path.
bool is_own(std::string_view word) {
  return word.find('/') == std::string_view::npos && !word.ends_with(".toml");
}

/// "performance-datadog", which the pack "performance" chooses: no name to recommend.
bool is_flavour(const Loading& load, const std::string& pack) {
  const std::size_t dash = pack.find('-');
  return dash != std::string::npos && load.options.packs.contains(pack.substr(0, dash));
}

std::optional<PackText> find_own_pack(Loading& load, const core::Node& name) {
  const std::string& word = *name.string();
  const auto found = load.options.packs.find(word);
  if (found != load.options.packs.end()) return PackText{"gates/" + word + ".toml", found->second};
  std::vector<std::string> names;
  std::vector<std::string> shown;
  for (const auto& [known, text] : load.options.packs) {
    names.push_back(known);
    if (!is_flavour(load, known)) shown.push_back(known);
  }
  const std::string near = core::nearest(word, names);
  load.error("RG0409", fmt::format("there is no pack `{}`: there is {}", word, core::list_names(shown, "and")), name.location,
             near.empty() ? "a pack of your own is named by its path: \"./my.toml\"" : fmt::format("did you mean `{}`?", near));
  return std::nullopt;
}

/// A pack's text: by name from those that the program carries, by path (relative to the file that names it) otherwise.
std::optional<PackText> find_pack(Loading& load, const core::Node& name, const std::string& directory) {
  const std::string& word = *name.string();
  if (is_own(word)) return find_own_pack(load, name);
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

/// The files whose `use` led here, and their variables: those of the file that uses a pack lie over the pack's own.
struct Chain {
  std::vector<std::string> files;
  core::Node variables{core::Node::Table{}, {}};
  core::Node use;           ///< of the last file
  bool lacks_pack = false;  ///< a `use` of the last file leads nowhere, which is told: what it lacks is no further mistake
};

core::Node merged_packs(Loading& load, core::Node root, Chain& chain);

/// The value of the one variable that `name` holds, where it makes no pack of the program's: which values would.
void report_flavour(Loading& load, const core::Node& name, const std::string& word, const Chain& chain) {
  const std::string& written = *name.string();
  const std::size_t start = written.find("{{");
  const auto braces = braces_at(written, start);
  const std::string before = written.substr(0, start);
  const std::string after = written.substr(braces->end);
  const std::vector<std::string> values = flavours_of(load.options.packs, written, chain.use);
  const bool is_cut = word.size() < before.size() + after.size();
  const std::string value = is_cut ? word : word.substr(before.size(), word.size() - before.size() - after.size());
  const core::Node* variable = chain.variables.find(braces->name);
  const bool is_set = std::any_of(load.options.settings.begin(), load.options.settings.end(),
                                  [&](const auto& setting) { return setting.first == braces->name; });
  const core::Location place = variable == nullptr || is_set ? core::Location{} : variable->location;
  const std::string near = core::nearest(value, values);
  core::Error error{
      "RG0414",
      fmt::format("variable `{}` cannot be \"{}\": it is {}", braces->name, value, core::list_names(values)),
      near.empty() ? "these are the systems that the pack has questions for" : fmt::format("did you mean `{}`?", near),
      {fmt::format("{} uses the pack \"{}\"", chain.files.back(), written)},
      place};
  load.out.diagnostics.push_back({core::Severity::error, std::move(error)});
}

/// `name` with its variables put in; nullopt (and a diagnostic) when they have no value or lead nowhere.
std::optional<core::Node> resolved(Loading& load, const core::Node& name, const Chain& chain) {
  const std::string& written = *name.string();
  if (written.find("{{") == std::string::npos) return name;
  collect_variables(written, load.used_in_use);
  // Their mistakes are told when all variables are read.
  Loading aside{load.options, {}, {}, {}, {}, {}};
  core::Node root{core::Node::Table{}, name.location};
  root.table()->push_back({"vars", name.location, chain.variables});
  const auto text = read_variables(aside, root, {}).expand(name, load.out.diagnostics);
  if (!text) return std::nullopt;
  core::Node out = name;
  out.value = *text;
  const bool has_one = written.find("{{", written.find("{{") + 2) == std::string::npos;
  if (!is_own(*text) || load.options.packs.contains(*text) || !has_one) return out;
  report_flavour(load, name, *text, chain);
  return std::nullopt;
}

/// A pack that only tunes another's metrics is as it should be; two that both ask for the same name are two different metrics.
void warn_of_doubles(Loading& load, const core::Node& merged, const core::Node& pack, const core::Node& name) {
  const core::Node* before = merged.find("metrics");
  const core::Node* now = pack.find("metrics");
  if (before == nullptr || now == nullptr || now->table() == nullptr) return;
  for (const core::Member& metric : *now->table()) {
    const core::Node* other = before->find(metric.key);
    if (other == nullptr || other->find("source") == nullptr || metric.node.find("source") == nullptr) continue;
    core::Error error{"RG0415",
                      fmt::format("the pack \"{}\" has a metric `{}`, and so has one before it: the later one is taken",
                                  *name.string(), metric.key),
                      "use one of the two packs, or write the metric that you want under a name of its own",
                      {},
                      name.location};
    load.out.diagnostics.push_back({core::Severity::warning, std::move(error)});
  }
}

/// Lays the pack `written` on `merged`.
void add_pack(Loading& load, core::Node& merged, const core::Node& written, Chain& chain) {
  if (written.string() == nullptr) {
    load.error("RG0102", fmt::format("`use` must hold names of packs, not {}", written.kind_name()), written.location,
               R"(use = ["performance"])");
    return;
  }
  const auto found = resolved(load, written, chain);
  if (!found) {
    chain.lacks_pack = true;
    return;
  }
  const core::Node& name = *found;
  auto pack = find_pack(load, name, directory_of(chain.files.back()));
  if (!pack) return;
  if (std::find(chain.files.begin(), chain.files.end(), pack->file) != chain.files.end()) {
    load.error("RG0410", fmt::format("{} is used by itself: the packs go in a circle", pack->file), name.location,
               "remove the `use` that closes the circle");
    return;
  }
  auto tree = parse_file(load, pack->text, pack->file);
  if (!tree) return;
  load.packs.push_back(*name.string());
  strip_head(load, *tree);
  Chain inner = chain;
  inner.lacks_pack = false;
  inner.files.push_back(pack->file);
  core::Node whole = merged_packs(load, std::move(*tree), inner);
  if (inner.lacks_pack) std::erase_if(*whole.table(), [](const core::Member& member) { return member.key != "vars"; });
  warn_of_doubles(load, merged, whole, name);
  merge_over(merged, whole);
}

core::Node merged_packs(Loading& load, core::Node root, Chain& chain) {
  if (const core::Node* own = root.find("vars"); own != nullptr && own->table() != nullptr) {
    core::Node variables = *own;
    merge_over(variables, chain.variables);
    chain.variables = std::move(variables);
  }
  const core::Node* use = root.find("use");
  if (use == nullptr) return root;
  chain.use = *use;
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

std::vector<std::string> flavours_of(const std::map<std::string, std::string>& packs, const std::string& written,
                                     const core::Node& use) {
  const std::size_t start = written.find("{{");
  const auto braces = start == std::string::npos ? std::nullopt : braces_at(written, start);
  if (!braces) return {};
  const std::string before = written.substr(0, start);
  const std::string after = written.substr(braces->end);
  std::vector<std::string> longer;
  for (const core::Node& other : use.array() == nullptr ? core::Node::Array() : *use.array()) {
    const std::string fixed = other.string() == nullptr ? "" : other.string()->substr(0, other.string()->find("{{"));
    if (fixed.size() > before.size()) longer.push_back(fixed);
  }
  std::vector<std::string> values;
  for (const auto& [known, text] : packs) {
    const bool fits = known.size() > before.size() + after.size() && known.starts_with(before) && known.ends_with(after);
    const std::string& name = known;
    const bool is_others =
        std::any_of(longer.begin(), longer.end(), [&](const std::string& one) { return name.starts_with(one); });
    if (fits && !is_others) values.push_back(known.substr(before.size(), known.size() - before.size() - after.size()));
  }
  return values;
}

core::Node with_packs(Loading& load, core::Node root, const std::string& file) {
  Chain chain;
  chain.files = {std::filesystem::path(file).lexically_normal().string()};
  return merged_packs(load, std::move(root), chain);
}

}  // namespace gate::config
