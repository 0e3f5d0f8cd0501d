#include "report/markdown_text.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace gate::report;

TEST_CASE("text from outside opens nothing, and stays legible") {
  struct Case {
    const char* text;
    const char* escaped;
  };
  const std::vector<Case> cases = {
      // A cell, a code span, a tag, a link.
      {"a|b", "a\\|b"},
      {"`code`", "\\`code\\`"},
      {"<img src=x>", "&lt;img src=x>"},
      {"a --> <!--", "a --> &lt;!--"},
      {"a & b", "a & b"},
      {"&lt;b&gt; &#60;", "&amp;lt;b&amp;gt; &amp;#\u200B60;"},
      {"[x](http://y)", "\\[x\\](http:\u200B//y)"},
      {"![x](y)", "![x\\](y)"},
      {"[x]: y", "\\[x\\]: y"},
      {"p99 [pod=a]", "p99 [pod=a]"},
      {"www.x.org WWW.y", "www\u200B.x.org WWW\u200B.y"},
      {"javascript:alert(1)", "javascript:alert(1)"},
      // Emphasis, math, strikethrough; words with an underscore are none.
      {"*b* _i_ ~s~ __b__", "\\*\u200Bb\\* \\_i\\_ \\~\u200Bs\\~ \\_\\_b\\_\\_"},
      {"on_pending", "on_pending"},
      {"$x$", "\\$\u200Bx\\$"},
      // Mentions and references of GitHub and GitLab.
      {"@octocat", "@\u200Boctocat"},
      {"a@b.org", "a@\u200Bb.org"},
      {"at @ noon", "at @ noon"},
      {"#12 a/b#12", "#\u200B12 a/b#\u200B12"},
      {"GH-12 gh-1", "GH-\u200B12 gh-\u200B1"},
      {"eight-12", "eight-12"},
      {"!7 worse!", "!\u200B7 worse!"},
      {"~bug ~\"a b\"", "\\~\u200Bbug \\~\u200B\"a b\""},
      {"%next 10 %", "%\u200Bnext 10 %"},
      {"&4", "&amp;\u200B4"},
      {"^alert#1", "^\u200Balert#\u200B1"},
      {"[epic:a/b]", "[\u200Bepic:a/b]"},
      {"see [epic:a/b]", "see [\u200Bepic:a/b]"},
      {"*iteration:4", "\\*\u200Biteration:4"},
      // Emoji by name, but no times.
      {":tada: a:b:c", ":\u200Btada: a:\u200Bb:\u200Bc"},
      {"prom:9090", "prom:9090"},
      {"2026-03-17T11:34:00Z", "2026-03-17T11:34:00Z"},
      // The start of a line.
      {"# x", "\\# x"},
      {"## x", "\\## x"},
      {"- x", "\\- x"},
      {"+ x", "\\+ x"},
      {"---", "\\---"},
      {"1. x", "1\\. x"},
      {"12) x", "12\\) x"},
      {"1.41.0", "1.41.0"},
      {"> x", "\\> x"},
      {"[ ] x", "\\[ ] x"},
      {"    x  ", "x"},
      {"+31 % (limit +10 %)", "+31 % (limit +10 %)"},
      {"−2.7", "−2.7"},
      // Controls, and backslashes that would mean something.
      {"two\nlines", "two\\nlines"},
      {"\x1b[31m", "\\x1b[31m"},
      {"a\\b", "a\\b"},
      {"a\\|b\\", "a\\\\\\|b\\\\"},
      {"a\u202Eb", "a\\u{202e}b"},
      // Commands of pipelines.
      {"##[error]x", "\\##\u200B[error]x"},
      {"##vso[task.complete]", "\\##\u200Bvso[task.complete]"},
      {"::error::x", ":\u200B:\u200Berror:\u200B:\u200Bx"},
      {"", ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(escaped(one.text) == one.escaped);
  }
  CHECK(escaped(std::string(400, 'a')).size() == 303);
  CHECK(escaped("latency", 3) == "lat…");
}

TEST_CASE("code spans and links cannot be left") {
  CHECK(code("up") == "`up`");
  CHECK(code("a | b") == "`a | b`");
  CHECK(code("a`b``c") == "```a`b``c```");
  CHECK(code("`a") == "`` `a ``");
  CHECK(code(" a ") == "`  a  `");
  CHECK(code(" ") == "` `");
  CHECK(code("").empty());
  CHECK(code("##[error]x") == "`\\x23#[error]x`");
  CHECK(web_link("graph", "https://x/y?z=1") == "[graph](https://x/y?z=1)");
  for (const char* bad :
       {"javascript:alert(1)", "https://x/a)b", "https://x/ y", "https://x/<b>", "ftp://x", "", "https://x/\n"})
    CHECK(web_link("graph", bad).empty());
}

TEST_CASE("a marker is of one gate, and no name can end it") {
  CHECK(marker("checkout-api") == "<!-- release-gate:checkout-api -->\n");
  CHECK(marker("a --> <b>---") == "<!-- release-gate:a -%2D%3E %3Cb%3E-%2D- -->\n");
  CHECK(marker("50%") == "<!-- release-gate:50%25 -->\n");
  CHECK(marker("##[group]") == "<!-- release-gate:%23%23[group] -->\n");
  CHECK(marker("a<b") != marker("ab"));
  CHECK(marker(std::string(5000, 'x')).size() < 350);
}

TEST_CASE("characters, not bytes") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("abc") == 3);
  CHECK(count_characters("▁→é") == 3);
  CHECK(count_characters("😀") == 2);
}
