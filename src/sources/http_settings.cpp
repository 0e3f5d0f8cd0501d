#include "sources/http_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "core/text.h"
#include "http/url.h"

namespace gate::sources {
namespace {

using core::KeySpec;
using core::KeyType;

constexpr std::size_t kShownBytes = 300;

void add(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key, core::Error error) {
  error.location = settings.location(key, settings.location_of_table);
  diagnostics.push_back({core::Severity::error, std::move(error)});
}

/// The parameter of a URL's query whose name is that of a credential; "" when there is none.
std::string credential_in(std::string_view query) {
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    const std::string_view written = parameter.substr(0, parameter.find('='));
    std::string name(written);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char* word : {"token", "key", "pass", "secret", "sig", "auth", "session", "credential"}) {
      if (name.find(word) != std::string::npos) return std::string(written);
    }
  }
  return "";
}

bool sends_credential(const core::Settings& settings) {
  for (const core::Setting& setting : settings.all()) {
    if (!setting.secret.empty()) return true;
    for (const auto& [name, value] : setting.headers) {
      if (!value.name().empty()) return true;
    }
  }
  return false;
}

void check_url(const core::Settings& settings, core::Diagnostics& diagnostics) {
  const auto text = settings.text("url");
  if (!text) return;
  const core::Setting* setting = settings.find("url");
  const auto url = http::parse_url(*text);
  if (!url.ok()) {
    core::Error error = url.error();
    error.code = "RG0520";
    if (!setting->reference.empty()) error.context.push_back("the value came from " + setting->reference);
    return add(diagnostics, settings, "url", std::move(error));
  }
  if (const std::string name = credential_in(url->query); !name.empty()) {
    core::Error error{"RG0520",
                      fmt::format("the URL carries `{}`: a credential in a URL ends up in logs", core::printable(name)),
                      "give it as `token`, `password` or a header, from the environment or a file",
                      {},
                      {}};
    if (!setting->reference.empty()) error.context.push_back("the value came from " + setting->reference);
    return add(diagnostics, settings, "url", std::move(error));
  }
  const bool in_clear = url->scheme == "http" && !http::is_loopback(url.value());
  if (in_clear && sends_credential(settings) && !settings.boolean("allow_plaintext").value_or(false)) {
    add(diagnostics, settings, "url",
        {"RG0523",
         fmt::format("a credential would be sent unencrypted to {}", url->host_and_port()),
         "use https, or say `allow_plaintext = true` if the network between is yours",
         {},
         {}});
  }
}

/// A proxy wants its credential in its URL, which then must not stand in the file.
void check_proxy(const core::Settings& settings, core::Diagnostics& diagnostics) {
  const core::Setting* setting = settings.find("proxy");
  if (setting == nullptr || settings.text("proxy").value_or("").find('@') == std::string::npos) return;
  if (!setting->reference.empty() && !setting->reference.starts_with("default of ")) return;
  diagnostics.push_back({core::Severity::error,
                         {"RG0501",
                          "`proxy` holds a user name or a password, which must not stand in the file",
                          "write proxy = { env = \"NAME\" }",
                          {},
                          setting->node.location}});
}

void check_range(const core::Settings& settings, std::string_view key, std::int64_t least, std::int64_t most,
                 core::Diagnostics& diagnostics) {
  const auto value = settings.integer(key);
  if (!value || (*value >= least && *value <= most)) return;
  add(diagnostics, settings, key,
      {"RG0521", fmt::format("`{}` must lie between {} and {}", key, least, most), "leave it out for the default", {}, {}});
}

std::string beside(const std::string& directory, const std::string& file) {
  if (file.empty()) return file;
  return (std::filesystem::path(directory) / file).string();
}

}  // namespace

std::vector<KeySpec> with_http_keys(std::vector<KeySpec> own) {
  const std::vector<KeySpec> shared = {
      {"headers", KeyType::headers, "more request headers; each value may be { env = … } or { file = … } and is never shown"},
      {"timeout", KeyType::duration, "of one attempt (10s)"},
      {"retries", KeyType::integer, "how often a failed request is sent again (3)"},
      {"concurrency", KeyType::integer, "requests under way at once (16)"},
      {"max_response_bytes", KeyType::bytes, "larger answers are refused (64MiB)"},
      {"ca_file", KeyType::text, "PEM file of the certificate authorities to trust, relative to the gate file"},
      {"client_cert", KeyType::text, "PEM file of a client certificate"},
      {"client_key", KeyType::text, "PEM file of its key"},
      {"proxy", KeyType::text, "URL of a proxy; HTTPS_PROXY and NO_PROXY are heeded without it"},
      {"insecure", KeyType::boolean, "true turns the verification of TLS certificates off; every report says so"},
      {"allow_plaintext", KeyType::boolean, "true lets credentials travel over http://"},
  };
  own.insert(own.end(), shared.begin(), shared.end());
  return own;
}

core::Diagnostics check_http_settings(const core::Settings& settings) {
  core::Diagnostics diagnostics;
  check_url(settings, diagnostics);
  check_proxy(settings, diagnostics);
  check_range(settings, "retries", 0, 10, diagnostics);
  check_range(settings, "concurrency", 1, 256, diagnostics);
  if (settings.has("client_cert") != settings.has("client_key")) {
    const std::string_view present = settings.has("client_cert") ? "client_cert" : "client_key";
    const std::string_view absent = settings.has("client_cert") ? "client_key" : "client_cert";
    add(diagnostics, settings, present, {"RG0522", fmt::format("`{}` without `{}`", present, absent), "give both", {}, {}});
  }
  const auto timeout = settings.duration("timeout");
  if (timeout && *timeout <= core::Duration(0)) {
    add(diagnostics, settings, "timeout", {"RG0521", "`timeout` must be longer than nothing", "10s is the default", {}, {}});
  }
  return diagnostics;
}

http::Endpoint make_endpoint(const std::string& id, const core::Settings& settings, const std::string& directory,
                             const std::string& usual_url) {
  http::Endpoint endpoint;
  endpoint.name = id;
  endpoint.url = settings.text("url").value_or("");
  if (endpoint.url.empty()) endpoint.url = usual_url;
  if (const core::Setting* url = settings.find("url")) endpoint.url_reference = url->reference;
  if (const core::Setting* headers = settings.find("headers")) endpoint.headers = headers->headers;
  for (const auto& [name, value] : endpoint.headers) {
    if (!value.name().empty()) endpoint.credential_reference = value.name();
  }
  for (const core::Setting& setting : settings.all()) {
    const bool is_unset = setting.secret.empty() && !setting.secret.name().empty();
    if (is_unset && endpoint.unset_credential.empty()) endpoint.unset_credential = setting.secret.name();
  }
  endpoint.timeout = settings.duration("timeout").value_or(endpoint.timeout);
  endpoint.retries = static_cast<int>(settings.integer("retries").value_or(endpoint.retries));
  endpoint.concurrency = static_cast<int>(settings.integer("concurrency").value_or(endpoint.concurrency));
  endpoint.max_response_bytes = settings.bytes("max_response_bytes").value_or(endpoint.max_response_bytes);
  endpoint.ca_file = beside(directory, settings.text("ca_file").value_or(""));
  endpoint.client_cert = beside(directory, settings.text("client_cert").value_or(""));
  endpoint.client_key = beside(directory, settings.text("client_key").value_or(""));
  endpoint.proxy = settings.text("proxy").value_or("");
  endpoint.insecure = settings.boolean("insecure").value_or(false);
  endpoint.allow_plaintext = settings.boolean("allow_plaintext").value_or(false);
  return endpoint;
}

void check_login(core::Diagnostics& diagnostics, const core::Settings& settings) {
  const bool has_user = settings.has("user");
  if (settings.has("token") && has_user)
    add(diagnostics, settings, "user",
        {"RG1910", "`token` and `user` exclude each other", "a request has one Authorization", {}, {}});
  if (has_user != settings.has("password")) {
    add(diagnostics, settings, has_user ? "user" : "password",
        {"RG1910", has_user ? "`user` without `password`" : "`password` without `user`", "give both, or a `token`", {}, {}});
  }
}

core::Secret take_credential(http::Endpoint& endpoint, const core::Settings& settings, std::string_view key) {
  if (const core::Setting* setting = settings.find(key)) endpoint.credential_reference = setting->reference;
  return settings.secret(key);
}

void use_password(http::Endpoint& endpoint, const core::Settings& settings) {
  endpoint.user = settings.text("user").value_or("");
  endpoint.password = take_credential(endpoint, settings, "password");
}

core::Secret prefixed(std::string_view prefix, const core::Secret& secret) {
  if (secret.empty()) return secret;
  return {fmt::format("{}{}", prefix, secret.reveal()), secret.name()};
}

void use_header(http::Endpoint& endpoint, const core::Settings& settings, std::string_view key, const std::string& name,
                std::string_view prefix) {
  const core::Secret secret = take_credential(endpoint, settings, key);
  if (!secret.empty()) endpoint.headers.emplace_back(name, prefixed(prefix, secret));
}

std::string shown(const http::Client& client, std::string_view text) {
  return core::shorten(core::printable(client.redactor().redact(text)), kShownBytes);
}

}  // namespace gate::sources
