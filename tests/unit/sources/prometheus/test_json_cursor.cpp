#include <simdjson.h>

#include <catch2/catch.hpp>
#include <random>

#include "sources/prometheus/json_cursor.h"

using gate::sources::prometheus::JsonCursor;
using gate::sources::prometheus::JsonError;

namespace {

bool accepts(const std::string& text) {
  if (!simdjson::validate_utf8(text)) return false;
  try {
    JsonCursor json(text);
    json.skip();
    return json.at_end();
  } catch (const JsonError&) {
    return false;
  }
}

}  // namespace

TEST_CASE("strings are unescaped") {
  struct Case {
    const char* text;
    const char* value;
  };
  for (const Case& c : {Case{R"("")", ""}, Case{R"("plain")", "plain"}, Case{R"("a\"b\\c\/d")", "a\"b\\c/d"},
                        Case{R"("\b\f\n\r\t")", "\b\f\n\r\t"}, Case{R"("\u0041\u00e9\u20AC")", "A\xC3\xA9\xE2\x82\xAC"},
                        Case{R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"}, Case{"  \"\xC3\xA9\"", "\xC3\xA9"},
                        Case{R"("x\u0041y\nz")", "xAy\nz"}}) {
    INFO(c.text);
    const std::string text = c.text;
    CHECK(JsonCursor(text).string() == c.value);
    std::string buffer;
    CHECK(JsonCursor(text).string_view(buffer) == c.value);
  }
  for (const char* text : {R"(")", R"("a)", R"("\)", R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud83d")", R"("\ud83dx")",
                           R"("\ude00")", R"("\ud83d\u0041")", "\"a\nb\"", "x", ""}) {
    INFO(text);
    const std::string kept = text;
    CHECK_THROWS_AS(JsonCursor(kept).string(), JsonError);
  }
}

TEST_CASE("numbers are read as RFC 8259 has them") {
  struct Case {
    const char* text;
    double value;
  };
  for (const Case& c : {Case{"0", 0}, Case{"-0", 0}, Case{"12", 12}, Case{"-1.5", -1.5}, Case{"1e3", 1000}, Case{"1E+3", 1000},
                        Case{"25e-1", 2.5}, Case{"0.1", 0.1}}) {
    INFO(c.text);
    const std::string text = c.text;
    CHECK(JsonCursor(text).number() == c.value);
    CHECK(accepts(text));
  }
  for (const char* text : {"01", "-", "1.", ".5", "+1", "1e", "1e+", "--1", "1.2.3", "1-2", "NaN", "Infinity", "1e999", "x"}) {
    INFO(text);
    const std::string kept = text;
    CHECK_THROWS_AS(JsonCursor(kept).number(), JsonError);
  }
}

TEST_CASE("seconds are read as milliseconds") {
  struct Case {
    const char* text;
    std::int64_t value;
  };
  for (const Case& c :
       {Case{"1773749040,", 1773749040000}, Case{"1773749040", 1773749040000}, Case{"1773749040.123,", 1773749040123},
        Case{"0,", 0}, Case{"-5,", -5000}, Case{"1e3,", 1000000}, Case{"0.0004,", 0}, Case{"0.0005,", 1},
        Case{"99999999999,", 99999999999000}, Case{"100000000000,", 100000000000000}}) {
    INFO(c.text);
    const std::string text = c.text;
    CHECK(JsonCursor(text).milliseconds() == c.value);
  }
  for (const char* text : {"100000000001,", "1e300,", "-1e12,"}) {
    const std::string kept = text;
    CHECK_FALSE(JsonCursor(kept).milliseconds().has_value());
  }
  for (const char* text : {"01,", "\"1\",", "null,"}) {
    const std::string kept = text;
    CHECK_THROWS_AS(JsonCursor(kept).milliseconds(), JsonError);
  }
}

TEST_CASE("what is skipped is checked all the same") {
  for (const char* text : {"{}", "[]", "null", "true", "false", "\"a\"", "-1.5e3", R"({"a":[1,{"b":null},[]],"c":{}})",
                           "[[[]]]", " [ 1 , 2 ] ", R"([{"a":1},{"a":2}])"}) {
    INFO(text);
    CHECK(accepts(text));
  }
  for (const char* text : {"",    " ",     "{",     "[",         "]",        "{]",         "[}",        "[1",
                           "[1,", "[1,]",  "[,1]",  "{\"a\"}",   "{\"a\":}", "{\"a\":1,}", "{1:2}",     "{\"a\":1]",
                           "nul", "nulll", "[1 2]", "{\"a\" 1}", "[] []",    "\xFF",       "[\"\x01\"]"}) {
    INFO(text);
    CHECK_FALSE(accepts(text));
  }
  CHECK(accepts(std::string(1'000'000, '[') + std::string(1'000'000, ']')));
}

TEST_CASE("simdjson and the cursor agree on what JSON is, for thousands of damaged texts") {
  const std::string seeds[] = {
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b\u00e9"},"values":[[1,"1"],[2.5,"NaN"]]}]}})",
      R"({"a":[true,false,null,-1.5e-3,"x\\\"y"],"b":{},"c":[],"d":[[],{"e":[{}]}]})",
  };
  const std::string signs = "{}[],:\"\\ \n0123456789.-+eEtrufalsn\x01\x7F\xC3\xA9";
  std::mt19937 random(20260317);
  const auto below = [&](std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random); };
  simdjson::dom::parser parser;
  std::size_t accepted = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string text = seeds[below(2)];
    for (std::size_t damage = below(3) + 1; damage > 0; --damage) {
      const std::size_t at = below(text.size());
      const std::size_t how = below(3);
      if (how == 0) text[at] = signs[below(signs.size())];
      if (how == 1) text.insert(at, 1, signs[below(signs.size())]);
      if (how == 2) text.erase(at, 1 + below(3));
    }
    const auto error = parser.parse(text).error();
    // Numbers beyond a double's or an integer's range are JSON, which simdjson does not read.
    if (error == simdjson::NUMBER_ERROR && accepts(text)) continue;
    accepted += error == simdjson::SUCCESS ? 1 : 0;
    if (accepts(text) != (error == simdjson::SUCCESS)) FAIL(text << ": simdjson says " << simdjson::error_message(error));
  }
  CHECK(accepted > 1000);
}
