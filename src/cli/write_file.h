// Files that are there whole or not at all. Not for what is in them.
#pragma once

#include <string>

#include "core/result.h"

namespace gate::cli {

/// Whether write_whole could write `path`; what is there stays as it is. RG0010.
core::Result<bool> check_writable(const std::string& path);

/// Writes `text` to `path`: a temporary file beside it, then a rename, so that nobody ever sees half of it. A link is followed;
/// what is no regular file (a device, a pipe) is written to as it stands. RG0010.
core::Result<bool> write_whole(const std::string& path, const std::string& text);

}  // namespace gate::cli
