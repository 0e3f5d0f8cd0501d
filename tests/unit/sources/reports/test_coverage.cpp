#include <catch2/catch.hpp>

#include "report_asking.h"

namespace gate::sources::reports {
namespace {

using file::text_node;

/// As coverage.py and gcovr write it: the lines of methods stand twice.
constexpr std::string_view kCobertura = R"xml(<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.6" branch-rate="0.5" version="7.2" timestamp="1773749040000" lines-valid="5" lines-covered="3">
 <sources><source>/src</source></sources>
 <packages><package name="shop"><classes>
  <class name="cart.py" filename="shop/cart.py" line-rate="0.6">
   <methods><method name="add"><lines><line number="1" hits="4"/></lines></method></methods>
   <lines>
    <line number="1" hits="4"/>
    <line number="2" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="4"/>
    <line number="3" hits="0"/>
   </lines>
  </class>
  <class name="Inner" filename="shop/cart.py"><methods/><lines><line number="3" hits="2"/><line number="4" hits="0"/></lines></class>
  <class name="pay.py" filename="shop/pay.py"><methods/><lines><line number="1" hits="0" branch="true" condition-coverage="0% (0/2)"/></lines></class>
 </classes></package></packages>
</coverage>
)xml";

constexpr std::string_view kLcov =
    "TN:unit\nSF:src/a.c\nFN:1,main\nFNDA:1,main\nDA:1,1\nDA:2,0\nDA:3,5,checksum\nBRDA:2,0,0,1\nBRDA:2,0,1,-\nLF:3\nLH:2\n"
    "end_of_record\n";

std::string one(const std::string& name, std::string_view text, const char* measure = "line_coverage") {
  Asked asked("coverage", {});
  asked.file(name, text);
  return asked.measure(measure);
}

TEST_CASE("Cobertura: each line once, methods left out, classes of one file merged") {
  CHECK(one("a.xml", kCobertura, "lines") == "5");
  CHECK(one("a.xml", kCobertura, "uncovered_lines") == "2");
  CHECK(one("a.xml", kCobertura) == "60");
  CHECK(one("a.xml", kCobertura, "branch_coverage") == "25");
}

TEST_CASE("Cobertura says when it was made, in seconds or milliseconds; what is neither says nothing") {
  const auto stamp = [](const std::string& text) {
    Asked asked("coverage", {});
    asked.file("a.xml",
               "<coverage timestamp='" + text + "'><class filename='a'><line number='1' hits='1'/></class></coverage>");
    CHECK(asked.measure("lines") == "1");
    return *asked.at;
  };
  CHECK(stamp("1773749040") == file::at("2026-03-17T12:04:00Z"));
  CHECK(stamp("1773749040123") == file::at("2026-03-17T12:04:00Z"));
  for (const char* odd : {"", "soon", "-5", "1e300", "nan"}) CHECK(stamp(odd) > file::at("2026-03-18T00:00:00Z"));
}

TEST_CASE("LCOV: lines and branches, CRLF, comments, one that was not reached") {
  CHECK(one("lcov.info", kLcov).starts_with("66.66666667"));
  CHECK(one("lcov.info", kLcov, "branch_coverage") == "50");
  CHECK(one("lcov.info", "# made by hand\r\nSF:a\r\nDA:1,1\r\nend_of_record\r\n") == "100");
}

TEST_CASE("several reports are merged: a line that any of them reached is covered") {
  Asked asked("coverage", {{"path", text_node("*.info")}});
  asked.file("unit.info", kLcov)
      .file("e2e.info", "SF:src/a.c\nDA:2,1\nBRDA:2,0,1,3\nend_of_record\nSF:src/b.c\nDA:1,0\nend_of_record\n");
  CHECK(asked.measure("lines") == "4");
  CHECK(asked.measure("line_coverage") == "75");
  CHECK(asked.measure("branch_coverage") == "100");
}

TEST_CASE("nothing to cover is no data, not 0 %") {
  CHECK(one("a.xml", "<coverage line-rate='0'/>") == "none: the report knows no lines to cover, which is not 0 %");
  CHECK(one("a.info", "SF:a\nDA:1,1\nend_of_record\n", "branch_coverage") ==
        "none: the report knows no branches, which is not 0 %");
}

TEST_CASE("what is no coverage report, or a broken one, is an error with its place") {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"<report name='jacoco'/>", "RG1503 ci: f:1:1: it is no coverage report: its root is `report` / it looks like JaCoCo's"},
      {"<coverage clover='4.4'/>", "RG1503 ci: f:1:1: it is Clover's report"},
      {"<coverage><line number='1' hits='1'/></coverage>", "RG1504 ci: f:1:11: a line stands outside of any class"},
      {"<coverage><class filename='a'><line number='x' hits='1'/></class></coverage>", "RG1504 ci: f:1:31: `number` is \"x\""},
      {"<coverage><class filename='a'><line number='1' hits='-1'/></class></coverage>", "RG1504 ci: f:1:31: `hits` is \"-1\""},
      {"<coverage><class filename='a'><line number='1' hits='1' condition-coverage='100% (3/2)'/></class></coverage>",
       "RG1504 ci: f:1:31: more branches were taken than there are"},
      {"<coverage><class filename='a'><line number='1' hits='1' condition-coverage='half'/></class></coverage>",
       "RG1504 ci: f:1:31: `condition-coverage` does not say"},
      {"<coverage><class/></coverage>", "RG1504 ci: f:1:11: a class has no `filename`"},
      {"SF:a\nDA:1,1\n", "RG1503 ci: f:2: its last record has no end_of_record: it was cut off"},
      {"SF:a\nDA:1,1\nSF:b\n", "RG1503 ci: f:3: a record begins before the one above has ended"},
      {"DA:1,1\nend_of_record\n", "RG1503 ci: f:1: a line stands outside of any record"},
      {"SF:a\nDA:one,1\nend_of_record\n", "RG1504 ci: f:2: \"one\" is no line number"},
      {"SF:a\nDA:1,many\nend_of_record\n", "RG1504 ci: f:2: the count of a DA line is \"many\""},
      {"SF:a\nBRDA:1\nend_of_record\n", "RG1504 ci: f:2: a BRDA line has fewer than four fields"},
      {"hello\n", "RG1503 ci: f:1: \"hello\" is no line of an LCOV trace file"},
      {"TN:\n", "RG1503 ci: f: it is neither Cobertura's XML nor an LCOV trace file"},
      {"\n", "RG1503 ci: f: it is empty"},
      {std::string_view("SF:a\0\n", 6), "RG1503 ci: f: it holds NUL bytes"},
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK_THAT(one("f", text), Catch::StartsWith(std::string(expected)));
  }
}

}  // namespace
}  // namespace gate::sources::reports
