// XML that means harm, or is broken: a clear error that names the place.
#include <catch2/catch.hpp>

#include "report_asking.h"

namespace gate::sources::reports {
namespace {

std::string failed(std::string_view text) {
  Asked asked("junit", {});
  asked.file("a.xml", text);
  return asked.measure("failed");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("entities are refused where they are declared, so that none is ever expanded") {
  const std::string bomb = R"(<?xml version="1.0"?>
<!DOCTYPE testsuite [
 <!ENTITY a "aaaaaaaaaa">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<testsuite name="&b;"/>)";
  CHECK(failed(bomb).starts_with("RG1503 ci: a.xml:3:13: it declares an entity of its own, `a` / such files are refused"));
  CHECK_THAT(failed(R"(<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite>&x;</testsuite>)"),
             Catch::StartsWith("RG1503 ci: a.xml:1:52: it declares an entity of its own, `x`"));
  CHECK(failed(R"(<!DOCTYPE testsuite SYSTEM "http://127.0.0.1/x.dtd"><testsuite><testcase name="a"/></testsuite>)") == "0");
}

TEST_CASE("deep nesting ends where it gets too deep, in little memory") {
  CHECK(failed(repeated("<testsuite>", 1'000'000))
            .starts_with("RG1503 ci: a.xml:1:1101: elements are nested more than 100 deep"));
}

TEST_CASE("what is no XML, or was cut off, is named with its place") {
  CHECK(failed("<testsuite>\n<testcase name=\"a\">")
            .starts_with("RG1503 ci: a.xml:2:20: it is not XML: no element found / was the tool stopped"));
  CHECK(failed("").starts_with("RG1503 ci: a.xml:1:1: it is not XML: no element found"));
  CHECK(failed(std::string("<testsuite>\0</testsuite>", 24))
            .starts_with("RG1503 ci: a.xml:1:12: it is not XML: not well-formed"));
  CHECK(failed("{\"tests\": 1}").starts_with("RG1503 ci: a.xml:1:1: it is not XML: not well-formed"));
  CHECK(failed("<html><body/></html>") ==
        "RG1503 ci: a.xml:1:1: it is no test report: its root is `html` / JUnit XML begins with <testsuites> or <testsuite>");
  CHECK(failed("<testsuite name=\"\xFF\"/>").starts_with("RG1503 ci: a.xml:1:18: it is not XML: not well-formed"));
}

TEST_CASE("other encodings that XML knows are read") {
  const std::string utf16 = [] {
    std::string out = "\xFF\xFE";
    for (const char c : std::string_view("<testsuite><testcase name='a'><failure/></testcase></testsuite>")) {
      out += c;
      out += '\0';
    }
    return out;
  }();
  CHECK(failed(utf16) == "1 (failed: a)");
  CHECK(
      failed("<?xml version='1.0' encoding='ISO-8859-1'?><testsuite><testcase name='\xE4'><failure/></testcase></testsuite>") ==
      "1 (failed: ä)");
}

}  // namespace
}  // namespace gate::sources::reports
