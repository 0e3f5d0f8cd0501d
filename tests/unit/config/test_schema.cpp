#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "config/schema.h"
#include "support.h"

using namespace gate::config;
using namespace gate::config::test;

TEST_CASE("the schema is made of the language and the keys of the sources") {
  const auto schema = nlohmann::json::parse(gate_schema({&points_type(), &rows_type()}));
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json::array({"version"}));
  const auto& sources = schema["properties"]["sources"]["additionalProperties"]["anyOf"];
  REQUIRE(sources.size() == 2);
  CHECK(sources[0]["properties"]["type"]["const"] == "points");
  CHECK(sources[0]["required"] == nlohmann::json::array({"type", "url"}));
  CHECK(sources[0]["additionalProperties"] == false);
  CHECK(sources[1]["required"] == nlohmann::json::array({"type"}));
  const auto& metric = schema["$defs"]["metric"];
  for (const char* key :
       {"query", "zone", "column", "where", "kind", "fail", "warn", "events", "baseline", "step", "confidence", "judge"}) {
    INFO(key);
    CHECK(metric["properties"].contains(key));
  }
  CHECK_FALSE(metric["properties"].contains("url"));
  CHECK(metric["additionalProperties"] == false);
  CHECK(schema["$defs"]["criteria"]["minProperties"] == 1);
}
