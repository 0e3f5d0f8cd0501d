#include "sources/github_deployments/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sources/api_values.h"

namespace gate::sources::github_deployments {
namespace {

std::optional<std::int64_t> number_in(const http::Response& response, const char* name) {
  const auto found = response.headers.find(name);
  if (found == response.headers.end()) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = found->second.data() + found->second.size();
  const auto [rest, problem] = std::from_chars(found->second.data(), end, number);
  return problem == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<Listed> decode_deployments(const JsonAt& root) {
  std::vector<Listed> out;
  for (const JsonAt& one : root.items()) {
    out.push_back({fmt::format("{:.0f}", one.need("id").number()), one.need("sha").text(), time_at(one.need("created_at"))});
  }
  return out;
}

void take_statuses(const JsonAt& root, Ended& ended) {
  for (const JsonAt& one : root.items()) {
    const std::string state = one.need("state").text();
    const core::Time at = time_at(one.need("created_at"));
    ended.has_status = true;
    if (state == "success") ended.succeeded = std::min(ended.succeeded.value_or(at), at);
    if (state == "failure" || state == "error") ended.failed = std::max(ended.failed.value_or(at), at);
  }
}

core::Time decode_commit(const JsonAt& root) {
  return time_at(root.need("commit").need("committer").need("date"));
}

std::optional<core::Duration> limited_for(const http::Response& response, core::Time now) {
  if (response.status != 403) return std::nullopt;
  if (const auto wait = number_in(response, "retry-after")) return std::chrono::seconds(*wait);
  if (number_in(response, "x-ratelimit-remaining") != 0) return std::nullopt;
  const core::Time reset{std::chrono::seconds(number_in(response, "x-ratelimit-reset").value_or(0))};
  return std::max<core::Duration>(reset - now, std::chrono::seconds(1));
}

}  // namespace gate::sources::github_deployments
