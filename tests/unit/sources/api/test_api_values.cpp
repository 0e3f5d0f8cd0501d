#include "sources/api_values.h"

#include <catch2/catch.hpp>

using gate::core::SourceError;
using gate::core::Zone;
using gate::sources::JsonAnswer;
using gate::sources::time_at;

namespace {

gate::core::Time moment(const char* text) {
  return gate::core::parse_time(text).value();
}

std::string code_of(const JsonAnswer& answer) {
  try {
    (void)time_at(answer.root());
  } catch (const SourceError& error) {
    return error.error().code;
  }
  return "";
}

}  // namespace

TEST_CASE("times in answers have an offset, or a zone that says it") {
  struct Case {
    const char* json;
    const char* zone;
    const char* expected;
  };
  for (const Case& c : {Case{R"("2026-03-17T12:04:00Z")", "UTC", "2026-03-17T12:04:00Z"},
                        Case{R"("2026-03-17T12:04:00")", "UTC", "2026-03-17T12:04:00Z"},
                        Case{R"("2026-03-17T12:04:00")", "-04:00", "2026-03-17T16:04:00Z"},
                        Case{R"("2026-03-17T12:04:00+01:00")", "-04:00", "2026-03-17T11:04:00Z"}}) {
    CAPTURE(c.json, c.zone);
    const JsonAnswer answer(c.json, "desk");
    CHECK(time_at(answer.root(), Zone::find(c.zone).value()) == moment(c.expected));
  }
  CHECK(time_at(JsonAnswer(R"("2026-03-17T12:04:00.250Z")", "desk").root()) == moment("2026-03-17T12:04:00.250Z"));
  for (const char* json : {R"("2026-03-17T12:04:00")", R"("soon")", "1773749040", "null"}) {
    CAPTURE(json);
    CHECK(code_of(JsonAnswer(json, "desk")) == "RG1902");
  }
}

TEST_CASE("an id is a number or a text") {
  const JsonAnswer answer(R"({"a": 377922500012, "b": "PIJ90N7", "c": null})", "desk");
  CHECK(gate::sources::id_of(answer.root(), "a") == "377922500012");
  CHECK(gate::sources::id_of(answer.root(), "b") == "PIJ90N7");
  CHECK(gate::sources::id_of(answer.root(), "c").empty());
  CHECK(gate::sources::id_of(answer.root(), "d").empty());
}

TEST_CASE("a list of scalars, or one, as texts") {
  using Texts = std::vector<std::string>;
  gate::core::Node one;
  one.value = std::string("a");
  gate::core::Node two;
  two.value = std::int64_t{2};
  gate::core::Node list;
  list.value = gate::core::Node::Array{one, two};
  CHECK(gate::sources::texts_in(one) == Texts{"a"});
  CHECK(gate::sources::texts_in(list) == Texts{"a", "2"});
}
