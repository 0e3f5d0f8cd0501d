// Which analysis an answer is of: the one that report_task names, waited for, or the newest, if it is not older than the
// release.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/text.h"
#include "sources/file/walk.h"
#include "sources/http_settings.h"
#include "sources/sonarqube/client.h"
#include "sources/sonarqube/report_task.h"

namespace gate::sources::sonarqube {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPoll{1000};
constexpr milliseconds kLongestPoll{10000};
constexpr milliseconds kOtherAsker{200};

}  // namespace

bool SonarQubeSource::was_waited_for(const Component& component) const {
  return !analysis_.empty() && component == own_component(settings_);
}

bool SonarQubeSource::is_of_release(core::Time analysed, const Question& question, const Component& component) const {
  if (was_waited_for(component) || !question.released_at) return true;
  return analysed >= *question.released_at - settings_.duration("max_age").value_or(core::Duration(0));
}

http::Task<std::optional<core::Time>> SonarQubeSource::analysis_of(core::Answer& answer, const Component& component) {
  http::Task<Got> asking = get(answer, "/api/components/show", naming(component, "component"), http::Reuse::within_run);
  const Got got = co_await asking;
  check(got, component);
  const auto date = decode_analysis_date(got.response.body);
  if (!date) throw failed(date.error(), *endpoint_, got.response);
  co_return *date;
}

http::Task<std::optional<core::Time>> SonarQubeSource::fresh_analysis(core::Answer& answer, const Question& question,
                                                                      const Component& component) {
  http::Task<std::optional<core::Time>> dating = analysis_of(answer, component);
  const std::optional<core::Time> analysed = co_await dating;
  if (!analysed) {
    answer.absence = fmt::format("{} has never been analysed", core::printable(describe(component)));
    co_return std::nullopt;
  }
  if (question.before) co_return analysed;
  if (!is_of_release(*analysed, question, component)) {
    answer.absence = fmt::format("stale analysis of {}, older than the release", core::format_time(*analysed));
    co_return std::nullopt;
  }
  if (!question.released_at && !was_waited_for(component)) {
    answer.notes.push_back(fmt::format(
        "of the analysis of {}: without a time of deployment or a `report_task`, nothing tells whether it is of this version",
        core::format_time(*analysed)));
  }
  co_return analysed;
}

std::string SonarQubeSource::read_report_task() const {
  const std::string name = *settings_.text("report_task");
  const std::string identity = fmt::format("{}: report task {}", endpoint_->name, name);
  if (tape_ != nullptr && tape_->mode() == http::TapeMode::replay) {
    auto kept = tape_->get(identity);
    if (!kept) throw core::SourceError(kept.error());
    return std::move(kept).value();
  }
  const std::filesystem::path path = std::filesystem::path(directory_) / name;
  if (auto outside = file::outside_of(within_, path.string())) throw core::SourceError(std::move(*outside));
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    throw core::SourceError({"RG1804",
                             fmt::format("{}: {} cannot be read", endpoint_->name, core::printable(name)),
                             "it is written by the scanner: run the gate after it, in the same workspace",
                             {},
                             {}});
  }
  if (tape_ != nullptr) {
    if (auto kept = tape_->put(identity, text.str()); !kept) throw core::SourceError(kept.error());
  }
  return text.str();
}

/// The analysis of another project says nothing about this one.
void SonarQubeSource::require_own_project(const ReportTask& task) const {
  const std::string project = settings_.text("project").value_or("");
  if (project.empty() || task.project.empty() || task.project == project) return;
  throw core::SourceError({"RG1804",
                           fmt::format("{}: {} is of the project `{}`, not of `{}`", endpoint_->name,
                                       core::printable(*settings_.text("report_task")), core::printable(task.project), project),
                           "give each project a source of its own, with its own `report_task`",
                           {},
                           {}});
}

/// The analysis that report_task names, waited for once for all questions.
http::Task<void> SonarQubeSource::wait_for_analysis(core::Answer& answer) {
  if (!settings_.has("report_task")) co_return;
  if (waiting_ == Waiting::not_started) {
    waiting_ = Waiting::under_way;
    // The failure is kept as a value: every question ends with it, not only the one that waited.
    try {
      const std::string name = *settings_.text("report_task");
      const core::Result<ReportTask> task = parse_report_task(read_report_task(), name);
      if (!task) throw core::SourceError(task.error());
      require_own_project(*task);
      http::Task<void> polling = poll_task(answer, task->task);
      co_await polling;
    } catch (const core::SourceError& failure) {
      waiting_failed_ = failure.error();
    }
    waiting_ = Waiting::done;
  }
  while (waiting_ == Waiting::under_way) {
    http::Task<void> nap = client_->sleep(kOtherAsker);
    co_await nap;
  }
  if (waiting_failed_) throw core::SourceError(*waiting_failed_);
}

http::Task<void> SonarQubeSource::poll_task(core::Answer& answer, const std::string& task) {
  for (milliseconds pause = kFirstPoll;; pause = std::min(2 * pause, kLongestPoll)) {
    Parameters parameters = {{"id", task}};
    http::Task<Got> asking = get(answer, "/api/ce/task", std::move(parameters), http::Reuse::never);
    const Got got = co_await asking;
    check(got, {"the background task " + task, "", ""});
    const core::Result<Task> state = decode_task(got.response.body);
    if (!state) throw failed(state.error(), *endpoint_, got.response);
    if (state->status == "SUCCESS") {
      analysis_ = state->analysis;
      co_return;
    }
    if (state->status == "FAILED" || state->status == "CANCELED") {
      const std::string why = state->error_message.empty() ? "" : ": " + shown(*client_, state->error_message);
      throw core::SourceError({"RG1807",
                               fmt::format("{}: the analysis ended as {}{}", endpoint_->name, state->status, why),
                               "the scanner's log and the server's page \"Background Tasks\" say more; analyse again",
                               {got.response.log.method + " " + got.response.log.url},
                               {}});
    }
    http::Task<void> nap = client_->sleep(pause);
    co_await nap;
  }
}

}  // namespace gate::sources::sonarqube
