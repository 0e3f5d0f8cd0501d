#include "sources/prometheus/graph_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace gate::sources::prometheus {

std::string graph_link(http::Url server, std::string_view query, const core::Window& window) {
  server.query.clear();
  std::string base = server.text();
  while (base.ends_with('/')) base.pop_back();
  const auto seconds = std::max<std::int64_t>(1, window.length().count() / 1000);
  return fmt::format("{}/graph?g0.expr={}&g0.tab=0&g0.range_input={}s&g0.end_input={}", base, http::percent_encode(query),
                     seconds, http::percent_encode(core::format_time(window.end)));
}

}  // namespace gate::sources::prometheus
