#include "sources/gitlab_deployments/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/calendar_days.h"
#include "sources/gitlab_deployments/decode.h"
#include "sources/next_page.h"

namespace gate::sources::gitlab_deployments {
namespace {

constexpr ApiSystem kSystem{
    "GitLab", "the token is missing, wrong or expired",
    "the token needs the scope read_api, and its user the role Reporter; /dora/metrics needs GitLab Ultimate",
    "check `project`, and that the token may see it: GitLab hides what it may not"};

constexpr const char* kPageSize = "100";

}  // namespace

GitlabDeployments::GitlabDeployments(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : DeploymentSource(kSystem, std::move(endpoint), settings, context),
      lookback_(settings.duration("lookback").value_or(std::chrono::days(30))) {}

std::string GitlabDeployments::project_of(const core::Settings& query) const {
  const std::string name = query.text("project").value_or(settings().text("project").value_or(""));
  return "/projects/" + http::percent_encode(name);
}

http::Request GitlabDeployments::probe() const {
  return caller().get(project_of(first_query()) + "/deployments", {{"per_page", "1"}});
}

http::Request GitlabDeployments::first_page(const Asking& asking, std::string_view status) const {
  Parameters parameters = {{"environment", asking.environment},
                           {"status", std::string(status)},
                           {"order_by", "finished_at"},
                           {"sort", "asc"},
                           {"per_page", kPageSize}};
  const core::Time since = asking.question.window ? asking.question.window->start - lookback_ : core::Time();
  parameters.insert(parameters.begin() + 3, {"finished_after", core::format_time(since)});
  return caller().get(asking.project + "/deployments", std::move(parameters));
}

std::vector<PlannedRequest> GitlabDeployments::preview(const Question& question) const {
  core::Answer none;
  const Asking asking = asking_of(none, question);
  if (const std::string_view metric = dora_metric(asking.measure); !metric.empty())
    return {{"GET", asking.project + "/dora/metrics", fmt::format("metric={} interval=all", metric)}};
  const http::Request first = first_page(asking, "success");
  std::vector<PlannedRequest> out = {{"GET", first.path, http::encode_parameters(first.parameters)}};
  const DeploymentMeasure measure = deployment_measure(asking.measure);
  if (needs_failures(measure))
    out.push_back({"GET", first.path, http::encode_parameters(first_page(asking, "failed").parameters)});
  if (needs_rollbacks(measure))
    out.push_back({"GET", asking.project + "/repository/merge_base", "of each with the one before"});
  return out;
}

http::Task<void> GitlabDeployments::add_deployments(Asking& asking, std::string status, std::vector<Deployment>& all) {
  http::Request page = first_page(asking, status);
  PageChain chain(caller());
  std::size_t without_job = 0;
  while (true) {
    http::Task<http::Response> sending = caller().ask(asking.answer, page);
    http::Response response = co_await sending;
    const std::string next = next_link(response);
    const JsonAnswer answer = caller().json_in(std::move(response), page.path);
    for (Deployment& one : decode_deployments(answer.root(), without_job)) all.push_back(std::move(one));
    if (next.empty()) break;
    chain.follow(next);
    page = next_page(caller(), page, next);
  }
  if (without_job > 0)
    asking.answer.notes.push_back(
        fmt::format("{} deployments have no job: they ended when they were last updated", without_job));
}

/// An environment that was never deployed to and one whose name is misspelt have the same deployments: none.
http::Task<void> GitlabDeployments::require_environment(Asking& asking) {
  http::Task<JsonAnswer> asking_it =
      caller().ask_json(asking.answer, caller().get(asking.project + "/environments", {{"name", asking.environment}}));
  const JsonAnswer found = co_await asking_it;
  if (!found.root().items().empty()) co_return;
  throw no_such_thing(caller(), "environment", asking.environment);
}

http::Task<bool> GitlabDeployments::is_behind(Asking& asking, std::string before, std::string after) {
  http::Task<JsonAnswer> comparing = caller().ask_json(
      asking.answer, caller().get(asking.project + "/repository/merge_base", {{"refs[]", before}, {"refs[]", after}}));
  const JsonAnswer base = co_await comparing;
  co_return base.root().need("id").text() == after;
}

http::Task<core::Time> GitlabDeployments::time_of_commit(Asking& asking, std::string sha) {
  http::Task<JsonAnswer> getting =
      caller().ask_json(asking.answer, caller().get(fmt::format("{}/repository/commits/{}", asking.project, sha)));
  const JsonAnswer commit = co_await getting;
  co_return decode_commit(commit.root());
}

/// One number for the whole days of UTC that lie in the window, as GitLab computes it.
http::Task<void> GitlabDeployments::fetch_dora(Asking& asking) {
  const auto days = asking.question.window ? whole_days(*asking.question.window, core::Zone()) : std::vector<CalendarDay>();
  if (days.empty()) {
    asking.answer.absence = "no whole day of UTC lies in the window, and GitLab computes these by the day";
    co_return;
  }
  asking.answer.notes.push_back(describe_days(days, "UTC"));
  http::Task<JsonAnswer> getting = caller().ask_json(
      asking.answer, caller().get(asking.project + "/dora/metrics", {{"metric", std::string(dora_metric(asking.measure))},
                                                                     {"interval", "all"},
                                                                     {"start_date", days.front().date},
                                                                     {"end_date", days.back().date}}));
  const JsonAnswer got = co_await getting;
  const auto value = decode_dora(got.root());
  if (!value) {
    asking.answer.absence = "GitLab has no value for these days, which is not 0";
    co_return;
  }
  core::Series series;
  series.times.push_back(asking.question.window->end);
  series.values.push_back(*value);
  asking.answer.series.push_back(std::move(series));
}

http::Task<void> GitlabDeployments::list(Asking& asking, DeploymentMeasure measure, std::vector<Deployment>& all) {
  http::Task<void> adding = add_deployments(asking, "success", all);
  co_await adding;
  if (needs_failures(measure)) {
    http::Task<void> failed = add_deployments(asking, "failed", all);
    co_await failed;
  }
  if (all.empty()) {
    http::Task<void> requiring = require_environment(asking);
    co_await requiring;
  }
}

http::Task<void> GitlabDeployments::fetch(core::Answer& answer, const Question& question) {
  Asking asking = asking_of(answer, question);
  answer.asked = fmt::format("{} of {} in {}", asking.measure, asking.project, asking.environment);
  http::Task<void> fetching = dora_metric(asking.measure).empty() ? fetch_deployments(asking) : fetch_dora(asking);
  co_await fetching;
}

}  // namespace gate::sources::gitlab_deployments
