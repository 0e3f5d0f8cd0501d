// DatadogSource: what `release-gate sources --check` wants to know.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/text.h"
#include "sources/datadog/client.h"

namespace gate::sources::datadog {
namespace {

struct Scope {
  Subject subject;
  std::string_view name;
  std::string_view serves;
};
constexpr std::array<Scope, 4> kScopes = {
    {{Subject::metrics, "timeseries_query", "metrics with a `query`"},
     {Subject::monitor, "monitors_read", "metrics with a `monitor`"},
     {Subject::slo, "slos_read", "metrics with an `slo`"},
     {Subject::deployment_gate, "deployment_gates_evaluate", "metrics with a `deployment_gate`"}}};

std::int64_t unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string any_query(std::int64_t now) {
  return fmt::format(
      R"({{"data":{{"type":"scalar_request","attributes":{{"formulas":[{{"formula":"a"}}],"from":{},"to":{},"queries":[)"
      R"({{"data_source":"metrics","name":"a","aggregator":"avg","query":"avg:system.load.1{{*}}"}}]}}}}}})",
      (now - 60) * 1000, now * 1000);
}

/// "a", "a and b", "a, b and 3 more".
std::string listed(const std::set<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() < kShown) shown.push_back(name);
  }
  if (names.size() > kShown) shown.push_back(fmt::format("{} more", names.size() - kShown));
  std::string all;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i > 0) all += i + 1 == shown.size() ? " and " : ", ";
    all += shown[i];
  }
  return all;
}

}  // namespace

void DatadogSource::prepare(std::span<const Question* const> questions) {
  for (const Question* question : questions) {
    const Subject subject = subject_of(question->query);
    const auto scope = std::find_if(kScopes.begin(), kScopes.end(), [&](const Scope& one) { return one.subject == subject; });
    needed_[std::string(scope->name)].insert(question->metric);
  }
}

/// The cheapest request that needs `scope`. There is none for deployment gates: asking for one evaluates it.
http::Request DatadogSource::probe_of(const std::string& scope) const {
  if (scope == "monitors_read") return get(kMonitorPath, {{"page", "0"}, {"page_size", "1"}});
  if (scope == "slos_read") return get(kSloPath, {{"limit", "1"}});
  const std::int64_t now = unix_now();
  if (api_ == Api::v2) return post(kScalarPath, any_query(now));
  return get(kQueryPath,
             {{"from", fmt::format("{}", now - 60)}, {"to", fmt::format("{}", now)}, {"query", "avg:system.load.1{*}"}});
}

http::Task<bool> DatadogSource::is_allowed(core::Answer& answer, http::Request request, std::string scope) {
  http::Task<http::Response> sending = client_->send(request);
  const http::Response response = co_await sending;
  const bool is_refused = response.status == 401 || response.status == 403;
  const bool is_judged = response.status == 400 || response.status == 422;  // what was asked is wrong, and who asks is not
  if (is_refused) co_return false;
  if (!is_judged) {
    Need need{scope, "the scope `" + scope + "`", ""};
    http::Task<http::Response> calling = call(answer, std::move(request), std::move(need));
    co_await calling;
  }
  co_return true;
}

http::Task<void> DatadogSource::health(Health& found) {
  core::Answer answer;
  const KeepRequests keeping(answer, found);
  Need need{"any", "the API key", ""};
  http::Request validate = get(kValidatePath);
  try {
    http::Task<http::Response> validating = call(answer, std::move(validate), need);
    co_await validating;
  } catch (const core::SourceError&) {
    const int status = answer.requests.empty() ? 0 : answer.requests.back().status;
    if (status == 401 || status == 403) found.authenticated = found.permitted = false;
    throw;
  }
  found.system = site_.empty() ? "Datadog" : fmt::format("Datadog ({})", site_);
  std::set<std::string> missing;
  bool is_known = false;  // the application key: something was allowed to it
  for (const Scope& scope : kScopes) {
    if (scope.subject == Subject::deployment_gate) continue;
    const std::string name(scope.name);
    http::Request probe = probe_of(name);
    http::Task<bool> trying = is_allowed(answer, std::move(probe), name);
    const bool allowed = co_await trying;
    is_known = is_known || allowed;
    if (allowed) continue;
    if (needed_.contains(name)) {
      missing.insert(name);
    } else {
      found.notes.push_back(fmt::format("the application key lacks the scope `{}`, which {} need", name, scope.serves));
    }
  }
  if (!is_known) {
    const Refused nothing{403, {}, "", "the scopes timeseries_query, monitors_read and slos_read were tried"};
    need = {needed_.empty() ? "timeseries_query" : needed_.begin()->first, "anything", ""};
    found.notes.clear();
    throw core::SourceError(forbidden_error(endpoint_->name, need, nothing, ApiKey::valid, keys_));
  }
  found.authenticated = true;
  if (needed_.contains("deployment_gates_evaluate")) {
    found.notes.emplace_back("whether the scope `deployment_gates_evaluate` is there shows only when a gate is evaluated");
  }
  if (!missing.empty()) {
    found.permitted = false;
    std::set<std::string> metrics;
    for (const std::string& scope : missing) metrics.insert(needed_[scope].begin(), needed_[scope].end());
    throw core::SourceError(scope_error(endpoint_->name, {missing.begin(), missing.end()}, listed(metrics), keys_));
  }
  found.permitted = true;
}

}  // namespace gate::sources::datadog
