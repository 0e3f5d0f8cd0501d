#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "report/layout.h"

using namespace gate::report;

TEST_CASE("display width counts columns, not bytes") {
  struct Case {
    const char* text;
    std::size_t width;
  };
  const std::vector<Case> cases = {
      {"", 0},  {"plain", 5},  {"−2.7", 4}, {"→ ┃ ▂", 5}, {"日本", 4}, {"e\u0301", 1}, {"한글 ok", 7}, {"✅ ok", 5},   {"⚡", 2},
      {"✓", 1}, {"✗ FAIL", 6}, {"ＡＢ", 4}, {"🚀", 2},     {"½", 1},    {"สวัสดี", 4},    {"עִבְ", 2},      {"\u200B", 0},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(display_width(one.text) == one.width);
  }
}

TEST_CASE("text is cut at whole characters, within the width") {
  CHECK(fit("latency", 7) == "latency");
  CHECK(fit("latency", 6) == "laten…");
  CHECK(fit("latency", 6, Charset::ascii) == "lat...");
  CHECK(fit("日本語", 5) == "日本…");
  CHECK(fit("日本語", 4) == "日…");
  CHECK(fit("abc", 1) == "…");
  CHECK(fit("abc", 0).empty());
  CHECK(fit("abcd", 2, Charset::ascii).empty());
}

TEST_CASE("padding counts columns, too") {
  CHECK(pad("日本", 6, Align::left) == "日本  ");
  CHECK(pad("−2", 4, Align::right) == "  −2");
  CHECK(pad("longer", 3, Align::left) == "longer");
}

TEST_CASE("lines break at spaces, never between a number and its unit") {
  using Lines = std::vector<std::string>;
  struct Case {
    const char* text;
    std::size_t width;
    Lines lines;
  };
  const std::vector<Case> cases = {
      {"one two three", 7, {"one two", "three"}},
      {"it is 95 % sure", 8, {"it is", "95 %", "sure"}},
      {"at least +1.3 pp.", 13, {"at least", "+1.3 pp."}},
      {"(limit +10 %), at least +24 % at 95 %", 20, {"(limit +10 %),", "at least +24 %", "at 95 %"}},
      {"needs about 2 h 10 min more", 15, {"needs about", "2 h 10 min more"}},
      {"is 312 ms → 409 ms", 11, {"is 312 ms", "→ 409 ms"}},
      {"is ≤ 800 ms; so", 9, {"is", "≤ 800 ms;", "so"}},
      {"ends 12:34 UTC today", 10, {"ends", "12:34 UTC", "today"}},
      {"2 fail 1 error", 7, {"2 fail", "1 error"}},
      {"up to +∞ % here", 6, {"up to", "+∞ %", "here"}},
      {"  spaces   fold ", 20, {"spaces fold"}},
      {"unbreakable", 6, {"unbre…"}},
      {"", 10, {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(wrap(one.text, one.width) == one.lines);
  }
}

TEST_CASE("everything has an ASCII form") {
  CHECK(to_ascii("−2.7 → 3 ≤ 4 ≥ 1 ± 2 ≠ 0 · ∞ µs …") == "-2.7 -> 3 <= 4 >= 1 +- 2 != 0 - inf us ...");
  CHECK(to_ascii("日本 é") == "?? ?");
  CHECK(to_ascii("plain") == "plain");
}
