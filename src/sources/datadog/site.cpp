#include "sources/datadog/site.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"

namespace gate::sources::datadog {
namespace {

constexpr std::string_view kApi = "api.";

/// Sites of their own region answer at their own name; the oldest ones at app.
std::string web(std::string_view site) {
  if (site.empty()) return "";
  const bool has_region = std::count(site.begin(), site.end(), '.') > 1;
  return fmt::format("https://{}{}", has_region ? "" : "app.", site);
}

std::string without_prefixes(std::string_view text) {
  for (const std::string_view prefix : {"https://", "http://", "app.", "api.", "www."}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return std::string(text.substr(0, text.find('/')));
}

}  // namespace

const std::vector<std::string>& sites() {
  static const std::vector<std::string> all = {
      "datadoghq.com",     "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu",     "ap1.datadoghq.com",
      "ap2.datadoghq.com", "uk1.datadoghq.com", "ddog-gov.com",      "us2.ddog-gov.com",
  };
  return all;
}

bool is_site(std::string_view text) {
  return std::find(sites().begin(), sites().end(), text) != sites().end();
}

std::string nearest_site(std::string_view text) {
  std::string bare = without_prefixes(text);
  std::transform(bare.begin(), bare.end(), bare.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  if (is_site(bare)) return bare;
  if (bare == "us" || bare == "us1") return "datadoghq.com";
  if (bare == "eu" || bare == "eu1") return "datadoghq.eu";
  if (bare == "gov" || bare == "us1-fed") return "ddog-gov.com";
  for (const std::string& site : sites()) {
    if (site.starts_with(bare + ".")) return site;
  }
  return core::nearest(bare, sites());
}

std::string site_of(const core::Settings& source) {
  if (const auto site = source.text("site")) return *site;
  if (!source.has("url")) return std::string(kDefaultSite);
  const auto url = http::parse_url(source.text("url").value_or(""));
  if (!url.ok() || !url->host.starts_with(kApi)) return "";
  const std::string host = url->host.substr(kApi.size());
  return is_site(host) ? host : "";
}

std::string api_url(const core::Settings& source) {
  if (const auto url = source.text("url")) return *url;
  return fmt::format("https://{}{}", kApi, site_of(source));
}

std::string explorer_link(std::string_view site, const std::string& query, const std::optional<core::Window>& window) {
  if (site.empty() || query.empty()) return "";
  std::string link = fmt::format("{}/metric/explorer?exp_query={}", web(site), http::percent_encode(query));
  if (!window) return link;
  return link + fmt::format("&start={}&end={}&paused=true", window->start.time_since_epoch().count(),
                            window->end.time_since_epoch().count());
}

std::string monitor_link(std::string_view site, const std::string& id) {
  return site.empty() ? "" : fmt::format("{}/monitors/{}", web(site), http::percent_encode(id));
}

std::string monitors_link(std::string_view site, const std::vector<std::string>& tags) {
  if (site.empty()) return "";
  std::string query;
  for (const std::string& tag : tags) query += (query.empty() ? "" : " ") + fmt::format("tag:\"{}\"", tag);
  return fmt::format("{}/monitors/manage?q={}", web(site), http::percent_encode(query));
}

std::string slo_link(std::string_view site, const std::string& id) {
  return site.empty() ? "" : fmt::format("{}/slo?slo_id={}", web(site), http::percent_encode(id));
}

}  // namespace gate::sources::datadog
