#include "sources/file/walk.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/text.h"

namespace gate::sources::file {
namespace {

std::vector<std::string> glob_files(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return files;
}

/// A folder's name must not be read as a pattern.
std::string escaped(const std::string& directory) {
  std::string out;
  for (const char c : directory) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::optional<core::Error> outside_of(const std::string& within, const std::string& file) {
  namespace fs = std::filesystem;
  if (within.empty()) return std::nullopt;
  std::error_code lost;
  std::error_code absent;
  const fs::path folder = fs::canonical(within, lost);
  const fs::path real = fs::weakly_canonical(file, absent);
  const auto [rest, below] = std::mismatch(folder.begin(), folder.end(), real.begin(), real.end());
  // .git and the like hold credentials of the checkout.
  const bool is_hidden = std::any_of(below, real.end(), [](const fs::path& part) { return part.string().starts_with('.'); });
  if (!lost && !absent && rest == folder.end() && !is_hidden) return std::nullopt;
  if (is_hidden && rest == folder.end()) {
    return core::Error{"RG1501",
                       fmt::format("{} is hidden, and the gate file is not trusted", core::printable(file)),
                       "with --untrusted no file is read whose name, or whose folder's, begins with a dot",
                       {},
                       {}};
  }
  return core::Error{"RG1501",
                     fmt::format("{} lies outside of {}, where the gate file is, which is not trusted", core::printable(file),
                                 core::printable(within)),
                     "with --untrusted files are read from the gate file's folder alone, links followed",
                     {},
                     {}};
}

namespace {

core::Result<std::vector<std::string>> matched(const std::string& directory, const std::string& pattern) {
  namespace fs = std::filesystem;
  const fs::path whole = fs::path(directory) / pattern;
  std::error_code ignored;
  if (fs::exists(whole, ignored)) return std::vector<std::string>{whole.string()};
  std::vector<std::string> files = glob_files((fs::path(escaped(directory)) / pattern).string());
  if (!files.empty()) return files;
  const std::string folder = directory.empty() ? "the working directory" : core::printable(directory);
  return core::Error{"RG1403",
                     fmt::format("no file matches \"{}\" in {}", core::printable(pattern), folder),
                     "`path` is relative to the gate file",
                     {},
                     {}};
}

}  // namespace

core::Result<std::vector<std::string>> match_files(const std::string& directory, const std::string& pattern,
                                                   const std::string& within) {
  auto files = matched(directory, pattern);
  if (!files) {
    // Whether a file is there is nothing to be told, either.
    if (auto outside = outside_of(within, (std::filesystem::path(directory) / pattern).string())) return *outside;
    return files;
  }
  for (const std::string& file : *files)
    if (auto outside = outside_of(within, file)) return *outside;
  return files;
}

FileWalk::FileWalk(std::string directory, std::string pattern, const FileOptions& options,
                   const std::vector<std::string>& columns, Sink& sink, Digests digests)
    : directory_(std::move(directory)),
      pattern_(std::move(pattern)),
      options_(options),
      columns_(columns),
      sink_(sink),
      digests_(digests) {}

core::Result<bool> FileWalk::open_next() {
  if (!started_) {
    started_ = true;
    auto matched = match_files(directory_, pattern_, options_.within);
    if (!matched) return matched.error();
    waiting_ = std::move(matched).value();
    std::reverse(waiting_.begin(), waiting_.end());
  }
  if (waiting_.empty()) return false;
  current_ = {};
  current_.path = std::move(waiting_.back());
  waiting_.pop_back();
  auto reading = reading_of(current_.path, options_);
  if (!reading) return reading.error();
  reading_ = std::move(reading).value();
  digest_.reset();
  if (digests_ == Digests::yes) digest_.emplace();
  reader_ = open_records({current_.path, reading_, columns_, sink_, digest_ ? &*digest_ : nullptr});
  return true;
}

core::Result<bool> FileWalk::step() {
  if (!reader_) {
    auto opened = open_next();
    if (!opened || !*opened) return opened;
  }
  const auto start = std::chrono::steady_clock::now();
  auto more = reader_->step();
  current_.milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (!more || *more) return more;
  current_.bytes = reader_->bytes();
  if (digest_) current_.sha256 = digest_->hex();
  done_.push_back(current_);
  reader_.reset();
  return true;
}

std::string FileWalk::place(std::uint64_t number) const {
  const bool rows = format() == Format::json || format() == Format::prometheus_api;
  return fmt::format("{}{}{}", core::printable(path()), rows ? ", row " : ":", number);
}

}  // namespace gate::sources::file
