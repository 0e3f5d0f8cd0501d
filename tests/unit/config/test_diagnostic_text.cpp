#include <catch2/catch.hpp>

#include "config/diagnostic_text.h"

using namespace gate::config;
using gate::core::Diagnostic;
using gate::core::Severity;

namespace {

std::string render(const std::string& text, gate::core::Location place, const std::string& hint = "hint",
                   Severity severity = Severity::error) {
  place.file = "gate.toml";
  return render_diagnostic({severity, {"RG0104", "message", hint, {}, place}}, {{"gate.toml", text}});
}

}  // namespace

TEST_CASE("a diagnostic is place, line, caret and hint") {
  CHECK(render("one\ntwo = 2\n", {"", 2, 7, 1}) == "gate.toml:2:7: error[RG0104]: message\n2 | two = 2\n  |       ^ hint\n");
  CHECK(render("one\ntwo = 2\n", {"", 2, 1, 3}, "", Severity::warning) ==
        "gate.toml:2:1: warning[RG0104]: message\n2 | two = 2\n  | ^^^\n");
  CHECK(render(std::string(9, '\n') + "x", {"", 10, 1, 1}) == "gate.toml:10:1: error[RG0104]: message\n10 | x\n   | ^ hint\n");
  CHECK(render("last", {"", 1, 5, 1}) == "gate.toml:1:5: error[RG0104]: message\n1 | last\n  |     ^ hint\n");
  CHECK(render("short", {"", 1, 2, 99}) == "gate.toml:1:2: error[RG0104]: message\n1 | short\n  |  ^^^^ hint\n");
  CHECK(render("x", {"", 7, 3, 1}) == "gate.toml:7:3: error[RG0104]: message\n7 | \n  | ^ hint\n");
}

TEST_CASE("without a place, or without the text, there is no excerpt") {
  CHECK(render_diagnostic({Severity::error, {"RG0411", "message", "hint", {"fact"}, {}}}, {}) ==
        "error[RG0411]: message\n   = hint\n   = fact\n");
  CHECK(render_diagnostic({Severity::error, {"RG0108", "message", "", {}, {"gate.toml", 3, 4, 1}}}, {}) ==
        "gate.toml:3:4: error[RG0108]: message\n");
  CHECK(render_diagnostic({Severity::error, {"RG0405", "message", "", {}, {"gate.toml", 0, 0, 1}}}, {}) ==
        "gate.toml: error[RG0405]: message\n");
}

TEST_CASE("carets stand under what is shown: tabs, wide and hidden characters, line ends of Windows") {
  CHECK(render("\ta\t= 1\r\n", {"", 1, 4, 1}) == "gate.toml:1:4: error[RG0104]: message\n1 |  a = 1\n  |    ^ hint\n");
  CHECK(render("\"決済\" = é1", {"", 1, 12, 3}) ==
        "gate.toml:1:12: error[RG0104]: message\n1 | \"決済\" = é1\n  |          ^^ hint\n");
  CHECK(render("a\x1b = \xff", {"", 1, 6, 1}) ==
        "gate.toml:1:6: error[RG0104]: message\n1 | a\\x1b = \\xff\n  |         ^^^^ hint\n");
}

TEST_CASE("long lines are cut on both sides") {
  const std::string line = std::string(150, 'a') + "HERE" + std::string(150, 'b');
  CHECK(render(line, {"", 1, 151, 4}) == "gate.toml:1:151: error[RG0104]: message\n1 | 110 more columns…" +
                                             std::string(40, 'a') + "HERE" + std::string(38, 'b') + "…\n  | " +
                                             std::string(57, ' ') + "^^^^ hint\n");
  CHECK(render("é" + std::string(200, 'a'), {"", 1, 190, 1}).find("\n1 | 148 more columns…") != std::string::npos);
  const std::string long_hint(80, 'h');
  CHECK(render(std::string(60, 'a'), {"", 1, 60, 1}, long_hint) == "gate.toml:1:60: error[RG0104]: message\n1 | " +
                                                                       std::string(60, 'a') + "\n  | " + std::string(59, ' ') +
                                                                       "^\n   = " + long_hint + "\n");
}

TEST_CASE("the closing line counts") {
  const Diagnostic error{Severity::error, {}};
  const Diagnostic warning{Severity::warning, {}};
  CHECK(summarize({error}, "gate.toml") == "gate.toml: 1 error.");
  CHECK(summarize({error, error, warning}, "gate.toml") == "gate.toml: 2 errors, 1 warning.");
  CHECK(summarize({error, warning, warning}, "a\x1b") == "a\\x1b: 1 error, 2 warnings.");
}
