#include "measure/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "measure/open.h"

namespace gate::measure {
namespace {

http::Task<void> check_one(sources::Source& source, SourceHealth& health) {
  try {
    auto task = source.health(health.found);
    co_await task;
  } catch (const core::SourceError& failure) {
    health.error = failure.error();
  } catch (const std::exception& failure) {
    health.error = core::Error{
        "RG9001", fmt::format("internal error while asking: {}", failure.what()), "this is a bug: please report it", {}, {}};
  }
}

/// Transport errors (RG10xx) mean that nobody answered, but for those about an answer that came.
std::optional<bool> is_reachable(const SourceHealth& health) {
  const auto answered = [](const core::RequestLog& request) { return request.status != 0; };
  const auto& requests = health.found.requests;
  if (std::any_of(requests.begin(), requests.end(), answered)) return true;
  if (!health.error) return std::nullopt;
  const std::string& code = health.error->code;
  constexpr std::array<std::string_view, 2> kStopped = {"RG1002", "RG1003"};
  constexpr std::array<std::string_view, 4> kAnswered = {"RG1020", "RG1021", "RG1022", "RG1040"};
  if (std::find(kStopped.begin(), kStopped.end(), code) != kStopped.end()) return std::nullopt;
  if (!code.starts_with("RG10")) return std::nullopt;
  return std::find(kAnswered.begin(), kAnswered.end(), code) != kAnswered.end();
}

/// What a refusal means, where the source does not know better.
void read_refusal(SourceHealth& health) {
  if (!health.error || health.found.requests.empty()) return;
  const int status = health.found.requests.back().status;
  if (status == 401 && !health.found.authenticated) health.found.authenticated = false;
  if (status == 403 && !health.found.permitted) health.found.permitted = false;
}

}  // namespace

std::vector<SourceHealth> check_health(const config::Gate& gate, const plan::Plan& plan, http::Client& client,
                                       const std::vector<std::string>& only) {
  auto open = open_sources(gate, plan, client, Which::all);
  std::vector<SourceHealth> all;
  for (const config::SourceConfig& source : gate.sources) {
    const bool wanted = only.empty() || std::find(only.begin(), only.end(), source.id) != only.end();
    if (wanted) all.push_back({source.id, source.type, {}, {}, {}, {}});
  }
  std::vector<http::Task<void>> tasks;
  tasks.reserve(all.size());
  for (SourceHealth& health : all) tasks.push_back(check_one(*open.at(health.id).source, health));
  client.run(std::move(tasks));
  const auto skews = client.clock_skews();
  for (SourceHealth& health : all) {
    health.reachable = is_reachable(health);
    read_refusal(health);
    if (const auto skew = skews.find(health.id); skew != skews.end()) health.clock_skew = skew->second;
  }
  return all;
}

}  // namespace gate::measure
