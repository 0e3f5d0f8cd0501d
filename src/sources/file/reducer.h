// Reducer: the rows of one question, counted, summed, averaged or kept as they come. Not for reading them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/question.h"
#include "core/samples.h"
#include "sources/file/query.h"
#include "sources/file/records.h"
#include "sources/hyperloglog.h"

namespace gate::sources::file {

/// Looks up a text that is no std::string without making one.
struct IdHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using Ids = std::unordered_set<std::string, IdHash, std::equal_to<>>;

/// The columns that the questions of one pass need, each once.
class Columns {
 public:
  /// The place of `name`, which is added when it is new.
  std::size_t add(const std::string& name);
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

class Reducer {
 public:
  /// `question` outlives the reducer; the columns it needs are added to `columns`.
  Reducer(const core::Question& question, FileQuery query, Times times, Columns& columns);

  /// RG1413 when the keys do not fit what is asked: `value` in a part that counts, `sum` in a measurement, `distinct` beside a
  /// cluster, rows without times in several parts.
  [[nodiscard]] std::optional<core::Error> misfit() const;
  /// For `in`: the ids to be among. Shared, and complete before the first row.
  void set_ids(std::shared_ptr<const Ids> ids) { ids_ = std::move(ids); }

  /// One row. false when the row cannot be used: problem() says why.
  [[nodiscard]] bool add(std::span<const Cell> cells, core::Time time);
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// Everything, once the last row was added. RG1408 when no row had the column that is measured; RG1409 when `each` finds more
  /// than 1000 values.
  core::Result<core::Answer> finish();

  /// How many rows lay in the window, and how many of them `where` kept.
  [[nodiscard]] std::uint64_t in_window() const { return in_window_; }
  [[nodiscard]] std::uint64_t kept() const { return kept_; }
  [[nodiscard]] const core::Question& question() const { return question_; }
  [[nodiscard]] const FileQuery& query() const { return query_; }
  /// Places, among the columns of the pass, of what this question needs.
  [[nodiscard]] const std::vector<std::size_t>& needs() const { return needs_; }

 private:
  /// What is known of one series.
  struct Group {
    std::vector<double> amounts;  ///< per part: count, sum, or mean
    std::vector<double> weights;  ///< per part: rows
    Ids ids;
    std::unique_ptr<HyperLogLog> sketch;  ///< in place of `ids`
    struct Row {
      core::Time time;
      double value = 0.0;
      std::string id;
    };
    std::vector<Row> rows;
    std::map<std::string, double, std::less<>> clusters;
    std::size_t dropped = 0;
  };

  std::size_t need(const std::string& column, Columns& columns);
  [[nodiscard]] std::string_view measured_column() const;
  bool is_kept(std::span<const Cell> cells);
  bool read_amount(const Cell& cell, double& amount);
  Group* group_of(std::span<const Cell> cells);
  bool put(Group& group, const Cell& cell, std::string_view cluster, core::Time time);
  bool put_in_cluster(Group& group, const Cell& cell, std::string_view cluster);
  [[nodiscard]] bool counts_rows() const;
  [[nodiscard]] std::size_t part_of(core::Time time) const;
  [[nodiscard]] core::Time end_of_part(std::size_t part) const;
  void count_different(Group& group, std::string_view value) const;
  [[nodiscard]] double different(const Group& group) const;
  core::Series series_of(Group& group) const;

  const core::Question& question_;
  FileQuery query_;
  bool is_timeless_;  ///< every row lies in every window
  std::vector<std::size_t> needs_;
  std::vector<std::size_t> where_places_;
  std::size_t value_place_ = 0;
  std::size_t key_place_ = 0;
  std::size_t each_place_ = 0;
  std::size_t cluster_place_ = 0;
  bool measures_ = false;  ///< a column is read, rows are not only counted
  std::shared_ptr<const Ids> ids_;
  std::map<std::string, Group, std::less<>> groups_;
  Group* only_ = nullptr;
  std::string problem_;
  bool too_many_groups_ = false;
  bool saw_value_ = false;
  bool saw_cluster_ = false;
  std::uint64_t in_window_ = 0;
  std::uint64_t kept_ = 0;
};

}  // namespace gate::sources::file
