#include "sources/github_deployments/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/next_page.h"

namespace gate::sources::github_deployments {
namespace {

constexpr ApiSystem kSystem{"GitHub", "the token is missing, wrong or expired",
                            "the token needs read permission for deployments, and for contents",
                            "check `repository`, and that the token may see it: GitHub hides what it may not"};

constexpr const char* kPageSize = "100";
constexpr int kMostWaits = 3;
constexpr core::Duration kStatusesLast = std::chrono::days(90);

core::Time system_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

}  // namespace

GithubDeployments::GithubDeployments(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : DeploymentSource(kSystem, std::move(endpoint), settings, context),
      lookback_(settings.duration("lookback").value_or(std::chrono::days(7))) {}

std::string GithubDeployments::project_of(const core::Settings& query) const {
  return query.text("repository").value_or(settings().text("repository").value_or(""));
}

http::Request GithubDeployments::request(std::string path, Parameters parameters) const {
  http::Request out = caller().get(std::move(path), std::move(parameters));
  out.headers = {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};
  return out;
}

http::Request GithubDeployments::first_page(const Asking& asking) const {
  return request(fmt::format("/repos/{}/deployments", asking.project),
                 {{"environment", asking.environment}, {"per_page", kPageSize}});
}

http::Request GithubDeployments::probe() const {
  return request(fmt::format("/repos/{}/deployments", project_of(first_query())), {{"per_page", "1"}});
}

std::vector<PlannedRequest> GithubDeployments::preview(const Question& question) const {
  core::Answer none;
  const Asking asking = asking_of(none, question);
  const http::Request first = first_page(asking);
  std::vector<PlannedRequest> out = {
      {"GET", first.path, fmt::format("{} in {}", asking.measure, core::printable(asking.environment))},
      {"GET", first.path + "/ID/statuses", "of each deployment"}};
  const DeploymentMeasure measure = deployment_measure(asking.measure);
  if (needs_rollbacks(measure))
    out.push_back({"GET", fmt::format("/repos/{}/compare/BEFORE...AFTER", asking.project), "of each with the one before"});
  if (measure == DeploymentMeasure::lead_time)
    out.push_back({"GET", fmt::format("/repos/{}/commits/SHA", asking.project), "of each deployment"});
  return out;
}

http::Task<http::Response> GithubDeployments::ask_patiently(core::Answer& answer, http::Request asked) {
  const std::string address = asked.path + "?" + http::encode_parameters(asked.parameters);
  asked.reuse = http::Reuse::never;
  for (int waits = 0;; ++waits) {
    if (const auto known = kept_.find(address); known != kept_.end()) {
      answer.requests.push_back(known->second.log);
      http::Response again = known->second;
      again.body.reserve(again.body.size() + http::kBodyPadding);
      co_return again;
    }
    http::Task<http::Response> sending = caller().send(answer, asked);
    http::Response response = co_await sending;
    const auto wait = limited_for(response, system_now());
    if (!wait) {
      caller().check(asked, response);
      kept_.emplace(address, response);
      co_return response;
    }
    if (caller().is_replaying() || waits == kMostWaits || *wait >= caller().client().time_left()) {
      throw caller().error(
          "RG1040", "rate-limited by GitHub for longer than the deadline allows",
          "give it more time with --deadline, or ask less often: a workflow's token has 1,000 requests an hour",
          {response.log.method + " " + response.log.url});
    }
    http::Task<void> sleeping = caller().client().sleep(*wait);
    co_await sleeping;
  }
}

http::Task<JsonAnswer> GithubDeployments::get(core::Answer& answer, std::string path, Parameters parameters) {
  http::Task<http::Response> asking = ask_patiently(answer, request(path, std::move(parameters)));
  http::Response response = co_await asking;
  co_return caller().json_in(std::move(response), path);
}

http::Task<void> GithubDeployments::read_pages(core::Answer& answer, http::Request page,
                                               std::function<bool(const JsonAt& root)> wants_more) {
  PageChain chain(caller());
  while (true) {
    http::Task<http::Response> sending = ask_patiently(answer, page);
    http::Response response = co_await sending;
    const std::string next = next_link(response);
    const JsonAnswer read = caller().json_in(std::move(response), page.path);
    if (!wants_more(read.root()) || next.empty()) co_return;
    chain.follow(next);
    page = next_page(caller(), page, next);
  }
}

/// The newest first, back to those that were created so long before the window that they cannot have ended in it, and further
/// to one that ended before it: what the first of the window replaced.
http::Task<std::vector<Listed>> GithubDeployments::created(Asking& asking) {
  const core::Time from = asking.question.window ? asking.question.window->start - lookback_ : core::Time::min();
  std::vector<Listed> all;
  http::Task<void> reading = read_pages(asking.answer, first_page(asking), [&](const JsonAt& root) {
    const std::vector<Listed> listed = decode_deployments(root);
    all.insert(all.end(), listed.begin(), listed.end());
    return all.empty() || all.back().created >= from;
  });
  co_await reading;
  co_return all;
}

http::Task<Ended> GithubDeployments::ending_of(Asking& asking, std::string id) {
  Ended ended;
  http::Request first =
      request(fmt::format("/repos/{}/deployments/{}/statuses", asking.project, id), {{"per_page", kPageSize}});
  http::Task<void> reading = read_pages(asking.answer, std::move(first), [&](const JsonAt& root) {
    take_statuses(root, ended);
    return true;
  });
  co_await reading;
  co_return ended;
}

/// An environment that was never deployed to and one whose name is misspelt have the same deployments: none.
http::Task<void> GithubDeployments::require_environment(Asking& asking) {
  http::Request asked =
      request(fmt::format("/repos/{}/environments/{}", asking.project, http::percent_encode(asking.environment)));
  http::Task<http::Response> sending = caller().send(asking.answer, asked);
  const http::Response response = co_await sending;
  if (response.status == 200) co_return;
  if (response.status != 404) caller().check(asked, response);
  throw no_such_thing(caller(), "environment", asking.environment);
}

http::Task<bool> GithubDeployments::is_behind(Asking& asking, std::string before, std::string after) {
  http::Task<JsonAnswer> comparing =
      get(asking.answer, fmt::format("/repos/{}/compare/{}...{}", asking.project, before, after), {{"per_page", "1"}});
  const JsonAnswer compared = co_await comparing;
  co_return compared.root().need("status").text() == "behind";
}

http::Task<core::Time> GithubDeployments::time_of_commit(Asking& asking, std::string sha) {
  http::Task<JsonAnswer> getting = get(asking.answer, fmt::format("/repos/{}/commits/{}", asking.project, sha));
  const JsonAnswer commit = co_await getting;
  co_return decode_commit(commit.root());
}

http::Task<void> GithubDeployments::list(Asking& asking, DeploymentMeasure measure, std::vector<Deployment>& all) {
  const auto& window = asking.question.window;
  http::Task<std::vector<Listed>> listing = created(asking);
  const std::vector<Listed> listed = co_await listing;
  if (listed.empty()) {
    http::Task<void> requiring = require_environment(asking);
    co_await requiring;
  }
  bool has_one_before = false;
  for (const Listed& one : listed) {
    const core::Time start = window ? window->start : core::Time::min();
    // Only change failures need to know what came after the window, and nothing more than the last one from before it.
    if (window && one.created >= window->end && measure != DeploymentMeasure::change_failures) continue;
    if (has_one_before && one.created < start - lookback_) break;
    http::Task<Ended> ending = ending_of(asking, one.id);
    const Ended ended = co_await ending;
    const core::Time newest = std::max(listed.front().created, window ? window->end : core::Time::min());
    if (!ended.has_status && newest - one.created > kStatusesLast) {
      throw caller().error("RG1972",
                           fmt::format("the deployment of {} has no status any more: GitHub keeps them for 90 days",
                                       core::format_time(one.created)),
                           "ask about a window within the last 90 days");
    }
    if (ended.succeeded) all.push_back({one.sha, *ended.succeeded, true, false, {}});
    if (!ended.succeeded && ended.failed && needs_failures(measure)) all.push_back({one.sha, *ended.failed, false, false, {}});
    has_one_before = has_one_before || (ended.succeeded && *ended.succeeded < start);
  }
}

http::Task<void> GithubDeployments::fetch(core::Answer& answer, const Question& question) {
  Asking asking = asking_of(answer, question);
  answer.asked = fmt::format("{} of {} in {}", asking.measure, asking.project, asking.environment);
  http::Task<void> fetching = fetch_deployments(asking);
  co_await fetching;
}

}  // namespace gate::sources::github_deployments
