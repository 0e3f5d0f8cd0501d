// FileSource: what `release-gate sources --check` wants to know.
#include <fmt/format.h>
#include <sys/stat.h>

#include <set>

#include "core/time.h"
#include "core/unit.h"
#include "sources/file/block_reader.h"
#include "sources/file/client.h"

namespace gate::sources::file {
namespace {

struct Found {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  core::Time newest{};
};

core::Time changed_at(const struct stat& status) {
  return core::Time{std::chrono::seconds(status.st_mtim.tv_sec) +
                    std::chrono::milliseconds(status.st_mtim.tv_nsec / 1'000'000)};
}

std::string words(const Found& found) {
  return fmt::format("{} file{}, {}, newest changed {}", found.files, found.files == 1 ? "" : "s",
                     core::format_quantity(static_cast<double>(found.bytes), *core::parse_unit("B")),
                     core::format_time(std::chrono::floor<std::chrono::seconds>(found.newest)));
}

}  // namespace

http::Task<void> FileSource::health(Health& found) {
  std::set<std::string> patterns;
  for (const auto& [pattern, pass] : passes_) patterns.insert(pattern);
  if (patterns.empty() && !options_.path.empty()) patterns.insert(options_.path);
  Found all;
  for (const std::string& pattern : patterns) {
    const auto matched = match_files(context_.directory, pattern, options_.within);
    if (!matched) throw core::SourceError(named(matched.error()));
    for (const std::string& path : *matched) {
      if (const auto reading = reading_of(path, options_); !reading) throw core::SourceError(named(reading.error()));
      const BlockReader reader(path, nullptr);
      if (reader.error()) throw core::SourceError(named(*reader.error()));
      struct stat status {};
      if (::stat(path.c_str(), &status) != 0) continue;
      ++all.files;
      all.bytes += static_cast<std::uint64_t>(status.st_size);
      all.newest = std::max(all.newest, changed_at(status));
    }
  }
  found.permitted = true;
  found.system = patterns.empty() ? "no files: no metric asks for any" : words(all);
  co_return;
}

core::Error FileSource::named(core::Error error) const {
  error.message = id_ + ": " + error.message;
  return error;
}

}  // namespace gate::sources::file
