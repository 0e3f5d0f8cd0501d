#include "sources/github_deployments/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/link_header.h"
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
    : ApiSource(kSystem, std::move(endpoint), settings, context),
      lookback_(settings.duration("lookback").value_or(std::chrono::days(7))) {}

GithubDeployments::Asking GithubDeployments::asking_of(core::Answer& answer, const Question& question) const {
  return {answer, question, deployment_measure(question.query.text("measure").value_or("deployments")),
          question.query.text("repository").value_or(settings().text("repository").value_or("")),
          question.query.text("environment").value_or("production")};
}

http::Request GithubDeployments::request(std::string path, Parameters parameters) const {
  http::Request out = caller().get(std::move(path), std::move(parameters));
  out.headers = {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};
  return out;
}

http::Request GithubDeployments::first_page(const Asking& asking) const {
  return request(fmt::format("/repos/{}/deployments", asking.repository),
                 {{"environment", asking.environment}, {"per_page", kPageSize}});
}

http::Request GithubDeployments::probe() const {
  core::Answer none;
  const Question nothing;
  const Asking asking = asking_of(none, first_question() == nullptr ? nothing : *first_question());
  return request(fmt::format("/repos/{}/deployments", asking.repository), {{"per_page", "1"}});
}

std::vector<PlannedRequest> GithubDeployments::preview(const Question& question) const {
  core::Answer none;
  const Asking asking = asking_of(none, question);
  const http::Request first = first_page(asking);
  std::vector<PlannedRequest> out = {
      {"GET", first.path,
       fmt::format("{} in {}", question.query.text("measure").value_or(""), core::printable(asking.environment))},
      {"GET", first.path + "/ID/statuses", "of each deployment"}};
  if (needs_rollbacks(asking.measure))
    out.push_back({"GET", fmt::format("/repos/{}/compare/BEFORE...AFTER", asking.repository), "of each with the one before"});
  if (asking.measure == DeploymentMeasure::lead_time)
    out.push_back({"GET", fmt::format("/repos/{}/commits/SHA", asking.repository), "of each deployment"});
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
  const std::string place = fmt::format("{}: {}", caller().id(), path);
  http::Task<http::Response> asking = ask_patiently(answer, request(std::move(path), std::move(parameters)));
  http::Response response = co_await asking;
  co_return JsonAnswer(std::move(response.body), place);
}

/// The newest first, back to those that were created so long before the window that they cannot have ended in it, and further
/// to one that ended before it: what the first of the window replaced.
http::Task<std::vector<Listed>> GithubDeployments::list(Asking& asking) {
  const core::Time from = asking.question.window ? asking.question.window->start - lookback_ : core::Time::min();
  std::vector<Listed> all;
  http::Request page = first_page(asking);
  PageChain chain(caller());
  while (true) {
    http::Task<http::Response> sending = ask_patiently(asking.answer, page);
    http::Response response = co_await sending;
    const auto link = response.headers.find("link");
    const std::string next = link == response.headers.end() ? "" : link_target(link->second, "next");
    const JsonAnswer answer(std::move(response.body), fmt::format("{}: {}", caller().id(), page.path));
    const std::vector<Listed> listed = decode_deployments(answer.root());
    all.insert(all.end(), listed.begin(), listed.end());
    const bool is_enough = !all.empty() && all.back().created < from;
    if (next.empty() || is_enough) break;
    chain.follow(next);
    page = next_page(caller(), page, next);
  }
  co_return all;
}

http::Task<Ended> GithubDeployments::ending_of(Asking& asking, std::string id) {
  Ended ended;
  http::Request page =
      request(fmt::format("/repos/{}/deployments/{}/statuses", asking.repository, id), {{"per_page", kPageSize}});
  PageChain chain(caller());
  while (true) {
    http::Task<http::Response> sending = ask_patiently(asking.answer, page);
    http::Response response = co_await sending;
    const auto link = response.headers.find("link");
    const std::string next = link == response.headers.end() ? "" : link_target(link->second, "next");
    const JsonAnswer answer(std::move(response.body), fmt::format("{}: {}", caller().id(), page.path));
    take_statuses(answer.root(), ended);
    if (next.empty()) break;
    chain.follow(next);
    page = next_page(caller(), page, next);
  }
  co_return ended;
}

/// An environment that was never deployed to and one whose name is misspelt have the same deployments: none.
http::Task<void> GithubDeployments::require_environment(Asking& asking) {
  http::Request asked =
      request(fmt::format("/repos/{}/environments/{}", asking.repository, http::percent_encode(asking.environment)));
  http::Task<http::Response> sending = caller().send(asking.answer, asked);
  const http::Response response = co_await sending;
  if (response.status == 200) co_return;
  if (response.status != 404) caller().check(asked, response);
  throw no_such_thing(caller(), "environment", asking.environment);
}

/// Whether each brought an older commit than the one before: it was deployed earlier already, or lies behind in history.
http::Task<void> GithubDeployments::mark_rollbacks(Asking& asking, std::vector<Deployment>& all) {
  std::set<std::string> seen;
  const Deployment* before = nullptr;
  for (Deployment& one : all) {
    if (!one.succeeded) continue;
    if (before != nullptr && one.sha != before->sha) {
      if (seen.contains(one.sha)) {
        one.is_rollback = true;
      } else {
        http::Task<JsonAnswer> comparing =
            get(asking.answer, fmt::format("/repos/{}/compare/{}...{}", asking.repository, before->sha, one.sha),
                {{"per_page", "1"}});
        const JsonAnswer compared = co_await comparing;
        one.is_rollback = compared.root().need("status").text() == "behind";
      }
    }
    seen.insert(one.sha);
    before = &one;
  }
}

http::Task<void> GithubDeployments::add_commits(Asking& asking, std::vector<Deployment>& all) {
  for (Deployment& one : all) {
    if (!one.succeeded || (asking.question.window && !asking.question.window->contains(one.finished))) continue;
    http::Task<JsonAnswer> getting = get(asking.answer, fmt::format("/repos/{}/commits/{}", asking.repository, one.sha));
    const JsonAnswer commit = co_await getting;
    one.committed = decode_commit(commit.root());
  }
}

http::Task<void> GithubDeployments::fetch(core::Answer& answer, const Question& question) {
  Asking asking = asking_of(answer, question);
  answer.asked =
      fmt::format("{} of {} in {}", question.query.text("measure").value_or(""), asking.repository, asking.environment);
  if (is_duration(asking.measure))
    refuse_counting(caller(), question, deployment_measures()[static_cast<std::size_t>(asking.measure)]);
  http::Task<std::vector<Listed>> listing = list(asking);
  const std::vector<Listed> listed = co_await listing;
  if (listed.empty()) {
    http::Task<void> requiring = require_environment(asking);
    co_await requiring;
  }
  std::vector<Deployment> all;
  bool has_one_before = false;
  for (const Listed& one : listed) {
    const core::Time start = question.window ? question.window->start : core::Time::min();
    // Only change failures need to know what came after the window, and nothing more than the last one from before it.
    if (question.window && one.created >= question.window->end && asking.measure != DeploymentMeasure::change_failures)
      continue;
    if (has_one_before && one.created < start - lookback_) break;
    http::Task<Ended> ending = ending_of(asking, one.id);
    const Ended ended = co_await ending;
    const core::Time newest = std::max(listed.front().created, question.window ? question.window->end : core::Time::min());
    if (!ended.has_status && newest - one.created > kStatusesLast) {
      throw caller().error("RG1972",
                           fmt::format("the deployment of {} has no status any more: GitHub keeps them for 90 days",
                                       core::format_time(one.created)),
                           "ask about a window within the last 90 days");
    }
    if (ended.succeeded) all.push_back({one.sha, *ended.succeeded, true, false, {}});
    if (!ended.succeeded && ended.failed && needs_failures(asking.measure))
      all.push_back({one.sha, *ended.failed, false, false, {}});
    has_one_before = has_one_before || (ended.succeeded && *ended.succeeded < start);
  }
  sort_deployments(all);
  if (needs_rollbacks(asking.measure)) {
    http::Task<void> marking = mark_rollbacks(asking, all);
    co_await marking;
  }
  if (asking.measure == DeploymentMeasure::lead_time) {
    http::Task<void> adding = add_commits(asking, all);
    co_await adding;
  }
  std::vector<Row> rows = deployment_rows(asking.measure, all);
  if (question.window) std::erase_if(rows, [&](const Row& row) { return !question.window->contains(row.time); });
  put_rows(answer, question, std::move(rows));
}

}  // namespace gate::sources::github_deployments
