// EventLogSource: users and events counted in logs, by the file source, which reads each file once. Not for reading files.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sources/event_log/query.h"
#include "sources/file/client.h"
#include "sources/source.h"
#include "sources/workspace_file.h"

namespace gate::sources::event_log {

class EventLogSource : public Source {
 public:
  EventLogSource(std::string id, const core::Settings& settings, const SourceContext& context);

  void prepare(std::span<const Question* const> questions) override;
  /// Users are counted exactly: their ids are kept in memory. Throws core::SourceError: RG1401 to RG1414, RG1501, RG1502.
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
};

}  // namespace gate::sources::event_log
