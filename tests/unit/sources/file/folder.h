// What the tests of the file source share: a folder of their own, rows as text, settings from pairs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/node.h"
#include "core/settings.h"
#include "core/time.h"
#include "sources/file/records.h"

namespace gate::sources::file {

/// A temporary folder that is removed with everything in it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// Writes a file and gives its path.
  [[nodiscard]] std::string write(const std::string& name, std::string_view text) const;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// What a reader gave: rows as "2: a|b", an absent cell as "~"; bad rows as "3! why".
struct ReadResult {
  std::vector<std::string> rows;
  std::vector<std::string> header;
  std::string error;  ///< "RG1406 …", "" when there is none
};

ReadResult read_text(const ReadOptions& options, std::string_view text, const std::vector<std::string>& columns);

core::Node text_node(std::string text);
core::Node number_node(double value);
core::Node list_node(std::vector<core::Node> items);
core::Node table_node(std::vector<std::pair<std::string, core::Node>> members);
core::Settings settings(std::vector<std::pair<std::string, core::Node>> members);

/// "RG1410 message" of each.
std::vector<std::string> texts(const core::Diagnostics& diagnostics);

/// RFC 3339; the test fails when it is none.
core::Time at(std::string_view text);

}  // namespace gate::sources::file
