// What the tests of report sources share: a question to a source of some type over files of a folder, and its answer as text.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/settings.h"
#include "file/folder.h"
#include "http/tape.h"
#include "sources/source.h"

namespace gate::sources::reports {

using Members = std::vector<std::pair<std::string, core::Node>>;

/// A source of `type` over the files of a folder.
class Asked {
 public:
  Asked(std::string type, Members source) : type_(std::move(type)), source_(std::move(source)) {}

  /// Writes a file, and makes it the source's `path` when it has none.
  Asked& file(const std::string& name, std::string_view text);
  [[nodiscard]] const file::Folder& folder() const { return folder_; }

  /// "81.2", or "a=1 b=2" for several series, with " (note)" behind; "none: why"; "RG1503 message / hint". The folder's name is
  /// taken out.
  std::string measure(const std::string& name, Members query = {});
  std::string ask(core::Question question, http::Tape* tape = nullptr);
  /// The question for `name`, with the source's keys inherited as the gate's reader does it.
  [[nodiscard]] core::Question question(const std::string& name, Members query = {}) const;
  /// When the answer's one point stands.
  std::optional<core::Time> at;

 private:
  std::string type_;
  Members source_;
  file::Folder folder_;
};

/// What check_query and check_source say about keys: "RG1505 message".
std::vector<std::string> mistakes(const std::string& type, Members query);

}  // namespace gate::sources::reports
