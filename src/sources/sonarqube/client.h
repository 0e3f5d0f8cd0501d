// SonarQubeSource: questions as requests of SonarQube's Web API (Server and Cloud), and its answers as points and states.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sources/sonarqube/decode.h"
#include "sources/sonarqube/requests.h"
#include "sources/source.h"

namespace gate::sources::sonarqube {

class SonarQubeSource : public Source {
 public:
  /// `settings` outlive the source; `context.client` may be nullptr when only preview() is called.
  SonarQubeSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  /// Gathers the metric keys of each component, so that they are asked together.
  void prepare(std::span<const Question* const> questions) override;
  /// Shape::latest: the measure of the newest analysis (candidate) or of the newest one before the release (baseline, through
  /// the history, or the other branch). Shape::state: the quality gate. An answer without a point or state: not measured, or
  /// stale.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<std::string> version() override;
  /// RG1805: the credential is not valid. The errors of status_error for everything else.
  http::Task<Health> health() override;

 private:
  struct Got {
    http::Response response;
    http::Request request;
  };

  http::Task<Got> get(core::Answer& answer, std::string path, Parameters parameters, http::Reuse reuse);
  http::Task<void> ask_measure(core::Answer& answer, const Question& question, const Component& component);
  http::Task<void> ask_history(core::Answer& answer, const Question& question, const Component& component);
  http::Task<void> ask_gate(core::Answer& answer, const Question& question, const Component& component);
  http::Task<std::vector<Measure>> measures(core::Answer& answer, const Component& component, const std::string& metric);
  /// The time of the component's newest analysis, or nothing (with a note) when it is older than the release allows.
  http::Task<std::optional<core::Time>> fresh_analysis(core::Answer& answer, const Question& question,
                                                       const Component& component);
  http::Task<void> wait_for_analysis(core::Answer& answer);
  http::Task<void> poll_task(core::Answer& answer, const std::string& task);
  [[nodiscard]] std::string read_report_task() const;
  void check(const Got& got, const Component& component) const;
  void put(core::Answer& answer, const std::vector<Measure>& all, const std::string& metric, core::Time time) const;
  [[nodiscard]] std::string dashboard(const Component& component) const;

  std::shared_ptr<const http::Endpoint> endpoint_;
  const core::Settings& settings_;
  http::Client* client_;
  http::Tape* tape_;
  std::string directory_;
  std::map<Component, std::set<std::string>> metrics_;  ///< asked together
  enum class Waiting { not_started, under_way, done } waiting_ = Waiting::not_started;
  std::optional<core::Error> waiting_failed_;
  std::string analysis_;  ///< of report_task, once it is done
};

}  // namespace gate::sources::sonarqube
