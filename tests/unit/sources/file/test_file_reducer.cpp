#include <catch2/catch.hpp>

#include <cmath>

#include "folder.h"
#include "sources/file/reducer.h"

namespace gate::sources::file {
namespace {

using core::Shape;

struct Row {
  std::int64_t second;
  std::vector<std::string> cells;  ///< "~": absent
};

core::Question question(Shape shape, std::size_t parts = 1, std::string each = "") {
  core::Question out;
  out.part = "value";
  out.shape = shape;
  out.parts = parts;
  out.each = std::move(each);
  out.window = core::Window{core::Time(std::chrono::seconds(100)), core::Time(std::chrono::seconds(200))};
  return out;
}

/// The answer over `rows`, whose cells stand in the order in which the question asks for its columns.
core::Result<core::Answer> reduce(const core::Question& asked, FileQuery query, const std::vector<Row>& rows,
                                  std::vector<std::string>* problems = nullptr) {
  Columns columns;
  Reducer reducer(asked, std::move(query), Times::of_rows, columns);
  reducer.set_ids(std::make_shared<Ids>(Ids{"u1", "u2"}));
  for (const Row& row : rows) {
    std::vector<Cell> cells;
    for (const std::string& cell : row.cells) cells.push_back(cell == "~" ? Cell{} : Cell{cell, true});
    REQUIRE(cells.size() == columns.names().size());
    if (!reducer.add(cells, core::Time(std::chrono::seconds(row.second))) && problems != nullptr)
      problems->push_back(reducer.problem());
  }
  return reducer.finish();
}

std::vector<double> seconds(const core::Series& series) {
  std::vector<double> out;
  for (const core::Time time : series.times) out.push_back(core::unix_seconds(time));
  return out;
}

FileQuery where_status(const std::string& text) {
  FileQuery query;
  query.where.push_back({"status", Condition::Test::is_one_of, {text}, 0.0, nullptr});
  return query;
}

using Doubles = std::vector<double>;

TEST_CASE("rows are counted in equal parts of a half-open window") {
  const auto asked = question(Shape::slices, 4);
  const auto answer = reduce(asked, {}, {{99, {}}, {100, {}}, {124, {}}, {125, {}}, {199, {}}, {200, {}}});
  REQUIRE(answer.ok());
  REQUIRE(answer->series.size() == 1);
  CHECK(answer->series[0].values == Doubles{2, 1, 0, 1});
  CHECK(seconds(answer->series[0]) == Doubles{125, 150, 175, 200});
  CHECK(answer->asked == "count of rows");
}

TEST_CASE("none kept of rows that are there is zero; no row in the window is no data") {
  const auto asked = question(Shape::slices, 2);
  CHECK(reduce(asked, where_status("500"), {{150, {"200"}}})->series.at(0).values == Doubles{0, 0});
  CHECK(reduce(asked, where_status("500"), {{50, {"500"}}, {200, {"500"}}})->series.empty());
  CHECK(reduce(asked, {}, {})->series.empty());
}

TEST_CASE("columns are added up; empty and odd cells are left out and counted") {
  const auto asked = question(Shape::slices, 2);
  FileQuery query;
  query.sum = "n";
  const auto answer =
      reduce(asked, query, {{100, {"2"}}, {110, {"3.5"}}, {120, {""}}, {130, {"~"}}, {160, {"NaN"}}, {170, {"7"}}});
  REQUIRE(answer.ok());
  CHECK(answer->series[0].values == Doubles{5.5, 7});
  CHECK(answer->series[0].dropped == 3);
}

TEST_CASE("different values are counted once") {
  const auto asked = question(Shape::slices, 1);
  FileQuery query;
  query.distinct = "user";
  const auto answer = reduce(asked, query, {{100, {"u1"}}, {110, {"u3"}}, {120, {"u1"}}, {130, {""}}});
  REQUIRE(answer.ok());
  CHECK(answer->series[0].values == Doubles{2});
  CHECK(answer->series[0].dropped == 1);
  query.in.emplace().key = "user";
  CHECK(reduce(asked, query, {{100, {"u1"}}, {110, {"u3"}}, {120, {"u2"}}})->series[0].values == Doubles{2});
}

TEST_CASE("batches hold the mean of their rows and how many they were") {
  const auto asked = question(Shape::batches, 4);
  FileQuery query;
  query.value = "ms";
  const auto answer =
      reduce(asked, query, {{100, {"10"}}, {101, {"20"}}, {102, {"60"}}, {130, {"~"}}, {180, {"5"}}, {181, {"inf"}}});
  REQUIRE(answer.ok());
  CHECK(answer->series[0].values == Doubles{30, 0, 0, 5});
  CHECK(answer->series[0].weights == Doubles{3, 0, 0, 1});
  CHECK(answer->series[0].dropped == 2);
  CHECK(answer->asked == "ms");
}

TEST_CASE("rows keep their values, in the order of time; an empty one is NaN") {
  const auto asked = question(Shape::rows);
  const auto answer = reduce(asked, {}, {{150, {"2"}}, {110, {"1"}}, {120, {""}}, {250, {"9"}}});
  REQUIRE(answer.ok());
  CHECK(seconds(answer->series[0]) == Doubles{110, 120, 150});
  CHECK(answer->series[0].values[0] == 1.0);
  CHECK(std::isnan(answer->series[0].values[1]));
  CHECK(answer->series[0].values[2] == 2.0);
}

TEST_CASE("each: a series a value") {
  const auto asked = question(Shape::slices, 2, "route");
  FileQuery query = where_status("500");
  const auto answer =
      reduce(asked, query, {{100, {"500", "/a"}}, {110, {"500", "/b"}}, {160, {"500", "/a"}}, {170, {"200", "/c"}}});
  REQUIRE(answer.ok());
  REQUIRE(answer->series.size() == 2);
  CHECK(answer->series[0].labels == core::Labels{{"route", "/a"}});
  CHECK(answer->series[0].values == Doubles{1, 1});
  CHECK(answer->series[1].labels == core::Labels{{"route", "/b"}});
  CHECK(answer->series[1].values == Doubles{1, 0});
}

TEST_CASE("each: too many values are an error") {
  const auto asked = question(Shape::slices, 1, "id");
  std::vector<Row> rows;
  for (int i = 0; i < 1001; ++i) rows.push_back({100, {std::to_string(i)}});
  const auto answer = reduce(asked, {}, rows);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == "RG1409");
  rows.pop_back();
  CHECK(reduce(asked, {}, rows)->series.size() == 1000);
}

TEST_CASE("answers count as scores") {
  const auto asked = question(Shape::batches, 1);
  FileQuery query;
  query.value = "answer";
  query.scores = {{"9", 100.0}, {"6", -100.0}};
  std::vector<std::string> problems;
  const auto answer = reduce(asked, query, {{100, {"9"}}, {110, {"6"}}, {120, {"9"}}, {130, {"7"}}, {140, {""}}}, &problems);
  REQUIRE(answer.ok());
  CHECK(answer->series[0].values[0] == Approx(100.0 / 3.0).epsilon(1e-12));
  CHECK(answer->series[0].weights == Doubles{3});
  CHECK(answer->series[0].dropped == 1);
  CHECK(problems == std::vector<std::string>{"`answer` is \"7\", which `map` does not name"});
}

TEST_CASE("rows that cannot be used say why, and only where they matter") {
  const auto asked = question(Shape::batches, 1);
  FileQuery query = where_status("200");
  query.value = "ms";
  std::vector<std::string> problems;
  REQUIRE(reduce(asked, query, {{100, {"200", "n/a"}}, {110, {"500", "n/a"}}, {250, {"200", "n/a"}}, {120, {"200", "1,234"}}},
                 &problems)
              .ok());
  CHECK(problems == std::vector<std::string>{
                        "`ms` is \"n/a\", which is no number",
                        "`ms` is \"1,234\", which is no number: write numbers without separators, with a point for decimals"});
  query.where = {{"status", Condition::Test::greater, {}, 400.0, nullptr}};
  problems.clear();
  REQUIRE(reduce(asked, query, {{100, {"-", "1"}}, {101, {"500", "1"}}}, &problems).ok());
  CHECK(problems == std::vector<std::string>{"`status` is \"-\", which is no number"});
}

TEST_CASE("a column that no row has is an error, not no data") {
  const auto asked = question(Shape::batches, 1);
  FileQuery query;
  query.value = "latncy";
  const auto answer = reduce(asked, query, {{100, {"~"}}, {110, {"~"}}});
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == "RG1408");
  CHECK(answer.error().message == "none of the 2 rows has a `latncy`");
}

TEST_CASE("keys that do not fit what is asked") {
  Columns columns;
  const auto misfit = [&](Shape shape, FileQuery query) {
    const auto asked = question(shape);
    const auto error = Reducer(asked, std::move(query), Times::of_rows, columns).misfit();
    return error ? error->code + " " + error->message : std::string();
  };
  FileQuery value;
  value.value = "x";
  FileQuery sum;
  sum.sum = "x";
  CHECK(misfit(Shape::slices, value) == "RG1413 `value` counts rows, and `value` is a measurement a row");
  CHECK(misfit(Shape::batches, sum) == "RG1413 `sum` is for counts, and this metric takes a measurement from every row");
  CHECK(misfit(Shape::slices, sum).empty());
  CHECK(misfit(Shape::rows, value).empty());
}

TEST_CASE("a snapshot has one part and no window") {
  auto asked = question(Shape::slices);
  asked.window.reset();
  CHECK(reduce(asked, {}, {{1, {}}, {1'000'000, {}}})->series.at(0).values == Doubles{2});
}

}  // namespace
}  // namespace gate::sources::file
