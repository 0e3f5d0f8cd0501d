#include <catch2/catch.hpp>

#include "report_asking.h"
#include "sources/survey/answers.h"

namespace gate::sources::reports {
namespace {

using file::number_node;
using file::table_node;
using file::text_node;

TEST_CASE("what an answer counts") {
  using survey::Measure;
  using survey::points;
  for (int i = 0; i <= 10; ++i) {
    CAPTURE(i);
    CHECK(points(Measure::nps, 10, std::to_string(i)) == (i >= 9 ? 100.0 : i >= 7 ? 0.0 : -100.0));
  }
  for (int i = 1; i <= 5; ++i) CHECK(points(Measure::csat, 5, std::to_string(i)) == (i >= 4 ? 100.0 : 0.0));
  CHECK(points(Measure::csat, 7, "5") == 0.0);
  CHECK(points(Measure::ces, 7, " 6 ") == 6.0);
  CHECK(points(Measure::rating, 5, "4.0") == 4.0);
  for (const char* text : {"11", "-1", "9.5", "nine", "nan", "inf", "1e3", "9 of 10"}) {
    CAPTURE(text);
    CHECK_FALSE(points(Measure::nps, 10, text));
  }
  CHECK_FALSE(points(Measure::csat, 5, "0"));
  CHECK_FALSE(points(Measure::csat, 5, "6"));
}

/// Six answers, of which one is blank and one is replaced.
constexpr std::string_view kCsv =
    "submitted_at,user,score,plan,question\n"
    "2026-03-17T12:00:00Z,u1,3,free,q1\n"
    "2026-03-17T12:01:00Z,u2,10,free,q1\n"
    "2026-03-17T12:02:00Z,u3,,pro,q1\n"
    "2026-03-17T12:03:00Z,u1,9,free,q1\n"
    "2026-03-17T12:04:00Z,u4,7,pro,q1\n"
    "2026-03-17T12:05:00Z,u5,6,pro,q1\n"
    "2026-03-17T12:06:00Z,u5,1,pro,q2\n";

Members source() {
  return {{"time", table_node({{"column", text_node("submitted_at")}, {"format", text_node("rfc3339")}})},
          {"respondent", text_node("user")}};
}

std::string ask(std::string_view text, const char* measure, Members query = {}, Members keys = source(),
                const char* each = "") {
  Asked asked("survey", std::move(keys));
  asked.file("a.csv", text);
  core::Question question = asked.question(measure, std::move(query));
  question.shape = core::Shape::rows;
  question.each = each;
  return asked.ask(std::move(question));
}

const std::pair<std::string, core::Node> kFirst = {"where", table_node({{"question", text_node("q1")}})};

TEST_CASE("one answer a person, the last one; blank is none") {
  CHECK(ask(kCsv, "nps", {kFirst}) == "100,100,0,-100 (4 answers, 1 blank, 1 replaced by a later one of the same person)");
  CHECK(ask(kCsv, "nps", {kFirst}, {{"time", source()[0].second}}) ==
        "-100,100,100,0,-100 (5 answers, 1 blank, 0 replaced by a later one of the same person)");
  CHECK(ask(kCsv, "ces", {kFirst, {"scale", number_node(10)}}).starts_with("10,9,7,6 ("));
  CHECK(ask(kCsv, "nps", {kFirst}, source(), "plan").starts_with("free=100,100 pro=0,-100 ("));
}

TEST_CASE("only answers of the window count, and the last one within it") {
  Asked asked("survey", source());
  asked.file("a.csv", kCsv);
  core::Question question = asked.question("nps", {kFirst});
  question.shape = core::Shape::batches;
  question.parts = 3;
  question.window = core::Window{file::at("2026-03-17T12:00:00Z"), file::at("2026-03-17T12:03:00Z")};
  CHECK(asked.ask(question).starts_with("-100,100,0 (2 answers, 1 blank, 0 replaced"));
  question.window = core::Window{file::at("2026-03-18T12:00:00Z"), file::at("2026-03-18T12:03:00Z")};
  CHECK(asked.ask(question).starts_with("none: nobody answered"));
}

TEST_CASE("an answer outside of the scale is a bad row") {
  const std::string text = "user,score\nu1,9\nu2,11\n";
  CHECK(ask(text, "nps", {}, {}) ==
        "RG1405 ci: a.csv:3: `score` is \"11\", and nps is answered with a whole number from 0 to 10 / mend the file, or leave "
        "such "
        "rows out and count them: on_bad_row = \"drop\"");
  CHECK(ask(text, "nps", {}, {{"on_bad_row", text_node("drop")}}).starts_with("100 (1 answers"));
  CHECK_THAT(ask("user,grade\nu1,9\n", "nps", {}, {}),
             Catch::StartsWith("RG1408 ci: a.csv has no column `score` / it has `user` and `grade`"));
  CHECK(ask("user,grade\nu1,9\n", "nps", {{"score", text_node("grade")}}, {}).starts_with("100 (1 answers"));
  CHECK_THAT(ask("submitted_at,user,score\n17.3.2026,u1,9\n", "nps"),
             Catch::StartsWith("RG1405 ci: a.csv:2: \"17.3.2026\" is not a time of the declared format"));
  CHECK_THAT(
      ask("user,score,age\nu1,9,old\n", "nps", {{"where", table_node({{"age", table_node({{"ge", number_node(18)}})}})}}, {}),
      Catch::StartsWith("RG1405 ci: a.csv:2: `age` is \"old\", which is no number"));
  CHECK_THAT(ask("user,score\n", "nps", {}, {}), Catch::StartsWith("none: nobody answered"));
}

TEST_CASE("files lie inside of the root, and answers are kept on tape") {
  Asked asked("survey", {{"path", text_node("../a.csv")}});
  core::Question question = asked.question("nps");
  question.shape = core::Shape::rows;
  CHECK_THAT(asked.ask(question), Catch::StartsWith("RG1403 ci: no file matches"));
  Asked taped("survey", {});
  taped.file("a.csv", "user,score\nu1,9\n");
  core::Question kept = taped.question("nps");
  kept.shape = core::Shape::rows;
  std::string first;
  {
    auto tape = http::Tape::open(taped.folder().path() + "/tape", http::TapeMode::record);
    REQUIRE(tape.ok());
    first = taped.ask(kept, &tape.value());
  }
  auto tape = http::Tape::open(taped.folder().path() + "/tape", http::TapeMode::replay);
  REQUIRE(tape.ok());
  taped.file("a.csv", "");
  CHECK(taped.ask(kept, &tape.value()) == first);
}

TEST_CASE("keys of surveys that cannot be meant") {
  using Texts = std::vector<std::string>;
  const auto wrong = [](Members query) {
    query.emplace_back("path", text_node("a"));
    return mistakes("survey", std::move(query));
  };
  CHECK(wrong({{"measure", text_node("nps")}}).empty());
  CHECK(wrong({}) == Texts{"RG1505 no `measure` says what is asked of the survey"});
  CHECK(wrong({{"measure", text_node("nsp")}}) == Texts{"RG1505 a survey has no measure `nsp`"});
  CHECK(wrong({{"measure", text_node("nps")}, {"scale", number_node(5)}}) == Texts{"RG1506 NPS is asked from 0 to 10"});
  CHECK(wrong({{"measure", text_node("csat")}, {"scale", number_node(1)}}) == Texts{"RG1506 a scale ends at 2 to 100"});
}

}  // namespace
}  // namespace gate::sources::reports
