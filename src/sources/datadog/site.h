// Site: Datadog's installations, which share nothing: keys of one are unknown to the others.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/samples.h"
#include "core/settings.h"
#include "core/time.h"

namespace gate::sources::datadog {

inline constexpr std::string_view kDefaultSite = "datadoghq.com";

/// https://docs.datadoghq.com/getting_started/site/
const std::vector<std::string>& sites();
bool is_site(std::string_view text);
/// What was meant by `text` ("us3", "app.datadoghq.eu", "https://api.datadoghq.com", "datadoghq.co"); "" when it cannot be
/// told.
std::string nearest_site(std::string_view text);

/// The site of a source: `site`, or the one in `url`, or the default; "" when `url` is somewhere else.
std::string site_of(const core::Settings& source);
/// Where requests go: `url`, or https://api.<site>.
std::string api_url(const core::Settings& source);

/// Links into the web interface of `site`, "" for site "".
std::string explorer_link(std::string_view site, const std::string& query, const std::optional<core::Window>& window);
std::string monitor_link(std::string_view site, const std::string& id);
std::string monitors_link(std::string_view site, const std::vector<std::string>& tags);
std::string slo_link(std::string_view site, const std::string& id);

}  // namespace gate::sources::datadog
