// Graphite: what is asked for a half-open window, and how its points become those of a grid.
#include <catch2/catch.hpp>

#include <cmath>

#include "sources/graphite/points.h"
#include "sources/graphite/query.h"

namespace gate::sources::graphite {
namespace {

constexpr core::Duration kSecond{1000};
constexpr core::Duration kMinute{60000};
const core::Time kStart{kMinute * 1000};  // 60,000 s

core::Series series_of(core::Time start, core::Duration length, std::vector<double> values) {
  core::Series out;
  out.labels = {{"target", "a"}};
  for (std::size_t i = 0; i < values.size(); ++i) out.times.push_back(start + length * static_cast<std::int64_t>(i));
  out.values = std::move(values);
  return out;
}

}  // namespace

TEST_CASE("graphite: both edges of a half-open window are asked for a second before") {
  struct Row {
    core::Duration after;
    const char* from;
    const char* until;
  };
  for (const Row& row : {Row{core::Duration(0), "59999", "60059"}, Row{core::Duration(1), "60000", "60060"},
                         Row{core::Duration(999), "60000", "60060"}, Row{kSecond, "60000", "60060"}}) {
    CAPTURE(row.after.count());
    const core::Time start = kStart + row.after;
    const Parameters parameters = parameters_of({"a", Consolidation::none}, {start, start + kMinute});
    CHECK(parameters ==
          Parameters{{"target", "a"}, {"from", row.from}, {"until", row.until}, {"format", "json"}, {"noCache", "1"}});
  }
}

TEST_CASE("graphite: the length of points is how far they are apart, when that is always the same") {
  CHECK(length_of(series_of(kStart, kMinute, {})) == std::nullopt);
  CHECK(length_of(series_of(kStart, kMinute, {1})) == std::nullopt);
  CHECK(length_of(series_of(kStart, kMinute, {1, std::nan(""), 3})) == kMinute);
  core::Series uneven = series_of(kStart, kMinute, {1, 2, 3});
  uneven.times.back() += kSecond;
  CHECK(length_of(uneven) == std::nullopt);
}

TEST_CASE("graphite: points of an interval of the clock become one at its end, in each way") {
  const core::Series fine = series_of(kStart, 20 * kSecond, {4, std::nan(""), 2, std::nan(""), std::nan(""), std::nan("")});
  const core::Window window{kStart, kStart + 2 * kMinute};
  struct Row {
    Consolidation by;
    double value;
  };
  for (const Row& row : {Row{Consolidation::average, 3}, Row{Consolidation::sum, 6}, Row{Consolidation::min, 2},
                         Row{Consolidation::max, 4}, Row{Consolidation::first, 4}, Row{Consolidation::last, 2}}) {
    CAPTURE(static_cast<int>(row.by));
    LeftOut left_out;
    const core::Series out = on_grid(fine, 20 * kSecond, window, kMinute, row.by, left_out);
    REQUIRE(out.times == std::vector<core::Time>{kStart + kMinute, kStart + 2 * kMinute});
    CHECK(out.values[0] == row.value);
    CHECK(std::isnan(out.values[1]));
    CHECK(out.labels == fine.labels);
    CHECK((left_out.nulls == 4 && left_out.points == 6 && left_out.outside == 0));
    const core::Series one = over_window(fine, 20 * kSecond, window, row.by, left_out);
    CHECK(one.times == std::vector<core::Time>{window.end});
    CHECK(one.values == std::vector<double>{row.value});
  }
}

TEST_CASE("graphite: an interval, or a point, that reaches over an edge of the window is left out") {
  const core::Series fine = series_of(kStart, 20 * kSecond, {1, 1, 1, 2, 2, 2, 3, 3, 3});
  LeftOut left_out;
  const core::Window window{kStart + 20 * kSecond, kStart + 170 * kSecond};
  const core::Series out = on_grid(fine, 20 * kSecond, window, kMinute, Consolidation::sum, left_out);
  CHECK(out.times == std::vector<core::Time>{kStart + 2 * kMinute});
  CHECK(out.values == std::vector<double>{6});
  CHECK(left_out.outside == 6);
  LeftOut of_window;
  CHECK(over_window(fine, 20 * kSecond, window, Consolidation::sum, of_window).values ==
        std::vector<double>{1 + 1 + 6 + 3 + 3});
  CHECK(of_window.outside == 2);
}

}  // namespace gate::sources::graphite
