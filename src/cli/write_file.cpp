#include "cli/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/text.h"

namespace gate::cli {
namespace {

namespace fs = std::filesystem;

core::Error unwritable(const std::string& path, const std::string& why) {
  return {"RG0010",
          fmt::format("{} cannot be written: {}", core::printable(path), why),
          "name a file in a folder that can be written",
          {},
          {}};
}

constexpr int kLongestWait = 10'000;  ///< milliseconds for a reader to make room in a pipe

enum class Kind { regular, absent, directory, special };

Kind kind_of(const std::string& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_regular_file(status)) return Kind::regular;
  if (fs::is_directory(status)) return Kind::directory;
  return fs::exists(status) ? Kind::special : Kind::absent;
}

fs::path folder_of(const fs::path& path) {
  return path.parent_path().empty() ? fs::path(".") : path.parent_path();
}

/// Where the bytes go: behind the link when `path` is one, also when there is nothing yet.
fs::path target_of(const std::string& path, Kind kind) {
  std::error_code failed;
  const fs::path real = kind == Kind::regular ? fs::canonical(path, failed) : folder_of(path) / fs::read_symlink(path, failed);
  return failed ? fs::path(path) : real;
}

std::string temporary_for(const fs::path& target) {
  return fmt::format("{}/.{}.{}.tmp", folder_of(target).string(), target.filename().string(), ::getpid());
}

/// 0, or the errno of what failed. Closes `file`.
int write_and_close(int file, const std::string& text) {
  std::size_t written = 0;
  int problem = 0;
  while (written < text.size() && problem == 0) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EAGAIN) {
      pollfd writable{file, POLLOUT, 0};
      if (::poll(&writable, 1, kLongestWait) == 0) problem = ETIMEDOUT;
      continue;
    }
    if (count > 0) written += static_cast<std::size_t>(count);
    if (count == 0) problem = ENOSPC;
    if (count < 0 && errno != EINTR) problem = errno;
  }
  // Pipes and devices cannot be synchronised, and need not be.
  if (problem == 0 && ::fsync(file) != 0 && errno != EINVAL && errno != EROFS) problem = errno;
  if (::close(file) != 0 && problem == 0) problem = errno;
  return problem;
}

}  // namespace

core::Result<bool> check_writable(const std::string& path) {
  const Kind kind = kind_of(path);
  if (kind == Kind::directory) return unwritable(path, std::strerror(EISDIR));
  if (kind == Kind::special) {
    if (::access(path.c_str(), W_OK) != 0) return unwritable(path, std::strerror(errno));
    return true;
  }
  // Tried, because the permissions do not tell all: a file system may be read-only, or none to write to at all.
  const std::string probe = temporary_for(target_of(path, kind));
  const int file = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return unwritable(path, std::strerror(errno));
  ::close(file);
  ::unlink(probe.c_str());
  return true;
}

core::Result<bool> write_whole(const std::string& path, const std::string& text) {
  const Kind kind = kind_of(path);
  const fs::path target = target_of(path, kind);
  const bool in_place = kind == Kind::special;
  const std::string temporary = in_place ? path : temporary_for(target);
  // A pipe that nobody reads would hold us for ever: it is an error (ENXIO) instead.
  const int flags = in_place ? O_WRONLY | O_NONBLOCK : O_WRONLY | O_CREAT | O_TRUNC;
  const int file = ::open(temporary.c_str(), flags | O_CLOEXEC, 0644);
  if (file < 0) return unwritable(path, std::strerror(errno));
  int problem = write_and_close(file, text);
  if (in_place) return problem == 0 ? core::Result<bool>(true) : unwritable(path, std::strerror(problem));
  if (problem == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) problem = errno;
  if (problem == 0) return true;
  ::unlink(temporary.c_str());
  return unwritable(path, std::strerror(problem));
}

}  // namespace gate::cli
