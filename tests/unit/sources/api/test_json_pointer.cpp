// JSON Pointers: the examples of RFC 6901, section 5, and what is missing, null or no way at all.
#include <catch2/catch.hpp>

#include "sources/api_caller.h"
#include "sources/json_pointer.h"

using namespace gate;
using namespace gate::sources;

namespace {

std::string found(const char* json, const char* pointer) {
  const JsonAnswer answer(json, "api: /x");
  try {
    const auto at = find_at(answer.root(), parse_pointer(pointer).value());
    if (!at) return "missing";
    if (at->is_null()) return "null";
    if (at->is_string()) return at->text();
    if (at->is_number()) return std::to_string(static_cast<int>(at->number()));
    return at->is_array() ? "an array" : "an object";
  } catch (const core::SourceError& failure) {
    return failure.error().code + " " + failure.error().message;
  }
}

}  // namespace

TEST_CASE("the examples of the standard") {
  constexpr const char* kDocument =
      R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})";
  const auto [pointer, value] = GENERATE(table<const char*, const char*>({{"", "an object"},
                                                                          {"/foo", "an array"},
                                                                          {"/foo/0", "bar"},
                                                                          {"/", "0"},
                                                                          {"/a~1b", "1"},
                                                                          {"/c%d", "2"},
                                                                          {"/e^f", "3"},
                                                                          {"/g|h", "4"},
                                                                          {"/i\\j", "5"},
                                                                          {"/k\"l", "6"},
                                                                          {"/ ", "7"},
                                                                          {"/m~0n", "8"}}));
  CAPTURE(pointer);
  CHECK(found(kDocument, pointer) == value);
}

TEST_CASE("missing and null are told apart from what is no way") {
  constexpr const char* kDocument = R"({"a":[1,2],"b":null,"c":{"d":"x"}})";
  const auto [pointer, value] = GENERATE(table<const char*, const char*>(
      {{"/z", "missing"},
       {"/a/2", "missing"},
       {"/b", "null"},
       {"/b/more", "null"},
       {"/c/e", "missing"},
       {"/c/d/e", "RG1902 api: /x#/c/d: it is not an object"},
       {"/a/01", R"(RG1902 api: /x#/a: it is not an object, and "01" is no number of an element)"},
       {"/a/-", R"(RG1902 api: /x#/a: it is not an object, and "-" is no number of an element)"},
       {"/a/x", R"(RG1902 api: /x#/a: it is not an object, and "x" is no number of an element)"}}));
  CAPTURE(pointer);
  CHECK(found(kDocument, pointer) == value);
}

TEST_CASE("what is no pointer") {
  CHECK(parse_pointer("data/0").error().message == R"("data/0" is no JSON Pointer: it does not begin with a slash)");
  for (const char* pointer : {"/a~", "/a~2", "/~"}) CHECK(parse_pointer(pointer).error().code == "RG1910");
  CHECK(parse_pointer("/~01").value() == std::vector<std::string>{"~1"});
}
