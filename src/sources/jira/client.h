// JiraSource: questions as requests of Jira's REST API, and its answers as rows.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sources/jira/decode.h"
#include "sources/jira/names.h"
#include "sources/jira/pages.h"
#include "sources/jira/query.h"
#include "sources/jira/refusal.h"
#include "sources/rows.h"
#include "sources/source.h"

namespace gate::sources::jira {

/// What a source of this type was told, beyond its server.
struct Options {
  Deployment deployment = Deployment::cloud;
  JqlTimes times = JqlTimes::epoch;
  std::string site;  ///< of links for people; "" when there is none
  std::vector<std::string> in_progress;
  std::vector<std::string> done;
};

class JiraSource : public Source {
 public:
  /// `client` may be nullptr when only preview() is called.
  JiraSource(http::Endpoint endpoint, Options options, http::Client* client);

  /// Remembers which projects are asked about.
  void prepare(std::span<const Question* const> questions) override;
  /// Shape::slices and batches: rows summed or averaged in equal parts of the window; any other: the rows. Before an answer is
  /// believed, /myself must know who asks. RG1702 when it does not, RG1709 when the shape does not fit the measure.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<std::string> version() override;
  /// Who we are (RG1702), whether we may browse the projects that are asked about (RG1714), and whether `deployment` is right
  /// (RG1715).
  http::Task<void> health(Health& found) override;

 private:
  /// Everything that one question gathers.
  struct Asking {
    const Question& question;
    Query query;
    core::Answer answer;
    std::vector<Row> rows;
    std::size_t dropped = 0;  ///< issues and versions that have no value
  };

  // client.cpp: one request each, or one chain of pages
  http::Task<std::string> send(Asking& asking, std::string method, std::string path, std::string body, std::string jql);
  http::Task<std::string> get(Asking& asking, std::string path);
  http::Task<std::vector<Issue>> next_page(Asking& asking, Search& search, WithHistory history);
  http::Task<void> add_histories(Asking& asking, std::vector<Issue>& issues);
  http::Task<void> check_identity(Asking& asking);
  http::Task<std::vector<Field>> fields(Asking& asking);
  http::Task<DateField> window_field(Asking& asking);
  http::Task<Workflow> workflow(Asking& asking);
  [[nodiscard]] http::Task<http::Response> send_once(std::string path, http::Reuse reuse) const;
  /// The value, or its error thrown with the source's name and `path`.
  template <typename T>
  T value_of(core::Result<T> result, const std::string& path) const;
  [[nodiscard]] std::string api(std::string_view path) const;

  // health.cpp: what `sources --check` wants to know
  http::Task<Myself> identify(Asking& asking);
  http::Task<void> require_browsing(Asking& asking, std::string project, const Myself& myself);

  // measures.cpp: the rows of one measure each
  http::Task<void> collect(Asking& asking);
  http::Task<void> collect_issues(Asking& asking);
  http::Task<void> collect_by_history(Asking& asking);
  std::optional<Row> row_by_history(Asking& asking, const Issue& issue, const Workflow& statuses, core::Time done) const;
  std::optional<core::Time> required_moment(Asking& asking, const Issue& issue, const std::string& field) const;
  http::Task<std::vector<std::int64_t>> scrum_boards(Asking& asking);
  http::Task<std::vector<Sprint>> closed_sprints(Asking& asking, std::int64_t board);
  http::Task<void> collect_velocity(Asking& asking);
  http::Task<void> add_sprint(Asking& asking, const Sprint& sprint, const std::vector<std::string>& points,
                              const Workflow& statuses);
  http::Task<std::vector<Version>> released_versions(Asking& asking);
  http::Task<void> collect_versions(Asking& asking);
  http::Task<void> collect_matching(Asking& asking);
  void finish(Asking& asking) const;

  [[nodiscard]] std::string graph_url(const Question& question, const Query& query) const;
  [[nodiscard]] std::string shown_jql(const Question& question, const Query& query) const;

  std::shared_ptr<const http::Endpoint> endpoint_;
  Options options_;
  http::Client* client_;
  std::set<std::string> projects_;  ///< that the questions name, by key
};

template <typename T>
T JiraSource::value_of(core::Result<T> result, const std::string& path) const {
  if (result.ok()) return std::move(result).value();
  core::Error error = result.error();
  error.message = endpoint_->name + ": " + error.message;
  error.context.push_back(path);
  throw core::SourceError(std::move(error));
}

}  // namespace gate::sources::jira
