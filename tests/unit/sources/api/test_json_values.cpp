// JsonAt over answers: numbers that are written as strings, and what is refused.
#include <catch2/catch.hpp>

#include "sources/api_caller.h"

using namespace gate;
using namespace gate::sources;

namespace {

/// The number at /n of {"n": …}, or the error.
std::string numeric(const std::string& json) {
  const JsonAnswer answer(R"({"n":)" + json + "}", "api: /count");
  try {
    return std::to_string(answer.root().need("n").numeric());
  } catch (const core::SourceError& failure) {
    return failure.error().code + " " + failure.error().message;
  }
}

}  // namespace

TEST_CASE("a number may be written as a string, and nothing else is one") {
  struct Row {
    const char* json;
    const char* number;
  };
  const Row row = GENERATE(values<Row>({
      {"12", "12.000000"},
      {"-0.5", "-0.500000"},
      {"9007199254740993", "9007199254740992.000000"},
      {R"("12.5")", "12.500000"},
      {R"("1e3")", "1000.000000"},
      {R"("")", "RG1902 api: /count#/n: it is not a number"},
      {R"("1,234")", "RG1902 api: /count#/n: it is not a number"},
      {R"("12 ms")", "RG1902 api: /count#/n: it is not a number"},
      {R"("inf")", "RG1902 api: /count#/n: it is not a number"},
      {R"("NaN")", "RG1902 api: /count#/n: it is not a number"},
      {"true", "RG1902 api: /count#/n: it is not a number"},
      {"null", "RG1902 api: /count: `n` is missing"},
      {"[1]", "RG1902 api: /count#/n: it is not a number"},
  }));
  CAPTURE(row.json);
  CHECK(numeric(row.json) == row.number);
}

TEST_CASE("what is cut off is no JSON") {
  for (const char* text : {"", "{", R"({"a":[1,2)", R"({"a":1}})"}) {
    CAPTURE(text);
    std::string code;
    try {
      const JsonAnswer answer(text, "api: /x");
    } catch (const core::SourceError& failure) {
      code = failure.error().code;
    }
    CHECK(code == "RG1901");
  }
}
