// Pass: all questions about the same files, answered by reading them once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/question.h"
#include "core/result.h"
#include "core/samples.h"
#include "sources/file/reducer.h"
#include "sources/file/walk.h"

namespace gate::sources::file {

/// Where to find the rows that `in` takes its ids from.
struct IdsFrom {
  std::string pattern;
  FileOptions options;
};

/// The ids of `spec`, collected block by block.
class IdCollector final : public Sink {
 public:
  IdCollector(IdsOf spec, IdsFrom from, const std::string& directory);

  /// Reads one more block; false when all ids are there.
  core::Result<bool> step();
  [[nodiscard]] std::shared_ptr<const Ids> ids() const { return ids_; }

  void header(std::span<const std::string> columns) override;
  void row(std::span<const Cell> cells, std::uint64_t number) override;
  void bad(std::uint64_t number, std::string_view why) override;

 private:
  IdsOf spec_;
  IdsFrom from_;
  Columns columns_;
  std::vector<std::size_t> where_places_;
  std::shared_ptr<Ids> ids_ = std::make_shared<Ids>();
  std::optional<core::Error> error_;
  std::unique_ptr<FileWalk> walk_;
};

class Pass final : public Sink {
 public:
  /// `options` outlives the pass.
  Pass(std::string directory, std::string pattern, const FileOptions& options, Digests digests);

  /// One more question, before the first step; it outlives the pass. `ids` belongs to a query with `in`. The number that take()
  /// wants.
  std::size_t add(const core::Question& question, FileQuery query, std::optional<IdsFrom> ids);
  /// Reads one more block; false when everything is known.
  bool step();
  /// The answer to question `number`, once.
  core::Result<core::Answer> take(std::size_t number);
  [[nodiscard]] const std::vector<FileRead>& files() const { return walk_.files(); }

  void header(std::span<const std::string> columns) override;
  void row(std::span<const Cell> cells, std::uint64_t number) override;
  void bad(std::uint64_t number, std::string_view why) override;

 private:
  struct Asker {
    Reducer reducer;
    std::unique_ptr<IdCollector> ids;
    std::optional<core::Error> error;
    std::size_t bad_rows = 0;
  };

  bool step_ids();
  bool read_time(std::span<const Cell> cells, std::uint64_t number, core::Time& time);
  void fail_all(core::Error error);
  [[nodiscard]] std::string silence(const Reducer& reducer) const;

  std::string directory_;
  const FileOptions& options_;
  Columns columns_;
  FileWalk walk_;
  std::vector<std::unique_ptr<Asker>> askers_;
  bool wants_time_ = false;
  std::size_t time_place_ = 0;
  std::int64_t order_ = 0;
  std::optional<core::Window> span_;  ///< from the first to the last time among the rows, both included
  std::uint64_t bad_rows_ = 0;
  std::optional<core::Error> error_;
  bool done_ = false;
};

}  // namespace gate::sources::file
