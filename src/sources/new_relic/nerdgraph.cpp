#include "sources/new_relic/nerdgraph.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gate::sources::new_relic {
namespace {

using nlohmann::json;

constexpr const char* kFields =
    "{ results metadata { facets messages timeWindow { begin end } } queryProgress { queryId completed retryAfter } }";
constexpr core::Duration kLeastPause{250};
constexpr core::Duration kMostPause{30'000};

std::string body(const std::string& query, json variables) {
  return json{{"query", query}, {"variables", std::move(variables)}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string start_body(std::int64_t account, const std::string& nrql) {
  return body(fmt::format("query($account: Int!, $nrql: Nrql!) {{ actor {{ account(id: $account) {{ nrql(query: $nrql, async: "
                          "true) {} }} }} }}",
                          kFields),
              {{"account", account}, {"nrql", nrql}});
}

std::string progress_body(std::int64_t account, const std::string& query_id) {
  return body(
      fmt::format(
          "query($account: Int!, $id: ID!) {{ actor {{ account(id: $account) {{ nrqlQueryProgress(queryId: $id) {} }} }} }}",
          kFields),
      {{"account", account}, {"id", query_id}});
}

std::string who_body(std::int64_t account) {
  return body("query($account: Int!) { actor { user { name } account(id: $account) { name } } }", {{"account", account}});
}

std::optional<Refusal> refusal_in(const JsonAt& root) {
  const auto errors = root.items_of("errors");
  if (errors.empty()) return std::nullopt;
  Refusal out;
  out.words = errors.front().text_of("message");
  if (const auto extensions = errors.front().find("extensions")) out.kind = extensions->text_of("errorClass");
  return out;
}

Progress progress_of(const JsonAt& container) {
  Progress out;
  const auto progress = container.find("queryProgress");
  if (!progress) return out;
  out.is_done = progress->need("completed").flag();
  if (out.is_done) return out;
  out.query_id = progress->need("queryId").text();
  const auto after = progress->find("retryAfter");
  const double seconds = after ? after->number() : 0.0;
  out.pause =
      std::clamp(core::Duration(static_cast<std::int64_t>(std::min(seconds, 3600.0) * 1000.0)), kLeastPause, kMostPause);
  return out;
}

JsonAt container_in(const JsonAt& root) {
  const JsonAt account = root.need("data").need("actor").need("account");
  if (const auto later = account.find("nrqlQueryProgress")) return *later;
  return account.need("nrql");
}

}  // namespace gate::sources::new_relic
