#include <catch2/catch.hpp>

#include "report_asking.h"

namespace gate::sources::reports {
namespace {

using file::text_node;

/// As Surefire writes it, with a test that was run again.
constexpr std::string_view kSurefire = R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="shop.CartTest" time="1,203.5" tests="6" errors="1" skipped="1" failures="1">
  <properties><property name="java.version" value="17"/></properties>
  <testcase name="adds" classname="shop.CartTest" time="0.5"/>
  <testcase name="removes" classname="shop.CartTest" time="1,200.25"><failure message="expected 1" type="AssertionError">at …</failure></testcase>
  <testcase name="clears" classname="shop.CartTest" time="0.25"><error type="NullPointerException"/></testcase>
  <testcase name="merges" classname="shop.CartTest" time="0"><skipped message="later"/></testcase>
  <testcase name="saves" classname="shop.CartTest" time="2"><flakyFailure message="timeout" type="x"><stackTrace>…</stackTrace></flakyFailure></testcase>
  <testcase name="loads" classname="shop.CartTest" time="0.5"><system-out><![CDATA[<failure/>]]></system-out></testcase>
</testsuite>
)";

TEST_CASE("the tests of a suite are counted by what happened to them") {
  Asked asked("junit", {});
  asked.file("TEST-shop.CartTest.xml", kSurefire);
  const std::pair<const char*, const char*> table[] = {
      {"tests", "6"},
      {"passed", "3"},
      {"failed", "2 (failed: shop.CartTest.clears, shop.CartTest.removes)"},
      {"skipped", "1"},
      {"flaky", "1 (failed first and passed then: shop.CartTest.saves)"},
      {"pass_rate", "60"},
      {"duration", "1203.5"},
  };
  for (const auto& [measure, expected] : table) CHECK(asked.measure(measure) == expected);
}

TEST_CASE("a test that ran several times is one: flaky when it passed at last, failed when it never did") {
  Asked asked("junit", {});
  asked.file("a.xml", R"(<testsuites><testsuite name="s">
<testcase classname="c" name="x" time="1"><failure/></testcase><testcase classname="c" name="x" time="2"/>
<testcase classname="c" name="y"><failure/></testcase><testcase classname="c" name="y"><error/></testcase>
</testsuite></testsuites>)");
  CHECK(asked.measure("tests") == "2");
  CHECK(asked.measure("flaky") == "1 (failed first and passed then: c.x)");
  CHECK(asked.measure("failed") == "1 (failed: c.y)");
  CHECK(asked.measure("pass_rate") == "50");
  CHECK(asked.measure("duration") == "3");
}

TEST_CASE("the same test in two files, or suites, is two: a matrix of systems is not flaky") {
  Asked asked("junit", {{"path", text_node("*.xml")}});
  asked.file("linux.xml", R"(<testsuite name="s"><testcase name="x"/></testsuite>)");
  asked.file("mac.xml", R"(<testsuite name="s"><testcase name="x"><failure/></testcase></testsuite>)");
  CHECK(asked.measure("tests") == "2");
  CHECK(asked.measure("flaky") == "0");
  CHECK(asked.measure("failed") == "1 (failed: x)");
}

TEST_CASE("new failures are those that the baseline does not have") {
  Asked asked("junit", {{"baseline_path", text_node("main.xml")}});
  asked.file("a.xml", R"(<testsuite name="s" failures="2"><testcase classname="c" name="old"><failure/></testcase>
<testcase classname="c" name="new"><failure/></testcase></testsuite>)");
  asked.file("main.xml", R"(<testsuite name="other"><testcase classname="c" name="old"><failure/></testcase>
<testcase classname="c" name="new"/></testsuite>)");
  CHECK(asked.measure("new_failed") == "1 (failed, and did not before: c.new)");
}

TEST_CASE("no test, or none that was run, is no data") {
  Asked none("junit", {});
  none.file("a.xml", R"(<testsuites tests="0" failures="0"/>)");
  CHECK(none.measure("failed") == "none: no test ran");
  CHECK(none.measure("tests") == "none: no test ran");
  Asked skipped("junit", {});
  skipped.file("a.xml", R"(<testsuite><testcase name="x"><skipped/></testcase></testsuite>)");
  CHECK(skipped.measure("pass_rate") == "none: every test was skipped");
}

TEST_CASE("a suite that counts more failures than it lists is an error") {
  Asked asked("junit", {});
  asked.file("a.xml", "<testsuites>\n<testsuite name=\"broken\" tests=\"9\" errors=\"1\"/></testsuites>");
  CHECK(asked.measure("failed") ==
        "RG1504 ci: a.xml:2:1: the suite `broken` counts 1 failures and errors, and lists 0 / the suite itself broke, or the "
        "report was cut: what it does not list cannot be judged");
}

TEST_CASE("absurd times are errors") {
  for (const char* time : {"-1", "nan", "inf", "1e999", "soon", "1,2", "12,345,6", "0x10"}) {
    Asked asked("junit", {});
    asked.file("a.xml", std::string("<testsuite><testcase name='x' time='") + time + "'/></testsuite>");
    CHECK(asked.measure("duration") == std::string("RG1504 ci: a.xml:1:12: `time` is \"") + time +
                                           "\", which is no amount: a finite number from 0 on / the file was changed, or "
                                           "written by a tool that breaks its format");
  }
  Asked huge("junit", {});
  huge.file("a.xml", "<testsuite><testcase name='x' time='1e308'/><testcase name='y' time='1e308'/></testsuite>");
  CHECK(huge.measure("duration").starts_with("RG1504 a.xml: its numbers add up to no finite one"));
}

}  // namespace
}  // namespace gate::sources::reports
