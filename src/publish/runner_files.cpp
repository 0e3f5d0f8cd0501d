#include "publish/runner_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>

#include "core/text.h"
#include "report/layout.h"

namespace gate::publish {
namespace {

core::Error unwritable(const std::string& path, const std::string& why) {
  return {"RG3006",
          fmt::format("{} cannot be written: {}", core::printable(path), why),
          "GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name files that the runner makes",
          {},
          {}};
}

/// 0, or the errno of what failed.
int write_all(int file, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count > 0) written += static_cast<std::size_t>(count);
    if (count == 0) return ENOSPC;
    if (count < 0 && errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

core::Result<bool> append_to(const std::string& path, const std::string& text, std::size_t most) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0644);
  if (file < 0) return unwritable(path, std::strerror(errno));
  struct stat status {};
  std::string why;
  if (::fstat(file, &status) != 0) {
    why = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    why = "it is no file";
  } else if (static_cast<std::size_t>(status.st_size) + text.size() > most) {
    why = fmt::format("with {} bytes more it would have over {}, and GitHub would drop it", text.size(), most);
  } else if (const int problem = write_all(file, text); problem != 0) {
    why = std::strerror(problem);
  }
  ::close(file);
  if (why.empty()) return true;
  return unwritable(path, why);
}

Outputs outputs_of(const core::Report& report, const Outputs& more) {
  Outputs out = {{"verdict", std::string(core::name(report.verdict))},
                 {"exit-code", std::to_string(report.exit_code)},
                 {"headline", report::full_headline(report)}};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

core::Result<std::string> outputs_text(const Outputs& outputs, const std::string& delimiter) {
  std::string out;
  for (const auto& [name, value] : outputs) {
    if (value.find(delimiter) != std::string::npos || name.find(delimiter) != std::string::npos)
      return unwritable("the output " + name, "it holds the delimiter of outputs");
    out += fmt::format("{}<<{}\n{}\n{}\n", name, delimiter, value, delimiter);
  }
  return out;
}

std::string new_delimiter() {
  std::random_device random;
  return fmt::format("ghadelimiter_{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace gate::publish
