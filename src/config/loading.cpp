#include "config/loading.h"

#include "config/masking.h"
#include "config/toml_reader.h"

namespace gate::config {

void Loading::error(std::string code, std::string message, const core::Location& place, std::string hint) {
  out.diagnostics.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

std::optional<core::Node> parse_file(Loading& load, const std::string& text, const std::string& file) {
  // Editors on Windows put a byte order mark in front; it is no part of the text, and counts in no column.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string bare = text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
  if (load.out.files.emplace(file, bare).second) load.out.file_order.push_back(file);
  auto tree = read_toml(bare, file);
  if (tree) return std::move(tree).value();
  mask_credential_lines(load.out.files[file]);
  load.out.diagnostics.push_back({core::Severity::error, tree.error()});
  return std::nullopt;
}

}  // namespace gate::config
