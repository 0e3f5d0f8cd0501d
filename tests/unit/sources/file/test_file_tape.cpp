#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "folder.h"
#include "http/tape.h"
#include "sources/file/tape_text.h"

namespace gate::sources::file {
namespace {

TEST_CASE("answers come back from tape as they were") {
  core::Answer answer;
  answer.asked = "ms";
  answer.dropped_rows = 3;
  answer.notes = {"3 bad rows were left out"};
  answer.requests = {{"READ", "a.csv", 200, 1, 1.5}};
  core::Series series;
  series.labels = {{"route", "/a"}};
  series.times = {core::Time(core::Duration(1773749040250)), core::Time(core::Duration(-5))};
  series.values = {0.1, std::numeric_limits<double>::quiet_NaN()};
  series.weights = {3, 1e300};
  series.dropped = 2;
  answer.series = {series};
  const std::string text = encode_answer(answer, {{"a.csv", "abc", 12, 1.0}});
  const auto back = decode_answer(text);
  REQUIRE(back.ok());
  CHECK(back->asked == "ms");
  CHECK(back->dropped_rows == 3);
  CHECK(back->notes == answer.notes);
  CHECK(back->requests.at(0).url == "a.csv");
  CHECK(back->requests.at(0).milliseconds == 1.5);
  REQUIRE(back->series.size() == 1);
  CHECK(back->series[0].labels == series.labels);
  CHECK(back->series[0].times == series.times);
  CHECK(back->series[0].values[0] == 0.1);
  CHECK(std::isnan(back->series[0].values[1]));
  CHECK(back->series[0].weights == series.weights);
  CHECK(back->series[0].dropped == 2);
  const auto document = nlohmann::json::parse(text);
  CHECK(document["files"].dump() == R"([{"bytes":12,"path":"a.csv","sha256":"abc"}])");
}

TEST_CASE("errors come back, too; what is no answer is said to be none") {
  const core::Error error{"RG1405", "a.csv:3: x", "mend it", {"context"}, {}};
  const auto back = decode_answer(encode_answer(core::Result<core::Answer>(error), {}));
  REQUIRE_FALSE(back.ok());
  CHECK(back.error().code == "RG1405");
  CHECK(back.error().message == error.message);
  CHECK(back.error().hint == error.hint);
  CHECK(back.error().context == error.context);
  for (const char* text : {"", "{}", "[]", R"({"answer":{"asked":1}})"}) {
    const auto none = decode_answer(text);
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().code == "RG1414");
  }
}

TEST_CASE("the identity of a question tells apart what may differ") {
  core::Question question;
  question.shape = core::Shape::slices;
  FileQuery query;
  query.path = "a.csv";
  const std::string plain = encode_question("logs", question, query);
  CHECK(encode_question("logs", question, query) == plain);
  std::vector<std::string> others = {encode_question("other", question, query)};
  question.window = core::Window{at("2026-03-17T12:00:00Z"), at("2026-03-17T12:10:00Z")};
  others.push_back(encode_question("logs", question, query));
  question.window->end = at("2026-03-17T12:10:00.001Z");
  others.push_back(encode_question("logs", question, query));
  question.parts = 7;
  others.push_back(encode_question("logs", question, query));
  question.each = "route";
  others.push_back(encode_question("logs", question, query));
  query.sum = "n";
  others.push_back(encode_question("logs", question, query));
  query.where.push_back({"status", Condition::Test::is_one_of, {"500"}, 0.0, nullptr});
  others.push_back(encode_question("logs", question, query));
  query.path = "b.csv";
  others.push_back(encode_question("logs", question, query));
  others.push_back(plain);
  std::sort(others.begin(), others.end());
  CHECK(std::unique(others.begin(), others.end()) == others.end());
}

}  // namespace
}  // namespace gate::sources::file
