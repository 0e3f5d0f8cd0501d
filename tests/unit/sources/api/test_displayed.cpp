#include <catch2/catch.hpp>

#include "sources/tableau/displayed.h"

using gate::sources::tableau::parse_displayed;
using gate::sources::tableau::parse_table;

TEST_CASE("what is displayed is read strictly") {
  struct Case {
    const char* text;
    double expected;
  };
  for (const Case& c :
       {Case{"0", 0.0}, Case{"12", 12.0}, Case{"-12.5", -12.5}, Case{"1,234", 1234.0}, Case{"-1,234,567.25", -1234567.25},
        Case{"12.5%", 12.5}, Case{"1234567", 1234567.0}, Case{"0.05%", 0.05}}) {
    CAPTURE(c.text);
    CHECK(parse_displayed(c.text) == c.expected);
  }
  for (const char* text :
       {"",      "%",  "-",    ".",    "1.", ".5",  "1,23", "12,34",  "1234,567", "1,234,5", ",234",  "1,,234", "1.234,5",
        "1 234", "$1", "1.2K", "(12)", "+1", "1e5", "--1",  "12.5%%", "NaN",      "inf",     "1.2.3", "٣"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_displayed(text).has_value());
  }
}

TEST_CASE("the data of a view are a table, or nothing") {
  const auto table = parse_table("\xEF\xBB\xBFRegion,\"Sales, net\"\r\n\"West \"\"1\"\"\",\"1,234\"\r\n\r\n\"a\nb\",\r\n");
  REQUIRE(table.has_value());
  CHECK(table->columns == std::vector<std::string>{"Region", "Sales, net"});
  REQUIRE(table->rows.size() == 2);
  CHECK(table->rows[0] == std::vector<std::string>{"West \"1\"", "1,234"});
  CHECK(table->rows[1] == std::vector<std::string>{"a\nb", ""});
  CHECK(table->find("Sales, net") == 1U);
  CHECK_FALSE(table->find("sales, net").has_value());
  CHECK(parse_table("")->columns.empty());
  for (const char* text : {"a,b\n1\n", "a,b\n1,2,3\n", "a,b\n1,\"2", "a,b\n1,\"2\"x\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_table(text).has_value());
  }
}
