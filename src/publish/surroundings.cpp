#include "publish/surroundings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace gate::publish {

std::string variable(const Surroundings& surroundings, const std::string& name) {
  return surroundings.environment(name).value_or("");
}

core::Error missing(const std::string& who, const std::string& variable, std::string hint) {
  return {"RG3001", fmt::format("{}: {} is not set, so nothing is published there", who, variable), std::move(hint), {}, {}};
}

core::Result<core::Secret> secret_of(const Surroundings& surroundings, const std::string& who,
                                     const std::vector<std::string>& names, std::string hint) {
  for (const std::string& name : names) {
    std::string text = variable(surroundings, name);
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (!text.empty()) return core::Secret(text, "env " + name);
  }
  return missing(who, core::list_names(names), std::move(hint));
}

std::string report_url_of(const Surroundings& surroundings, const Options& options) {
  if (!options.report_url.empty()) return options.report_url;
  const std::string server = variable(surroundings, "GITHUB_SERVER_URL");
  const std::string repository = variable(surroundings, "GITHUB_REPOSITORY");
  const std::string run = variable(surroundings, "GITHUB_RUN_ID");
  if (!server.empty() && !repository.empty() && positive_number(run))
    return fmt::format("{}/{}/actions/runs/{}", server, repository, run);
  for (const char* name : {"CI_JOB_URL", "CI_PIPELINE_URL", "BUILD_URL"}) {
    if (std::string url = variable(surroundings, name); !url.empty()) return url;
  }
  return "";
}

bool is_commit_id(const std::string& text) {
  const bool hex =
      std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  return hex && (text.size() == 40 || text.size() == 64);
}

std::optional<std::int64_t> positive_number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

}  // namespace gate::publish
