#include <catch2/catch.hpp>

#include "sources/prometheus/refusal.h"

using gate::core::Error;
using gate::sources::prometheus::refusal_error;

TEST_CASE("the kind of a refusal") {
  struct Case {
    const char* type;
    const char* message;
    const char* code;
    const char* words;
  };
  for (const Case& c : {
           Case{"bad_data", "no", "RG1301", "prom: the server rejects the query: no"},
           Case{"400", "no", "RG1301", "prom: the server rejects the query: no"},
           Case{"execution", "no", "RG1302", "prom: the server cannot execute the query: no"},
           Case{"422", "no", "RG1302", "prom: the server cannot execute the query: no"},
           Case{"422", "unparsed data left: \"x\"", "RG1301", "prom: the server rejects the query: unparsed data left: \"x\""},
           Case{"422", "error when executing query=\"a): b\" for (time=1, step=300000): cannot x", "RG1302",
                "prom: the server cannot execute the query: cannot x"},
           Case{"timeout", "no", "RG1303", "prom: the server gave up on the query: no"},
           Case{"canceled", "no", "RG1303", "prom: the server gave up on the query: no"},
           Case{"503", "no", "RG1303", "prom: the server gave up on the query: no"},
           Case{"internal", "no", "RG1304", "prom: the server could not answer (internal): no"},
           Case{"", "", "RG1304", "prom: the server could not answer (no type given): (no reason given)"},
           Case{"\x1b[31m", "a\nb", "RG1304", "prom: the server could not answer (\\x1b[31m): a\\nb"},
       }) {
    INFO(c.type << ": " << c.message);
    const Error error = refusal_error("prom", {c.type, c.message}, "up");
    CHECK(error.code == c.code);
    CHECK(error.message == c.words);
  }
  CHECK(refusal_error("prom", {"bad_data", std::string(5000, 'x')}, "up").message.size() < 400);
}

TEST_CASE("a caret stands under the place in the query") {
  struct Case {
    const char* message;
    const char* query;
    const char* line;   // "" when there is no caret
    std::size_t caret;  // column of the caret, from 0, behind "query: "
  };
  const std::string padding(80, 'a');
  const std::string deep = padding + " + rate(x)";
  for (const Case& c : {
           Case{"1:5: parse error: unclosed left parenthesis", "sum(x", "sum(x", 4},
           Case{"invalid parameter \"query\": 1:5: parse error: unclosed", "sum(x", "sum(x", 4},
           Case{"2:3: parse error: unexpected x", "sum(\n  x y)", "  x y)", 2},
           Case{"1:6: parse error: unexpected end", "sum(x", "sum(x", 5},
           Case{"1:9: parse error: unexpected x", "{a=\"\xC3\xA9\xC3\xA9\"} x", "{a=\"\xC3\xA9\xC3\xA9\"} x", 6},
           Case{"1:85: parse error: deep in a long query", deep.c_str(),
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + rate(x)", 60},
           Case{"1:99: parse error: beyond the text", "sum(x", "", 0},
           Case{"3:1: parse error: beyond the lines", "sum(x", "", 0},
           Case{"0:0: parse error: no place", "sum(x", "", 0},
           Case{"99999999999999999999:1: parse error: huge", "sum(x", "", 0},
           Case{"parse error: no numbers", "sum(x", "", 0},
           Case{"cannot execute query: unparsed data left: \") x\"", "rate(x)) x", "rate(x)) x", 7},
           Case{"unexpected token \"\"; unparsed data: \"\"", "sum(", "sum(", 4},
           Case{"unparsed data left: \"\\\"b\\\"\"", "a \"b\"", "a \"b\"", 2},
           Case{"unparsed data left: \"y\\nz\"", "x\nw y\nz", "w y", 2},
           Case{"unparsed data left: \"something else\"", "sum(x", "", 0},
           Case{"unparsed data left", "sum(x", "", 0},
       }) {
    INFO(c.message << " in " << c.query);
    const Error error = refusal_error("prom", {"bad_data", c.message}, c.query);
    if (std::string(c.line).empty()) {
      CHECK(error.context.empty());
      continue;
    }
    REQUIRE(error.context.size() == 2);
    CHECK(error.context[0] == std::string("query: ") + c.line);
    CHECK(error.context[1] == "       " + std::string(c.caret, ' ') + "^");
  }
}
