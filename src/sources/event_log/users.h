// UserPass: questions about what single users did over time (cohorts, funnels), answered by reading a log once. Not for counts
// of users of one window: those are the file source's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/question.h"
#include "core/samples.h"
#include "sources/event_log/query.h"
#include "sources/file/pass.h"
#include "sources/file/walk.h"

namespace gate::sources::event_log {

/// Users by their place in the order in which they were first read.
using UserNumber = std::uint32_t;

/// What is known of all users of a log.
struct UserLog {
  std::unordered_map<std::string, UserNumber, file::IdHash, std::equal_to<>> numbers;
  std::vector<core::Time> first_seen;   ///< by number
  std::optional<core::Time> first_row;  ///< the earliest time of all
};

/// One question over the rows of one log.
class UserAsker {
 public:
  virtual ~UserAsker() = default;
  /// A row of `user`, in any order of time; `event` says what happened.
  virtual void add(UserNumber user, core::Time time, std::string_view event) = 0;
  /// Series with the label that the question's `each` names, or one without.
  virtual core::Answer finish(const UserLog& log) = 0;
};

/// By QueryMeasure: cohort_users and retained_users, or the funnel's. `question` has a window and outlives the asker.
std::unique_ptr<UserAsker> make_cohorts(const core::Question& question, const EventQuery& query);
std::unique_ptr<UserAsker> make_funnel(const core::Question& question, const EventQuery& query);

class UserPass final : public file::Sink {
 public:
  /// `options` outlives the pass. `eligible`, where the query names them, is where they are read from.
  UserPass(const std::string& directory, const EventQuery& query, const file::FileOptions& options,
           std::optional<file::IdsFrom> eligible, file::Digests digests);

  /// One more question of the same files and users; the number that take() wants. Both outlive the pass.
  std::size_t add(const core::Question& question, const EventQuery& query);
  /// Reads one more block; false when everything is known.
  bool step();
  core::Result<core::Answer> take(std::size_t number);
  [[nodiscard]] const std::vector<file::FileRead>& files() const { return walk_.files(); }

  void header(std::span<const std::string> columns) override;
  void row(std::span<const file::Cell> cells, std::uint64_t number) override;
  void bad(std::uint64_t number, std::string_view why) override;

 private:
  struct Asked {
    EventQuery query;
    std::vector<file::Condition> where;
    std::vector<std::size_t> where_places;
    std::unique_ptr<UserAsker> asker;
    std::uint64_t in_window = 0;  ///< rows
    core::Window window;
  };

  void fail(core::Error error);
  void fail_row(std::uint64_t number, std::string_view why);
  std::optional<UserNumber> number_of(std::string_view user, core::Time time);

  const file::FileOptions& options_;
  file::Columns columns_;
  std::size_t user_place_;
  std::size_t event_place_;
  std::size_t time_place_;
  std::unique_ptr<file::IdCollector> collector_;
  std::shared_ptr<const file::Ids> eligible_;
  file::FileWalk walk_;
  std::vector<Asked> asked_;
  UserLog log_;
  std::uint64_t bad_rows_ = 0;
  std::optional<core::Error> error_;
  bool done_ = false;
};

}  // namespace gate::sources::event_log
