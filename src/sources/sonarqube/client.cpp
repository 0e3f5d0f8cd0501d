#include "sources/sonarqube/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/text.h"
#include "http/url.h"
#include "sources/http_settings.h"
#include "sources/sonarqube/report_task.h"

namespace gate::sources::sonarqube {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHistoryPage = 1000;
constexpr milliseconds kFirstPoll{1000};
constexpr milliseconds kLongestPoll{10000};
constexpr milliseconds kOtherAsker{200};

std::string measure_of(const Question& question) {
  return question.query.text("measure").value_or("");
}

core::Error place(core::Error error, const http::Endpoint& endpoint, const http::Response& response) {
  error.message = endpoint.name + ": " + error.message;
  error.context.push_back(response.log.method + " " + response.log.url);
  return error;
}

}  // namespace

SonarQubeSource::SonarQubeSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : endpoint_(std::make_shared<const http::Endpoint>(std::move(endpoint))),
      settings_(settings),
      client_(context.client),
      tape_(context.tape),
      directory_(context.directory) {}

void SonarQubeSource::prepare(std::span<const Question* const> questions) {
  for (const Question* question : questions) {
    const bool present = !question->before || has_baseline_branch(*question);
    if (question->shape == Shape::latest && present) metrics_[component_of(*question, settings_)].insert(measure_of(*question));
  }
}

http::Task<core::Answer> SonarQubeSource::ask(const Question& question) {
  core::Answer answer;
  const Component component = component_of(question, settings_);
  answer.graph_url = dashboard(component);
  if (endpoint_->insecure) answer.notes.emplace_back("TLS certificates were not verified (`insecure = true`)");
  const bool past = question.before && !has_baseline_branch(question);
  if (past) {
    http::Task<void> asking = ask_history(answer, question, component);
    co_await asking;
    co_return answer;
  }
  if (!question.before) {
    http::Task<void> waiting = wait_for_analysis(answer);
    co_await waiting;
  }
  http::Task<void> asking =
      question.shape == Shape::state ? ask_gate(answer, question, component) : ask_measure(answer, question, component);
  co_await asking;
  co_return answer;
}

http::Task<SonarQubeSource::Got> SonarQubeSource::get(core::Answer& answer, std::string path, Parameters parameters,
                                                      http::Reuse reuse) {
  Got got;
  got.request.endpoint = endpoint_;
  got.request.path = std::move(path);
  got.request.parameters = std::move(parameters);
  got.request.reuse = reuse;
  http::Task<http::Response> sending = client_->send(got.request);
  got.response = co_await sending;
  answer.requests.push_back(got.response.log);
  if (got.response.status == 200 && http::is_html(got.response)) {
    throw core::SourceError({"RG1202",
                             fmt::format("{}: the server answered with a web page instead of data", endpoint_->name),
                             "a login page or a proxy's: check `url`, and whether a credential is needed",
                             {got.response.log.method + " " + got.response.log.url},
                             {}});
  }
  co_return got;
}

/// What an answer that is not 2xx means here, in words that name what to mend.
void SonarQubeSource::check(const Got& got, const Component& component) const {
  const int status = got.response.status;
  if (status >= 200 && status < 300) return;
  core::Error error = http::status_error(got.request, got.response, client_->redactor());
  if (status == 401) {
    error.hint = fmt::format("the token is missing, wrong or expired{}; servers before 10.0 may want auth = \"basic\"",
                             endpoint_->credential_reference.empty() ? "" : " (" + endpoint_->credential_reference + ")");
  } else if (status == 403) {
    error.hint = fmt::format("the token's user needs the permission \"Browse\" on {}", describe(component));
  } else if (status == 404) {
    error.code = "RG1803";
    error.message = fmt::format("{}: {} is not there, or the token may not see it (HTTP 404)", endpoint_->name,
                                core::printable(describe(component)));
    error.hint =
        "check `project`, `branch` and `organization`, and that the token's user may \"Browse\" it: both look the same from "
        "here";
  }
  throw core::SourceError(std::move(error));
}

/// All wanted metrics of the component in one request. One unknown key fails the whole of it, so it is asked again without.
http::Task<std::vector<Measure>> SonarQubeSource::measures(core::Answer& answer, const Component& component,
                                                           const std::string& metric) {
  std::set<std::string> wanted = metrics_[component];
  wanted.insert(metric);
  while (true) {
    std::string keys;
    for (const std::string& key : wanted) keys += (keys.empty() ? "" : ",") + key;
    Parameters parameters = naming(component, "component");
    parameters.emplace_back("metricKeys", keys);
    http::Task<Got> asking = get(answer, "/api/measures/component", std::move(parameters), http::Reuse::within_run);
    const Got got = co_await asking;
    const std::vector<std::string> unknown =
        got.response.status == 404 ? unknown_metrics(got.response.body) : std::vector<std::string>();
    std::size_t removed = 0;
    for (const std::string& key : unknown) removed += wanted.erase(key);
    if (std::find(unknown.begin(), unknown.end(), metric) != unknown.end()) {
      throw core::SourceError({"RG1806",
                               fmt::format("{}: the server knows no metric `{}`", endpoint_->name, core::printable(metric)),
                               "its keys: " + endpoint_->url + "/api/metrics/search",
                               {got.response.log.method + " " + got.response.log.url},
                               {}});
    }
    if (removed > 0) continue;
    check(got, component);
    core::Result<std::vector<Measure>> decoded = decode_measures(got.response.body);
    if (!decoded) throw core::SourceError(place(decoded.error(), *endpoint_, got.response));
    co_return std::move(decoded).value();
  }
}

void SonarQubeSource::put(core::Answer& answer, const std::vector<Measure>& all, const std::string& metric,
                          core::Time time) const {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Measure& one) { return one.metric == metric; });
  if (found == all.end()) {
    answer.notes.push_back(fmt::format("`{}` is absent from the analysis: there was nothing to measure, which is not zero",
                                       core::printable(metric)));
    return;
  }
  const core::Result<double> value = number_of(*found);
  if (!value) {
    core::Error error = value.error();
    error.message = endpoint_->name + ": " + error.message;
    throw core::SourceError(std::move(error));
  }
  core::Series series;
  series.times.push_back(time);
  series.values.push_back(*value);
  answer.series.push_back(std::move(series));
}

http::Task<void> SonarQubeSource::ask_measure(core::Answer& answer, const Question& question, const Component& component) {
  http::Task<std::optional<core::Time>> dating = fresh_analysis(answer, question, component);
  const std::optional<core::Time> analysed = co_await dating;
  if (!analysed) co_return;
  const std::string metric = measure_of(question);
  http::Task<std::vector<Measure>> asking = measures(answer, component, metric);
  const std::vector<Measure> all = co_await asking;
  put(answer, all, metric, *analysed);
}

http::Task<std::optional<core::Time>> SonarQubeSource::fresh_analysis(core::Answer& answer, const Question& question,
                                                                      const Component& component) {
  http::Task<Got> asking = get(answer, "/api/components/show", naming(component, "component"), http::Reuse::within_run);
  const Got got = co_await asking;
  check(got, component);
  const auto date = decode_analysis_date(got.response.body);
  if (!date) throw core::SourceError(place(date.error(), *endpoint_, got.response));
  if (!date.value()) {
    answer.notes.push_back(fmt::format("{} has never been analysed", core::printable(describe(component))));
    co_return std::nullopt;
  }
  const core::Duration age = settings_.duration("max_age").value_or(core::Duration(0));
  const bool waited_for = !analysis_.empty();
  if (!question.before && !waited_for && question.released_at && *date.value() < *question.released_at - age) {
    answer.notes.push_back(
        fmt::format("stale analysis of {}: older than the release allows; set `report_task`, or a longer `max_age`",
                    core::format_time(*date.value())));
    co_return std::nullopt;
  }
  co_return *date.value();
}

/// The last analysis before the release. Pages are in the order of time, so the last page holds it.
http::Task<void> SonarQubeSource::ask_history(core::Answer& answer, const Question& question, const Component& component) {
  const std::string metric = measure_of(question);
  History history;
  for (std::size_t page = 1, last = 1; page <= last;) {
    Parameters parameters = naming(component, "component");
    parameters.emplace_back("metrics", metric);
    parameters.emplace_back("to", format_sonar_time(*question.before));
    parameters.emplace_back("ps", std::to_string(kHistoryPage));
    parameters.emplace_back("p", std::to_string(page));
    http::Task<Got> asking = get(answer, "/api/measures/search_history", std::move(parameters), http::Reuse::within_run);
    const Got got = co_await asking;
    check(got, component);
    core::Result<History> decoded = decode_history(got.response.body, metric);
    if (!decoded) throw core::SourceError(place(decoded.error(), *endpoint_, got.response));
    history = std::move(decoded).value();
    last = std::max<std::size_t>(1, (history.total + kHistoryPage - 1) / kHistoryPage);
    if (page == last) break;
    page = last;
  }
  for (std::size_t i = history.times.size(); i > 0; --i) {
    if (history.times[i - 1] >= *question.before || history.values[i - 1].empty()) continue;
    put(answer, {{metric, history.values[i - 1]}}, metric, history.times[i - 1]);
    co_return;
  }
  answer.notes.push_back(
      fmt::format("no analysis before {} has `{}`", core::format_time(*question.before), core::printable(metric)));
}

http::Task<void> SonarQubeSource::ask_gate(core::Answer& answer, const Question& question, const Component& component) {
  Parameters parameters = naming(component, "projectKey");
  if (!analysis_.empty()) {
    parameters = {{"analysisId", analysis_}};
  } else {
    http::Task<std::optional<core::Time>> dating = fresh_analysis(answer, question, component);
    if (const std::optional<core::Time> analysed = co_await dating; !analysed) co_return;
  }
  http::Task<Got> asking = get(answer, "/api/qualitygates/project_status", std::move(parameters), http::Reuse::within_run);
  const Got got = co_await asking;
  check(got, component);
  core::Result<QualityGate> gate = decode_quality_gate(got.response.body);
  if (!gate) throw core::SourceError(place(gate.error(), *endpoint_, got.response));
  if (gate->ignored_conditions)
    answer.notes.emplace_back("the server ignored conditions on coverage and duplication: the change is small");
  answer.state = gate->state;
  answer.state->word = shown(*client_, answer.state->word);
  answer.state->reason = shown(*client_, answer.state->reason);
  for (std::string& condition : answer.state->conditions) condition = shown(*client_, condition);
}

std::string SonarQubeSource::read_report_task() const {
  const std::string name = *settings_.text("report_task");
  const std::string identity = fmt::format("{}: report task {}", endpoint_->name, name);
  if (tape_ != nullptr && tape_->mode() == http::TapeMode::replay) {
    auto kept = tape_->get(identity);
    if (!kept) throw core::SourceError(kept.error());
    return std::move(kept).value();
  }
  std::ifstream file(std::filesystem::path(directory_) / name, std::ios::binary);
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
    if (!state) throw core::SourceError(place(state.error(), *endpoint_, got.response));
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

std::vector<PlannedRequest> SonarQubeSource::preview(const Question& question) const {
  const Component component = component_of(question, settings_);
  const std::string what = describe(component);
  std::vector<PlannedRequest> out;
  if (question.before && !has_baseline_branch(question)) {
    out.push_back(
        {"GET", "/api/measures/search_history",
         fmt::format("{} of {}, the last before {}", measure_of(question), what, core::format_time(*question.before))});
    return out;
  }
  if (!question.before && settings_.has("report_task"))
    out.push_back({"GET", "/api/ce/task", fmt::format("until the analysis of {} is done", *settings_.text("report_task"))});
  out.push_back({"GET", "/api/components/show", fmt::format("when {} was analysed", what)});
  if (question.shape == Shape::state) {
    out.push_back({"GET", "/api/qualitygates/project_status", fmt::format("the quality gate of {}", what)});
  } else {
    out.push_back({"GET", "/api/measures/component", fmt::format("{} of {}", measure_of(question), what)});
  }
  return out;
}

http::Task<std::string> SonarQubeSource::version() {
  auto once = std::make_shared<http::Endpoint>(*endpoint_);
  once->retries = 0;
  http::Request request;
  request.endpoint = std::move(once);
  request.path = "/api/system/status";
  http::Task<http::Response> sending = client_->send(request);
  const http::Response response = co_await sending;
  if (response.status != 200) co_return std::string();
  const std::string version = decode_version(response.body);
  co_return version.empty() ? std::string() : "SonarQube " + shown(*client_, version);
}

http::Task<Health> SonarQubeSource::health() {
  core::Answer scratch;
  http::Task<Got> validating = get(scratch, "/api/authentication/validate", {}, http::Reuse::within_run);
  const Got got = co_await validating;
  const Component component{settings_.text("project").value_or(""), settings_.text("branch").value_or(""),
                            settings_.text("pull_request").value_or("")};
  check(got, component);
  const core::Result<bool> valid = decode_valid(got.response.body);
  if (!valid) throw core::SourceError(place(valid.error(), *endpoint_, got.response));
  if (!*valid) {
    throw core::SourceError(
        {"RG1805",
         fmt::format("{}: the token is not valid", endpoint_->name),
         endpoint_->credential_reference.empty() ? "give the source a `token`" : "renew " + endpoint_->credential_reference,
         {},
         {}});
  }
  if (!component.project.empty()) {
    http::Task<Got> showing = get(scratch, "/api/components/show", naming(component, "component"), http::Reuse::within_run);
    const Got shown_component = co_await showing;
    check(shown_component, component);
  }
  http::Task<std::string> asking = version();
  Health health;
  health.system = co_await asking;
  co_return health;
}

std::string SonarQubeSource::dashboard(const Component& component) const {
  const auto url = http::parse_url(endpoint_->url);
  if (!url) return "";
  std::string base = url->origin() + url->path;
  while (base.ends_with('/')) base.pop_back();
  return fmt::format("{}/dashboard?{}", base, http::encode_parameters(naming(component, "id")));
}

}  // namespace gate::sources::sonarqube
