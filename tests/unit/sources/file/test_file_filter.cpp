#include <catch2/catch.hpp>

#include "folder.h"
#include "sources/file/filter.h"
#include "sources/file/number.h"

namespace gate::sources::file {
namespace {

std::vector<Condition> where(core::Node value) {
  core::Diagnostics diagnostics;
  auto conditions = read_where(table_node({{"x", std::move(value)}}), diagnostics);
  REQUIRE(texts(diagnostics).empty());
  return conditions;
}

core::Node test(const std::string& key, core::Node value) {
  return table_node({{key, std::move(value)}});
}

TEST_CASE("numbers") {
  struct Case {
    std::string_view text;
    std::optional<double> number;
  };
  const std::vector<Case> cases = {
      {"12", 12.0},  {"-3.5", -3.5},   {"+1e3", 1000.0}, {" 7 ", 7.0},  {".5", 0.5},
      {"0x10", {}},  {"1,234", {}},    {"12 ms", {}},    {"", {}},      {"+-1", {}},
      {"1_000", {}}, {"1e300", 1e300}, {"--1", {}},      {"1e999", {}}, {"\t1", {}},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    CHECK(parse_number(one.text) == one.number);
  }
  CHECK(not_a_number("ms", "n/a") == "`ms` is \"n/a\", which is no number");
  CHECK(not_a_number("ms", "1,234") ==
        "`ms` is \"1,234\", which is no number: write numbers without separators, with a point for decimals");
}

TEST_CASE("conditions on a cell") {
  struct Case {
    core::Node value;
    std::string_view cell;
    Kept kept;
  };
  const std::vector<Case> cases = {
      {text_node("200"), "200", Kept::yes},
      {text_node("200"), "200.0", Kept::no},
      {number_node(200), "200", Kept::yes},
      {text_node(""), "", Kept::yes},
      {list_node({text_node("500"), number_node(502)}), "502", Kept::yes},
      {list_node({text_node("500"), number_node(502)}), "503", Kept::no},
      {test("not", text_node("200")), "200", Kept::no},
      {test("not", text_node("200")), "", Kept::yes},
      {test("not", list_node({text_node("a"), text_node("b")})), "b", Kept::no},
      {test("ge", number_node(500)), "500", Kept::yes},
      {test("gt", number_node(500)), "500", Kept::no},
      {test("gt", number_node(500)), "500.5", Kept::yes},
      {test("le", number_node(500)), "500", Kept::yes},
      {test("lt", number_node(500)), "500", Kept::no},
      {test("lt", text_node("500")), "-1e3", Kept::yes},
      {test("lt", number_node(500)), "", Kept::no},
      {test("lt", number_node(500)), "nan", Kept::no},
      {test("ge", number_node(500)), "x", Kept::not_a_number},
      {test("matches", text_node("^5")), "503", Kept::yes},
      {test("matches", text_node("^5")), "1503", Kept::no},
      {test("matches", text_node("5..")), "1503", Kept::yes},
      {test("matches", text_node("^/pay/[0-9]+$")), "/pay/17", Kept::yes},
      {test("matches", text_node("^/pay/[0-9]+$")), "/pay/17/x", Kept::no},
      {test("matches", text_node("^$")), "", Kept::yes},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(i << " " << cases[i].cell);
    const auto conditions = where(cases[i].value);
    REQUIRE(conditions.size() == 1);
    CHECK(meets(conditions.front(), {cases[i].cell, true}) == cases[i].kept);
  }
}

TEST_CASE("`matches` sees no further than the cell") {
  const std::string text = "abcdef";
  CHECK(meets(where(test("matches", text_node("c$"))).front(), {std::string_view(text).substr(0, 3), true}) == Kept::yes);
}

TEST_CASE("several conditions, in words") {
  core::Diagnostics diagnostics;
  const auto conditions =
      read_where(table_node({{"status", list_node({text_node("500"), text_node("502"), text_node("503")})},
                             {"route", text_node("/pay")},
                             {"ms", table_node({{"ge", number_node(1)}, {"lt", number_node(2.5)}})},
                             {"agent", table_node({{"not", text_node("")}, {"matches", text_node("^curl")}})}}),
                 diagnostics);
  CHECK(diagnostics.empty());
  CHECK(describe(conditions) ==
        "status is 500, 502 or 503 and route is /pay and ms ≥ 1 and ms < 2.5 and agent is not empty and agent matches ^curl");
}

TEST_CASE("what cannot be a condition") {
  struct Case {
    core::Node value;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {test("gte", number_node(1)), "RG0104 unknown key `gte` in `where.x`"},
      {test("ge", text_node("1,000")), "RG1410 `where.x.ge` must be a number"},
      {test("ge", list_node({})), "RG1410 `where.x.ge` must be a number"},
      {test("not", list_node({})), "RG1410 `where.x.not` must be a text or a list of texts"},
      {list_node({list_node({})}), "RG1410 `where.x` must be a text or a list of texts"},
      {table_node({}), "RG1410 `where.x` asks nothing"},
      {test("matches", number_node(5)),
       "RG1410 `where.x.matches` is no POSIX extended regular expression: it must be a string"},
      {test("matches", text_node("(")), "RG1410 `where.x.matches` is no POSIX extended regular expression: Unmatched ( or \\("},
      {test("matches", text_node("^\\d+$")),
       "RG1410 `where.x.matches` is no POSIX extended regular expression: it has no \\d and no \\1"},
      {test("matches", text_node("(a)\\1")),
       "RG1410 `where.x.matches` is no POSIX extended regular expression: it has no \\d and no \\1"},
  };
  for (const Case& one : cases) {
    core::Diagnostics diagnostics;
    CHECK(read_where(table_node({{"x", one.value}}), diagnostics).empty());
    CHECK(texts(diagnostics) == std::vector<std::string>{std::string(one.message)});
  }
}

}  // namespace
}  // namespace gate::sources::file
