// Rows in the shape that a question wants.
#include <catch2/catch.hpp>

#include "sources/rows.h"

using namespace gate;
using namespace gate::sources;

namespace {

core::Time at(std::int64_t seconds) {
  return core::Time(std::chrono::seconds(seconds));
}

core::Question question(core::Shape shape, std::size_t parts = 1) {
  core::Question out;
  out.shape = shape;
  out.window = core::Window{at(0), at(100)};
  out.parts = parts;
  return out;
}

std::vector<core::Series> put(const core::Question& asked, std::vector<Row> rows) {
  core::Answer answer;
  put_rows(answer, asked, std::move(rows));
  return answer.series;
}

using Values = std::vector<double>;

}  // namespace

TEST_CASE("slices are half-open, and empty ones are 0") {
  const std::vector<Row> rows = {{at(0), 1}, {at(49), 2}, {at(50), 4}, {at(99), 8}, {at(100), 16}, {at(-1), 32}};
  const auto series = put(question(core::Shape::slices, 2), rows);
  REQUIRE(series.size() == 1);
  CHECK(series[0].values == Values{3, 12});
  CHECK(series[0].times == std::vector<core::Time>{at(50), at(100)});
  const auto none = put(question(core::Shape::slices, 4), {});
  REQUIRE(none.size() == 1);
  CHECK(none[0].values == Values{0, 0, 0, 0});
}

TEST_CASE("parts that do not divide the window evenly still hold every row once") {
  std::vector<Row> rows;
  for (int second = 0; second < 100; ++second) rows.push_back({at(second), 1});
  const auto series = put(question(core::Shape::slices, 7), rows);
  double sum = 0;
  for (const double value : series.at(0).values) sum += value;
  CHECK(sum == 100);
  CHECK(series[0].times.back() == at(100));
}

TEST_CASE("batches are means with their weights; rows are ordered by time; no row is no data") {
  const std::vector<Row> rows = {{at(60), 10}, {at(10), 2}, {at(20), 4}};
  const auto batches = put(question(core::Shape::batches, 2), rows);
  REQUIRE(batches.size() == 1);
  CHECK(batches[0].values == Values{3, 10});
  CHECK(batches[0].weights == Values{2, 1});
  const auto all = put(question(core::Shape::rows), rows);
  REQUIRE(all.size() == 1);
  CHECK(all[0].values == Values{2, 4, 10});
  CHECK(put(question(core::Shape::rows), {}).empty());
  CHECK(put(question(core::Shape::batches, 2), {}).empty());
}

TEST_CASE("without a window nothing is cut") {
  core::Question asked;
  asked.shape = core::Shape::slices;
  const auto series = put(asked, {{at(5), 1}, {at(1), 2}});
  REQUIRE(series.size() == 1);
  CHECK(series[0].values == Values{2, 1});
}
