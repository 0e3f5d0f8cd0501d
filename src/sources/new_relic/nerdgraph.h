// NerdGraph: New Relic's GraphQL API: the bodies that ask it, and what an answer says of itself. Sends nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sources/json_at.h"

namespace gate::sources::new_relic {

/// The body that runs `nrql` in the background: an answer within 5 s, or an id to ask again for.
/// https://docs.newrelic.com/docs/apis/nerdgraph/examples/async-queries-nrql-tutorial/
std::string start_body(std::int64_t account, const std::string& nrql);
/// The body that asks for the answer to `query_id`.
std::string progress_body(std::int64_t account, const std::string& query_id);
/// The body that asks who we are and what the account is called.
std::string who_body(std::int64_t account);

/// What New Relic says inside of HTTP 200 instead of an answer.
struct Refusal {
  std::string kind;   ///< its `errorClass`: "ACCESS_DENIED"; "" when it has none
  std::string words;  ///< in its own words, which may be long
};

/// The first of the errors in `root`; nullopt when there is none.
std::optional<Refusal> refusal_in(const JsonAt& root);

/// Whether an answer is there yet.
struct Progress {
  bool is_done = true;
  std::string query_id;
  core::Duration pause{};  ///< how long to wait before asking again
};

/// What `container`, which holds `results`, says of its progress.
Progress progress_of(const JsonAt& container);

/// The container of the results in `root`, an answer to start_body() or progress_body(). RG1902 when there is none.
JsonAt container_in(const JsonAt& root);

}  // namespace gate::sources::new_relic
