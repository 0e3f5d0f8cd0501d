// SonarQubeSource: questions as requests of SonarQube's Web API (Server and Cloud), and its answers as points and states.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sources/sonarqube/decode.h"
#include "sources/sonarqube/report_task.h"
#include "sources/sonarqube/requests.h"
#include "sources/source.h"

namespace gate::sources::sonarqube {

/// `error` with the source's name and the request before which it was thrown.
core::SourceError failed(core::Error error, const http::Endpoint& endpoint, const http::Response& response);

class SonarQubeSource : public Source {
 public:
  /// `settings` outlive the source; `context.client` may be nullptr when only preview() is called.
  SonarQubeSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  /// Gathers the metric keys of each component, so that they are asked together.
  void prepare(std::span<const Question* const> questions) override;
  /// Shape::latest: the measure of the newest analysis (candidate) or of the newest one before the release (baseline, through
  /// the history, or the other branch). Shape::state: the quality gate. An answer without a point or state (not measured, or
  /// stale) says why in Answer::absence.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<std::string> version() override;
  /// Whether the token is valid (RG1805), and its user may browse what the questions are about.
  http::Task<void> health(Health& found) override;

 private:
  struct Got {
    http::Response response;
    http::Request request;
  };

  http::Task<Got> get(core::Answer& answer, std::string path, Parameters parameters, http::Reuse reuse);
  http::Task<void> ask_measure(core::Answer& answer, const Question& question, const Component& component);
  http::Task<void> ask_history(core::Answer& answer, const Question& question, const Component& component);
  http::Task<History> history_page(core::Answer& answer, const Component& component, const std::string& metric, core::Time to,
                                   std::size_t page);
  http::Task<void> ask_gate(core::Answer& answer, const Question& question, const Component& component);
  http::Task<std::vector<Measure>> measures(core::Answer& answer, const Component& component, const std::string& metric);

  // analysis.cpp
  /// Whether report_task waited for an analysis of `component`.
  [[nodiscard]] bool was_waited_for(const Component& component) const;
  /// Whether an analysis of that time is of the new version.
  [[nodiscard]] bool is_of_release(core::Time analysed, const Question& question, const Component& component) const;
  /// The time of the component's newest analysis; nothing when there is none.
  http::Task<std::optional<core::Time>> analysis_of(core::Answer& answer, const Component& component);
  /// The same, or nothing (and Answer::absence) when it is older than the release allows.
  http::Task<std::optional<core::Time>> fresh_analysis(core::Answer& answer, const Question& question,
                                                       const Component& component);
  http::Task<void> wait_for_analysis(core::Answer& answer);
  http::Task<void> poll_task(core::Answer& answer, const std::string& task);
  [[nodiscard]] std::string read_report_task() const;
  void require_own_project(const ReportTask& task) const;

  void check(const Got& got, const Component& component) const;
  void put(core::Answer& answer, const std::vector<Measure>& all, const std::string& metric, core::Time time) const;
  [[nodiscard]] std::string dashboard(const Component& component) const;

  std::shared_ptr<const http::Endpoint> endpoint_;
  const core::Settings& settings_;
  http::Client* client_;
  http::Tape* tape_;
  std::string directory_;
  std::string within_;
  std::set<Component> components_;                      ///< that the questions are about
  std::map<Component, std::set<std::string>> metrics_;  ///< asked together
  enum class Waiting { not_started, under_way, done } waiting_ = Waiting::not_started;
  std::optional<core::Error> waiting_failed_;
  std::string analysis_;  ///< of report_task, once it is done
};

}  // namespace gate::sources::sonarqube
