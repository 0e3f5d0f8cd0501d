#include <catch2/catch.hpp>

#include "sources/prometheus/graph_link.h"

namespace gate::sources::prometheus {
namespace {

TEST_CASE("a question is linked in the expression browser, at its window") {
  const core::Time end(std::chrono::seconds(1773749040));  // 2026-03-17T12:04:00Z
  const auto link = [&](const std::string& server, core::Duration length) {
    return graph_link(*http::parse_url(server), "up == 1", {end - length, end});
  };
  const std::string rest = "/graph?g0.expr=up%20%3D%3D%201&g0.tab=0&g0.range_input=1800s&g0.end_input=2026-03-17T12%3A04%3A00Z";
  const std::pair<const char*, const char*> servers[] = {
      {"http://127.0.0.1:9090", "http://127.0.0.1:9090"},
      {"https://prom.example", "https://prom.example"},
      {"https://prom.example:443/", "https://prom.example"},
      {"http://prom.example:80/select/0/?tenant=1", "http://prom.example/select/0"},
  };
  for (const auto& [server, shown] : servers) CHECK(link(server, std::chrono::minutes(30)) == shown + rest);
  CHECK(link("http://h:1", core::Duration(20)).find("range_input=1s&") != std::string::npos);
}

}  // namespace
}  // namespace gate::sources::prometheus
