#include "sources/workspace_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "core/text.h"
#include "core/unit.h"
#include "http/digest.h"
#include "sources/file/block_reader.h"
#include "sources/file/number.h"
#include "sources/file/walk.h"

namespace gate::sources {
namespace {

namespace fs = std::filesystem;

core::Error unreadable(const std::string& path, std::string_view why) {
  return {
      "RG1401", fmt::format("cannot read {}: {}", core::printable(path), why), "check the path and its permissions", {}, {}};
}

std::string size_text(std::uint64_t bytes) {
  return core::format_quantity(static_cast<double>(bytes), *core::parse_unit("B"));
}

core::Error too_large(const std::string& path, std::uint64_t bytes, std::uint64_t most) {
  return {"RG1502",
          fmt::format("{} is larger than allowed: {} of {}", core::printable(path), size_text(bytes), size_text(most)),
          "if it is the right file, raise `max_bytes` of the source",
          {},
          {}};
}

/// Both are canonical: without links and dots.
bool is_inside(const fs::path& file, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first == root.end();
}

core::Result<WorkspaceFile> look_at(const std::string& path, const fs::path& root, const Workspace& workspace) {
  std::error_code problem;
  const fs::path whole = fs::canonical(path, problem);
  if (problem) return unreadable(path, problem.message());
  if (!is_inside(whole, root)) {
    return core::Error{"RG1501",
                       fmt::format("{} lies outside of {}", core::printable(path), core::printable(root.string())),
                       "files are read inside of `root` alone, links followed: it is the gate file's folder unless the source "
                       "says another",
                       {},
                       {}};
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unreadable(path, std::generic_category().message(errno));
  WorkspaceFile out;
  out.path = path;
  out.bytes = static_cast<std::uint64_t>(status.st_size);
  out.changed = core::Time{std::chrono::seconds(status.st_mtim.tv_sec)};
  if (out.bytes > workspace.max_bytes) return too_large(path, out.bytes, workspace.max_bytes);
  return out;
}

}  // namespace

std::string folder_of(const std::string& directory, const std::string& root) {
  return root.empty() ? directory : (fs::path(directory) / root).string();
}

core::Result<std::vector<WorkspaceFile>> find_files(const Workspace& workspace, const std::string& pattern) {
  const std::string folder = folder_of(workspace.directory, workspace.root);
  const auto matched = file::match_files(folder, pattern, workspace.within);
  if (!matched) return matched.error();
  std::error_code problem;
  const fs::path root = fs::canonical(folder.empty() ? "." : folder, problem);
  if (problem) return unreadable(folder, problem.message());
  std::vector<WorkspaceFile> out;
  for (const std::string& path : *matched) {
    auto found = look_at(path, root, workspace);
    if (!found) return found.error();
    out.push_back(std::move(found).value());
  }
  return out;
}

std::string read_text(WorkspaceFile& file, std::uint64_t max_bytes) {
  const auto start = std::chrono::steady_clock::now();
  http::Digest digest;
  file::BlockReader reader(file.path, &digest);
  while (reader.more()) {
    if (reader.bytes() > max_bytes) throw core::SourceError(too_large(file.path, reader.bytes(), max_bytes));
  }
  if (reader.error()) throw core::SourceError(*reader.error());
  file.sha256 = digest.hex();
  file.bytes = reader.bytes();
  std::string_view text = reader.rest();
  const std::string place = core::printable(file.path);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw_wrong_form(place, "it is UTF-16", "write it in UTF-8");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw_wrong_form(place, "it is empty", "was the tool stopped before it wrote its report?");
  }
  if (text.find('\0') != std::string_view::npos) {
    throw_wrong_form(place, "it holds NUL bytes, so that it is no text", "look at the file: is it the right one?");
  }
  std::string out(text);
  file.milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

core::Error wrong_form(const std::string& place, std::string_view why, std::string hint) {
  return {"RG1503", fmt::format("{}: {}", place, why), std::move(hint), {}, {}};
}

core::Error wrong_content(const std::string& place, std::string_view why, std::string hint) {
  return {"RG1504", fmt::format("{}: {}", place, why), std::move(hint), {}, {}};
}

void throw_wrong_form(const std::string& place, std::string_view why, std::string hint) {
  throw core::SourceError(wrong_form(place, why, std::move(hint)));
}

void throw_wrong_content(const std::string& place, std::string_view why, std::string hint) {
  throw core::SourceError(wrong_content(place, why, std::move(hint)));
}

double amount_of(std::string_view text, std::string_view what, const std::string& place) {
  const auto number = file::parse_number(text);
  if (number && std::isfinite(*number) && *number >= 0.0) return *number;
  throw_wrong_content(place,
                      fmt::format("{} is \"{}\", which is no amount: a finite number from 0 on", what,
                                  core::shorten(core::printable(text), 60)),
                      "the file was changed, or written by a tool that breaks its format");
}

}  // namespace gate::sources
