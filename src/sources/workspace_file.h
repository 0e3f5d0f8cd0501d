// WorkspaceFile: the files that tools leave in a workspace, found inside of one folder and read with a limit. Not for what is
// in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace gate::sources {

/// Where files may be, and how large.
struct Workspace {
  std::string directory;  ///< of the gate file
  std::string root;       ///< relative to it: patterns start here, and files may lie nowhere else
  std::uint64_t max_bytes = 0;
  std::string within{};  ///< SourceContext::within
};

/// The folder that patterns start at: `root` as seen from `directory`, which an absolute one replaces; "" is the current
/// folder.
std::string folder_of(const std::string& directory, const std::string& root);

/// One file. `sha256` and `milliseconds` are there once it was read.
struct WorkspaceFile {
  std::string path;
  core::Time changed{};  ///< to the second
  std::uint64_t bytes = 0;
  std::string sha256;
  double milliseconds = 0.0;
};

/// The files that `pattern` names, sorted; never none. RG1401: one cannot be looked at; RG1403: no file matches; RG1501: a file
/// lies outside of the root, links followed; RG1502: one is larger than allowed.
core::Result<std::vector<WorkspaceFile>> find_files(const Workspace& workspace, const std::string& pattern);

/// The text of `file`, without a byte order mark. Throws core::SourceError: RG1401 (cannot be read), RG1502 (it grew), RG1503
/// (it is empty, UTF-16 or holds NUL bytes).
std::string read_text(WorkspaceFile& file, std::uint64_t max_bytes);

/// RG1503: `place` ("a.xml:3:7", "a.json") is not of the form that it should have.
core::Error wrong_form(const std::string& place, std::string_view why, std::string hint);
/// RG1504: the form is right, and what it says cannot be meant.
core::Error wrong_content(const std::string& place, std::string_view why, std::string hint);
[[noreturn]] void throw_wrong_form(const std::string& place, std::string_view why, std::string hint);
[[noreturn]] void throw_wrong_content(const std::string& place, std::string_view why, std::string hint);

/// A number that is finite and not negative. Throws RG1504 about `what` ("`time`") at `place`.
double amount_of(std::string_view text, std::string_view what, const std::string& place);

}  // namespace gate::sources
