#include "cli/trust.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"

namespace gate::cli {
namespace {

core::Error unusable(std::string message, std::string hint) {
  return {"RG0015", std::move(message), std::move(hint), {}, {}};
}

/// "sources.ID.KEY", with a key of its own and no table's.
bool is_key_of_source(std::string_view key) {
  return key.starts_with("sources.") && std::count(key.begin(), key.end(), '.') == 2 && !key.ends_with('.') &&
         key.find("..") == std::string_view::npos;
}

core::Result<std::pair<std::string, std::string>> binding(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string key = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (!name.empty() && is_key_of_source(key)) return std::pair(key, name);
  return unusable(fmt::format("--allow-env {}: a variable is bound to one key of one source, as NAME=sources.ID.KEY",
                              core::printable(text)),
                  "for example: --allow-env PROM_TOKEN=sources.prom.token");
}

core::Result<std::string> origin_of(const std::string& text) {
  const auto url = http::parse_url(text);
  if (url && url->path == "/" && url->query.empty()) return url->origin();
  return unusable(fmt::format("--allow-host {}: it is {}", core::printable(text),
                              url ? "more than a scheme, a host and a port" : "no http or https address"),
                  "for example: --allow-host https://prom.example.com");
}

}  // namespace

core::Result<Trust> read_trust(const TrustOptions& options) {
  Trust trust;
  trust.full = !options.untrusted;
  trust.policy = options.policy;
  for (const std::string& text : options.allow_env) {
    auto bound = binding(text);
    if (!bound) return bound.error();
    trust.bound.insert(std::move(bound).value());
  }
  for (const std::string& text : options.allow_host) {
    auto origin = origin_of(text);
    if (!origin) return origin.error();
    trust.origins.push_back(std::move(origin).value());
  }
  if (!trust.bound.empty() && trust.origins.empty()) {
    return unusable("--allow-env without --allow-host: the gate file would say itself where the value is sent to",
                    "add the server that it is for: --allow-host https://prom.example.com");
  }
  if (!trust.bound.empty() && trust.origins.size() > 1) {
    return unusable("--allow-env with several --allow-host: the gate file would choose which of them gets the value",
                    "allow the one server that it is for");
  }
  return trust;
}

config::Surroundings surroundings_for(const Trust& trust, const config::Surroundings& whole) {
  if (trust.full || !trust.policy.empty()) return whole;
  config::Surroundings out = config::no_surroundings();
  out.bound = [&trust, whole](const std::string& name, const std::string& key) -> std::optional<std::string> {
    const auto found = trust.bound.find(key);
    return found != trust.bound.end() && found->second == name ? whole.environment(name) : std::nullopt;
  };
  return out;
}

}  // namespace gate::cli
