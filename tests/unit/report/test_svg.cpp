#include "report/svg.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace svg = gate::report::svg;

namespace {
constexpr double kInfinite = std::numeric_limits<double>::infinity();
}

TEST_CASE("numbers in markup are short, and never what SVG cannot read") {
  CHECK(svg::number(12.5) == "12.5");
  CHECK(svg::number(-0.001) == "0");
  CHECK(svg::number(100.0) == "100");
  CHECK(svg::number(1.0 / 3.0) == "0.33");
  CHECK(svg::number(std::nan("")) == "0");
  CHECK(svg::number(kInfinite) == "0");
  CHECK(svg::percent(33.333) == "33.33%");
}

TEST_CASE("a scale is linear, clamped, and knows the middle of nothing") {
  const svg::Scale down{{0.0, 10.0}, {100.0, 0.0}};
  CHECK(down(0.0) == 100.0);
  CHECK(down(2.5) == 75.0);
  CHECK(down(11.0) == 0.0);
  CHECK(down(-1.0) == 100.0);
  CHECK(svg::Scale{{3.0, 3.0}, {0.0, 100.0}}(3.0) == 50.0);
  CHECK(svg::Scale{{-1e308, 1e308}, {0.0, 100.0}}(0.0) == 50.0);
}

TEST_CASE("ticks are round and as many as there is room for") {
  struct Case {
    svg::Extent extent;
    std::size_t most;
    double grain;
    std::vector<double> ticks;
  };
  const std::vector<Case> cases = {
      {{0.247, 0.455}, 5, 1.0, {0.25, 0.30, 0.35, 0.40, 0.45}},
      {{0.0, 10.0}, 5, 1.0, {0.0, 5.0, 10.0}},
      {{-3.0, 3.0}, 4, 1.0, {-2.0, 0.0, 2.0}},
      {{100.0, 340.0}, 4, 60.0, {120.0, 180.0, 240.0, 300.0}},  // seconds, in minutes
      {{5.0, 5.0}, 5, 1.0, {}},
      {{0.0, kInfinite}, 5, 1.0, {}},
      {{0.0, 1.0}, 0, 1.0, {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.extent.low, one.extent.high);
    const std::vector<double> ticks = svg::round_values(one.extent, one.most, one.grain);
    REQUIRE(ticks.size() == one.ticks.size());
    for (std::size_t i = 0; i < ticks.size(); ++i) CHECK(ticks[i] == Approx(one.ticks[i]).margin(1e-9));
  }
}

TEST_CASE("text and attributes are escaped") {
  CHECK(svg::escaped(R"(<a href="x" title='y'>&)") == "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
  CHECK(svg::element("g", {{"aria-label", "a \"b\""}}) == R"(<g aria-label="a &quot;b&quot;"/>)");
  CHECK(svg::text({10, 4}, svg::Anchor::start, "ax", "1 < 2") == R"(<text class="ax" x="10%" y="4">1 &lt; 2</text>)");
  CHECK(svg::text({90, 4}, svg::Anchor::end, "ax", "m") == R"(<text class="ax" x="90%" y="4" text-anchor="end">m</text>)");
}

TEST_CASE("shapes have their places in per cent across and pixels down") {
  CHECK(svg::line({0, 5}, {100, 5.25}, "grid") == R"(<line class="grid" x1="0%" x2="100%" y1="5" y2="5.25"/>)");
  CHECK(svg::rectangle({10, 2}, -3.0, 8.0, "box") == R"(<rect class="box" x="10%" y="2" width="0%" height="8"/>)");
  CHECK(svg::stretched(20, "<path/>") ==
        R"(<svg width="100%" height="20" viewBox="0 0 1000 20" preserveAspectRatio="none" overflow="visible"><path/></svg>)");
}

TEST_CASE("labels near an edge lean inward") {
  CHECK(svg::anchor_at(2.0) == svg::Anchor::start);
  CHECK(svg::anchor_at(50.0) == svg::Anchor::middle);
  CHECK(svg::anchor_at(98.0) == svg::Anchor::end);
}

TEST_CASE("paths are written as steps on the grid, whose rounding does not add up") {
  using Runs = std::vector<std::vector<svg::Point>>;
  CHECK(svg::line_path(Runs{{{0, 5}, {1, 7.5}, {2, 6}}, {{50, 1}}}) == "m0 5l10 2.5l10-1.5m480-5h0");
  CHECK(svg::dots_path(std::vector<svg::Point>{{0, 5}, {10, 3}}) == "m0 5h0m100-2h0");
  CHECK(svg::line_path(Runs{{{0.04, 0}, {0.08, 0}, {0.12, 0}, {0.16, 0}}}) == "m0 0l1 0l0 0l1 0");
  CHECK(svg::line_path(Runs{}).empty());
}
