#include "report/json_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const std::string& json) {
  std::string out;
  append_json(out, Json::parse(json), 0);
  CHECK(Json::parse(out) == Json::parse(json));
  return out;
}

TEST_CASE("members have lines of their own, rows of numbers do not") {
  const std::pair<const char*, const char*> cases[] = {
      {"null", "null"},
      {"0.1", "0.1"},
      {"{}", "{}"},
      {"[]", "[]"},
      {R"("a\nb")", R"("a\nb")"},
      {"[1,null,2.5]", "[1, null, 2.5]"},
      {"[[0,1.5],[15,null]]", "[[0, 1.5], [15, null]]"},
      {R"(["a","b"])", "[\n  \"a\",\n  \"b\"\n]"},
      {R"({"a":{"b":[1]},"c":[]})", "{\n  \"a\": {\n    \"b\": [1]\n  },\n  \"c\": []\n}"},
      {R"([{"a":1},{"b":[[1],2]}])", "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": [[1], 2]\n  }\n]"},
      {"[[[1]]]", "[\n  [[1]]\n]"},
  };
  for (const auto& [json, text] : cases) CHECK(text_of(json) == text);
}

TEST_CASE("what is no UTF-8 is replaced, in keys, too") {
  std::string out;
  append_json(out, Json{{"k\xff", Json::array({"v\xfe"})}}, 0);
  CHECK(out == "{\n  \"k\uFFFD\": [\n    \"v\uFFFD\"\n  ]\n}");
}

}  // namespace
}  // namespace gate::report
