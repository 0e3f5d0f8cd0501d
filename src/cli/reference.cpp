// Commands that print what the program knows: sources, packs, completion.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/run.h"
#include "config/pack_outline.h"
#include "core/text.h"
#include "sources/source.h"

namespace gate::cli {
namespace {

std::string_view type_name(core::KeyType type) {
  switch (type) {
    case core::KeyType::text:
      return "string";
    case core::KeyType::text_list:
      return "string or list";
    case core::KeyType::boolean:
      return "boolean";
    case core::KeyType::integer:
      return "integer";
    case core::KeyType::number:
      return "number";
    case core::KeyType::duration:
      return "duration";
    case core::KeyType::bytes:
      return "size";
    case core::KeyType::secret:
    case core::KeyType::secret_text:
      return "secret";
    case core::KeyType::headers:
      return "table of strings";
    case core::KeyType::table:
      return "table";
    case core::KeyType::any:
      return "any";
  }
  return "";
}

void print_keys(const std::vector<core::KeySpec>& keys, World& world) {
  for (const core::KeySpec& key : keys) {
    const char* need = key.need == core::KeySpec::Need::required ? ", required" : "";
    world.out << fmt::format("  {:<20} {:<18} {}\n", key.name, fmt::format("{}{}", type_name(key.type), need), key.doc);
  }
}

int unknown(std::string_view what, const std::string& word, const std::vector<std::string>& names, World& world) {
  const std::string near = core::nearest(word, names);
  print_error(
      {"RG0006",
       fmt::format("there is no {} `{}`", what, core::printable(word)),
       near.empty() ? fmt::format("there is {}", core::list_names(names, "and")) : fmt::format("did you mean `{}`?", near),
       {},
       {}},
      world);
  return kUsage;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string bash_script(const std::vector<CommandNames>& commands) {
  std::vector<std::string> names;
  std::string cases;
  for (const CommandNames& command : commands) {
    names.push_back(command.command);
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command.command, joined(command.options));
  }
  return fmt::format(
      R"(# bash completion for release-gate: source it, or put it into /usr/share/bash-completion/completions/release-gate
_release_gate() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{} --help --version"
  else
    case "${{COMP_WORDS[1]}}" in
{}    esac
  fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi ;;
  esac
}}
complete -o filenames -F _release_gate release-gate
)",
      joined(names), cases);
}

std::string zsh_script(const std::vector<CommandNames>& commands) {
  std::string list;
  std::string cases;
  for (const CommandNames& command : commands) {
    list += fmt::format("    '{}:{}'\n", command.command, core::replace_all(command.description, "'", ""));
    cases += fmt::format("      {}) compadd -- {} ; _files ;;\n", command.command, joined(command.options));
  }
  return fmt::format(R"(#compdef release-gate
# zsh completion for release-gate: put it into a folder of $fpath as _release-gate
_release_gate() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
  else
    case "$words[2]" in
{}    esac
  fi
}}
compdef _release_gate release-gate
)",
                     list, cases);
}

std::string fish_script(const std::vector<CommandNames>& commands) {
  std::string out = "# fish completion for release-gate: put it into ~/.config/fish/completions/release-gate.fish\n";
  for (const CommandNames& command : commands) {
    out += fmt::format("complete -c release-gate -n __fish_use_subcommand -f -a {} -d '{}'\n", command.command,
                       core::replace_all(command.description, "'", ""));
    for (const std::string& option : command.options) {
      out += fmt::format("complete -c release-gate -n '__fish_seen_subcommand_from {}' -l {}\n", command.command,
                         option.substr(2));
    }
  }
  return out;
}

/// Of the comment that a pack begins with.
std::string first_sentence(const std::string& pack) {
  std::string comment;
  for (std::size_t at = 0; pack.compare(at, 2, "# ") == 0;) {
    const std::size_t end = std::min(pack.find('\n', at), pack.size());
    comment += (comment.empty() ? "" : " ") + pack.substr(at + 2, end - at - 2);
    at = std::min(end + 1, pack.size());
  }
  const std::size_t stop = std::min(comment.find(". "), comment.find("? "));
  return stop == std::string::npos ? comment : comment.substr(0, stop + 1);
}

}  // namespace

int list_sources(const std::string& type, World& world) {
  if (type.empty()) {
    for (const sources::SourceType& known : sources::registry())
      world.out << fmt::format("{:<14} {}\n", known.spec.type, known.spec.title);
    world.out << "\nkeys and an example: release-gate sources TYPE\n";
    return kPass;
  }
  const sources::SourceType* found = sources::find_type(type);
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const sources::SourceType& known : sources::registry()) names.emplace_back(known.spec.type);
    return unknown("source of type", type, names, world);
  }
  world.out << fmt::format("{}: {}\n\nin [sources.NAME]:\n", found->spec.type, found->spec.title);
  print_keys(found->spec.source_keys, world);
  world.out << "\nin [metrics.ID], or in a part of it:\n";
  print_keys(found->spec.query_keys, world);
  world.out << fmt::format("\nexample:\n{}\n", found->spec.example);
  return kPass;
}

int list_packs(const std::string& name, World& world) {
  std::vector<std::string> names;
  for (const auto& [known, text] : embedded_packs()) names.push_back(known);
  if (name.empty()) {
    const config::LoadOptions options = load_options({}, world.surroundings);
    for (const auto& [known, text] : embedded_packs()) {
      const std::size_t dash = known.find('-');
      if (dash != std::string::npos && embedded_packs().contains(known.substr(0, dash))) continue;
      world.out << fmt::format("{:<16} {}\n", known, first_sentence(text));
      for (const config::PackChoice& choice : config::choices_of(known, options)) {
        world.out << fmt::format("{:<16}   {} = {} ({})\n", "", choice.variable, core::list_names(choice.values),
                                 choice.by_default);
      }
    }
    world.out << "\nwrite a file that uses some: release-gate init --pack NAME,NAME\n"
                 "print one: release-gate packs NAME, or NAME-SYSTEM for the questions to one system\n";
    return kPass;
  }
  const auto found = embedded_packs().find(name);
  if (found == embedded_packs().end()) return unknown("pack", name, names, world);
  world.out << found->second;
  return kPass;
}

int completion(const std::string& shell, World& world) {
  const auto commands = command_names();
  world.out << (shell == "bash" ? bash_script(commands) : shell == "zsh" ? zsh_script(commands) : fish_script(commands));
  return kPass;
}

}  // namespace gate::cli
