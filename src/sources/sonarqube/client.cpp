#include "sources/sonarqube/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"
#include "sources/http_settings.h"

namespace gate::sources::sonarqube {
namespace {

constexpr std::size_t kHistoryPage = 1000;

std::string measure_of(const Question& question) {
  return question.query.text("measure").value_or("");
}

/// Another branch's present is a baseline, too; what is left has to be looked up in the past.
bool asks_the_past(const Question& question) {
  return question.before && !has_baseline_branch(question);
}

std::string described(const Question& question, const Component& component) {
  const std::string what = question.shape == Shape::state ? "quality gate" : measure_of(question);
  const std::string when =
      asks_the_past(question) ? fmt::format(", the last before {}", core::format_time(*question.before)) : "";
  return fmt::format("{} of {}{}", what, describe(component), when);
}

}  // namespace

core::SourceError failed(core::Error error, const http::Endpoint& endpoint, const http::Response& response) {
  error.message = endpoint.name + ": " + error.message;
  error.context.push_back(response.log.method + " " + response.log.url);
  return core::SourceError(std::move(error));
}

SonarQubeSource::SonarQubeSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : endpoint_(std::make_shared<const http::Endpoint>(std::move(endpoint))),
      settings_(settings),
      client_(context.client),
      tape_(context.tape),
      directory_(context.directory),
      within_(context.within) {}

void SonarQubeSource::prepare(std::span<const Question* const> questions) {
  for (const Question* question : questions) {
    components_.insert(component_of(*question, settings_));
    if (question->shape == Shape::latest && !asks_the_past(*question))
      metrics_[component_of(*question, settings_)].insert(measure_of(*question));
  }
}

http::Task<core::Answer> SonarQubeSource::ask(const Question& question) {
  core::Answer answer;
  const Component component = component_of(question, settings_);
  answer.asked = described(question, component);
  answer.graph_url = dashboard(component);
  if (endpoint_->insecure) answer.notes.emplace_back("TLS certificates were not verified (`insecure = true`)");
  http::Task<void> waiting = wait_for_analysis(answer);
  co_await waiting;
  http::Task<void> asking = asks_the_past(question)          ? ask_history(answer, question, component)
                            : question.shape == Shape::state ? ask_gate(answer, question, component)
                                                             : ask_measure(answer, question, component);
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
    if (!decoded) throw failed(decoded.error(), *endpoint_, got.response);
    co_return std::move(decoded).value();
  }
}

void SonarQubeSource::put(core::Answer& answer, const std::vector<Measure>& all, const std::string& metric,
                          core::Time time) const {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Measure& one) { return one.metric == metric; });
  if (found == all.end()) {
    answer.absence = fmt::format("nothing to measure in the analysis of {}, which is not zero", core::format_time(time));
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

/// The analysis before the one that is judged. Pages are in the order of time, so they are read from the last one back.
http::Task<void> SonarQubeSource::ask_history(core::Answer& answer, const Question& question, const Component& component) {
  const std::string metric = measure_of(question);
  http::Task<std::optional<core::Time>> dating = analysis_of(answer, component);
  const std::optional<core::Time> newest = co_await dating;
  core::Time end = *question.before;
  if (newest && is_of_release(*newest, question, component)) end = std::min(end, *newest);
  http::Task<History> counting = history_page(answer, component, metric, *question.before, 1);
  History first = co_await counting;
  for (std::size_t page = std::max<std::size_t>(1, (first.total + kHistoryPage - 1) / kHistoryPage); page > 0; --page) {
    History history = first;
    if (page > 1) {
      http::Task<History> paging = history_page(answer, component, metric, *question.before, page);
      history = co_await paging;
    }
    for (std::size_t i = history.times.size(); i > 0; --i) {
      if (history.times[i - 1] >= end || history.values[i - 1].empty()) continue;
      put(answer, {{metric, history.values[i - 1]}}, metric, history.times[i - 1]);
      co_return;
    }
  }
  answer.absence = fmt::format("no analysis before {} has `{}`", core::format_time(end), core::printable(metric));
}

http::Task<History> SonarQubeSource::history_page(core::Answer& answer, const Component& component, const std::string& metric,
                                                  core::Time to, std::size_t page) {
  Parameters parameters = naming(component, "component");
  parameters.emplace_back("metrics", metric);
  parameters.emplace_back("to", format_sonar_time(to));
  parameters.emplace_back("ps", std::to_string(kHistoryPage));
  parameters.emplace_back("p", std::to_string(page));
  http::Task<Got> asking = get(answer, "/api/measures/search_history", std::move(parameters), http::Reuse::within_run);
  const Got got = co_await asking;
  check(got, component);
  core::Result<History> decoded = decode_history(got.response.body, metric);
  if (!decoded) throw failed(decoded.error(), *endpoint_, got.response);
  co_return std::move(decoded).value();
}

http::Task<void> SonarQubeSource::ask_gate(core::Answer& answer, const Question& question, const Component& component) {
  Parameters parameters = naming(component, "projectKey");
  if (was_waited_for(component)) {
    parameters = {{"analysisId", analysis_}};
  } else {
    http::Task<std::optional<core::Time>> dating = fresh_analysis(answer, question, component);
    const std::optional<core::Time> analysed = co_await dating;
    if (!analysed) co_return;
  }
  http::Task<Got> asking = get(answer, "/api/qualitygates/project_status", std::move(parameters), http::Reuse::within_run);
  const Got got = co_await asking;
  check(got, component);
  core::Result<QualityGate> gate = decode_quality_gate(got.response.body);
  if (!gate) throw failed(gate.error(), *endpoint_, got.response);
  if (gate->ignored_conditions)
    answer.notes.emplace_back("the server ignored conditions on coverage and duplication: the change is small");
  answer.state = gate->state;
  answer.state->word = shown(*client_, answer.state->word);
  answer.state->reason = shown(*client_, answer.state->reason);
  for (std::string& condition : answer.state->conditions) condition = shown(*client_, condition);
}

std::string SonarQubeSource::dashboard(const Component& component) const {
  const auto url = http::parse_url(endpoint_->url);
  if (!url) return "";
  std::string base = url->origin() + url->path;
  while (base.ends_with('/')) base.pop_back();
  return fmt::format("{}/dashboard?{}", base, http::encode_parameters(naming(component, "id")));
}

std::vector<PlannedRequest> SonarQubeSource::preview(const Question& question) const {
  const Component component = component_of(question, settings_);
  std::vector<PlannedRequest> out;
  if (settings_.has("report_task"))
    out.push_back({"GET", "/api/ce/task", fmt::format("until the analysis of {} is done", *settings_.text("report_task"))});
  out.push_back({"GET", "/api/components/show", fmt::format("when {} was analysed", describe(component))});
  const char* path = asks_the_past(question)          ? "/api/measures/search_history"
                     : question.shape == Shape::state ? "/api/qualitygates/project_status"
                                                      : "/api/measures/component";
  out.push_back({"GET", path, described(question, component)});
  return out;
}

}  // namespace gate::sources::sonarqube
