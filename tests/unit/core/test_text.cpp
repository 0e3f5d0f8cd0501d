#include <catch2/catch.hpp>

#include "core/text.h"
#include "core/width.h"

using namespace gate::core;
using namespace std::string_literals;

TEST_CASE("the nearest name is one that may have been meant") {
  const std::vector<std::string> names = {"increase_over", "decrease_over", "above", "below", "source", "title", "unit"};
  struct Case {
    const char* word;
    const char* nearest;
  };
  for (const Case& c : {Case{"increse_over", "increase_over"}, Case{"decrase_over", "decrease_over"}, Case{"abvoe", "above"},
                        Case{"sources", "source"}, Case{"titel", "title"}, Case{"utni", "unit"}, Case{"u", ""},
                        Case{"zzzzzz", ""}, Case{"", ""}, Case{"unit", "unit"}, Case{"weight", ""}}) {
    INFO(c.word);
    CHECK(nearest(c.word, names) == c.nearest);
  }
  CHECK(nearest("a", {}).empty());
  CHECK(nearest("abc", {"abd", "abe"}) == "abd");
}

TEST_CASE("names are listed with a joiner before the last") {
  CHECK(list_names({}).empty());
  CHECK(list_names({"a"}) == "`a`");
  CHECK(list_names({"a", "b"}) == "`a` or `b`");
  CHECK(list_names({"a", "b", "c"}, "and") == "`a`, `b` and `c`");
}

TEST_CASE("what a terminal would obey or hide is written out") {
  struct Case {
    std::string text;
    std::string shown;
  };
  for (const Case& c :
       {Case{"plain é 決 🚀", "plain é 決 🚀"}, Case{"\x1b[31m", "\\x1b[31m"}, Case{"a\nb", "a\\nb"},
        Case{"\r\t\0"s, "\\x0d\\x09\\x00"}, Case{"\x7f", "\\x7f"}, Case{"\u0085", "\\x85"}, Case{"\u202e", "\\u{202e}"},
        Case{"\u200b", "\\u{200b}"}, Case{"\ufeff", "\\u{feff}"}, Case{"\u2066", "\\u{2066}"},
        Case{"a\xff"
             "b",
             "a\\xffb"},
        Case{"\xc3", "\\xc3"}, Case{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, Case{"\xc0\x80", "\\xc0\\x80"}}) {
    CHECK(printable(c.text) == c.shown);
  }
}

TEST_CASE("UTF-8 is checked strictly") {
  struct Case {
    std::string text;
    std::size_t valid;
  };
  for (const Case& c :
       {Case{"", 0}, Case{"abc", 3}, Case{"é", 2}, Case{"決", 3}, Case{"🚀", 4}, Case{"a\xff", 1}, Case{"\xc3", 0},
        Case{"ab\xe6\xb1", 2}, Case{"\xc0\x80", 0}, Case{"\xe0\x80\x80", 0}, Case{"\xf0\x80\x80\x80", 0},
        Case{"\xed\xa0\x80", 0}, Case{"\xf4\x90\x80\x80", 0}, Case{"\x80", 0}, Case{"\xf4\x8f\xbf\xbf", 4}}) {
    CHECK(valid_utf8_bytes(c.text) == c.valid);
    CHECK(is_utf8(c.text) == (c.valid == c.text.size()));
  }
}

TEST_CASE("text is cut at a character") {
  CHECK(shorten("abc", 3) == "abc");
  CHECK(shorten("abcd", 3) == "abc…");
  CHECK(shorten("aéb", 2) == "a…");
  CHECK(shorten("🚀🚀", 5) == "🚀…");
  CHECK(shorten("abc", 0) == "…");
}

TEST_CASE("all occurrences are replaced, and what was put in is not looked at again") {
  CHECK(replace_all("a-b-c", "-", "--") == "a--b--c");
  CHECK(replace_all("aaa", "aa", "a") == "aa");
  CHECK(replace_all("abc", "x", "y") == "abc");
}

TEST_CASE("columns of a terminal") {
  struct Case {
    const char* text;
    std::size_t width;
  };
  for (const Case& c : {Case{"", 0}, Case{"abc", 3}, Case{"é", 1}, Case{"e\u0301", 1}, Case{"決済", 4}, Case{"🚀", 2},
                        Case{"ｱ", 1}, Case{"Ａ", 2}, Case{"한글", 4}, Case{"▂▃┃", 3}, Case{"−2.7 %", 6}}) {
    INFO(c.text);
    CHECK(display_width(c.text) == c.width);
  }
}

TEST_CASE("JSON says the same without what a terminal or a pipeline would take for more than text") {
  struct Case {
    std::string json;
    const char* shown;
  };
  for (const Case& c : {
           Case{R"({"a":"→ é"})", R"({"a":"→ é"})"},
           Case{"\"\x7F\u009B\u202E\u061C\"", R"("\u007f\u009b\u202e\u061c")"},
           Case{"\"\U000E0041\"", R"("\udb40\udc41")"},
           Case{R"("##[error] ##vso[x] ##teamcity[y] ## [z]")", R"("#\u0023[error] #\u0023vso[x] #\u0023teamcity[y] ## [z]")"},
           Case{"[\n  1\n]\n", "[\n  1\n]\n"},
       }) {
    CHECK(gate::core::with_json_escapes(c.json) == c.shown);
  }
}

TEST_CASE("a page shows the same without what a pipeline would take for a command") {
  CHECK(gate::core::with_html_escapes("<b>##[error]x</b>\n  ::error::y\na ## b::c") ==
        "<b>&#35;#[error]x</b>\n  &#58;:error::y\na ## b::c");
}
