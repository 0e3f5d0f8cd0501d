// EventLogSource: users and events counted in logs, by the file source, which reads each file once. Not for reading files.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sources/event_log/query.h"
#include "sources/event_log/users.h"
#include "sources/file/client.h"
#include "sources/source.h"
#include "sources/workspace_file.h"

namespace gate::sources::event_log {

class EventLogSource : public Source {
 public:
  EventLogSource(std::string id, const core::Settings& settings, const SourceContext& context);

  void prepare(std::span<const Question* const> questions) override;
  /// Users are counted exactly, with their ids in memory, unless `counting` says otherwise. Throws core::SourceError: RG1401 to
  /// RG1414, RG1501, RG1502.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<void> health(Health& found) override;

 private:
  /// A question as it is put to the file source.
  struct Translated {
    EventQuery query;
    Question asked;      ///< among the eligible users where there are any
    Question among_all;  ///< the same among all users, to tell how many are not eligible
    bool has_eligible = false;
  };

  /// A question about single users, and where its answer comes from.
  struct OfUsers {
    EventQuery query;
    UserPass* pass = nullptr;
    std::size_t number = 0;
  };

  void prepare_users(const Question& question);
  http::Task<core::Answer> ask_users(const Question& question);
  [[nodiscard]] std::string tape_identity(const Question& question, const EventQuery& query) const;
  Translated translate(const Question& question) const;
  file::FileSource& reader_of(const Translated& translated);
  void require_inside(const EventQuery& query) const;

  std::string id_;
  core::Settings settings_;
  core::Settings list_;  ///< of a file source over the eligible users
  SourceContext context_;
  std::unique_ptr<file::FileSource> logs_;
  std::unique_ptr<file::FileSource> eligible_;
  std::deque<Translated> translated_;
  std::map<const Question*, Translated*> places_;
  file::FileOptions user_options_;
  std::map<std::string, std::unique_ptr<UserPass>> user_passes_;  ///< by the pattern of their files
  std::map<const Question*, OfUsers> of_users_;
};

}  // namespace gate::sources::event_log
