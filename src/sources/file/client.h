// FileSource: the questions of a run, answered by reading every file once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sources/file/pass.h"
#include "sources/source.h"

namespace gate::sources::file {

class FileSource : public Source {
 public:
  FileSource(std::string id, FileOptions options, SourceContext context);

  /// Puts the questions about the same files together, so that these are read once.
  void prepare(std::span<const Question* const> questions) override;
  /// Reads on, a block at a time, until the answer is there; whoever asks drives the reading for all. Throws core::SourceError:
  /// RG1401 to RG1413, and the client's own at the deadline.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Whether the files are there and can be read (RG1401 to RG1403): how many, how large, how old. Nothing in them is looked
  /// at.
  http::Task<void> health(Health& found) override;

 private:
  /// Where the answer to a question comes from.
  struct Place {
    Pass* pass = nullptr;
    std::size_t number = 0;
  };

  [[nodiscard]] std::optional<IdsFrom> ids_from(const FileQuery& query) const;
  [[nodiscard]] core::Error named(core::Error error) const;
  void record(const Question& question, const core::Result<core::Answer>& answer, const Pass& pass) const;

  std::string id_;
  FileOptions options_;
  SourceContext context_;
  std::map<std::string, std::unique_ptr<Pass>> passes_;  ///< by the pattern of their files
  std::map<const Question*, Place> places_;
};

}  // namespace gate::sources::file
