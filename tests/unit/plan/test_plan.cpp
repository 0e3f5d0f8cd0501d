#include <catch2/catch.hpp>

#include "plan_text.h"

using namespace gate;
using plan::MetricPlan;
using plan_text::at;
using plan_text::kHead;
using plan_text::make_whole;

namespace {

constexpr const char* kTwo = R"(
[metrics.early]
source = "points"
query  = 'x'
stage  = "canary"
[metrics.late]
source = "points"
query  = 'y'
stage  = "full"
[metrics.always]
source = "points"
query  = 'z'
)";

std::string kept(const plan_text::Made& made) {
  std::string out;
  for (const MetricPlan& metric : made.planned.plan->metrics) {
    if (metric.state != MetricPlan::State::left_out) out += (out.empty() ? "" : " ") + metric.metric->id;
  }
  return out;
}

plan::Options options_at_an_hour() {
  plan::Options options;
  options.now = at(3600);
  return options;
}

}  // namespace

TEST_CASE("--stage and --only choose metrics; the others are left out, not forgotten") {
  struct Case {
    const char* stage;
    std::vector<std::string> only;
    const char* kept;
  };
  for (const Case& c : {Case{"", {}, "early late always"}, Case{"canary", {}, "early always"}, Case{"full", {}, "late always"},
                        Case{"", {"late"}, "late"}, Case{"", {"always", "early"}, "early always"},
                        Case{"canary", {"always"}, "always"}, Case{"canary", {"late"}, ""}}) {
    plan::Options options = options_at_an_hour();
    options.stage = c.stage;
    options.only = c.only;
    const auto made = make_whole(std::string(kHead) + kTwo, options);
    REQUIRE(made.codes().empty());
    CHECK(made.planned.plan->metrics.size() == 3);
    CHECK(kept(made) == c.kept);
  }
}

TEST_CASE("--stage and --only that name nothing are errors with the nearest name") {
  struct Case {
    const char* stage;
    std::vector<std::string> only;
    const char* message;
    const char* hint;
  };
  for (const Case& c : {Case{"", {"lat"}, "the gate file has no metric `lat`", "did you mean `late`?"},
                        Case{"canari", {}, "the gate file has no stage `canari`", "did you mean `canary`?"},
                        Case{"qqqqqq", {}, "the gate file has no stage `qqqqqq`", "it has `canary` and `full`"}}) {
    plan::Options options = options_at_an_hour();
    options.stage = c.stage;
    options.only = c.only;
    const auto made = make_whole(std::string(kHead) + kTwo, options);
    REQUIRE(made.codes() == "RG0303");
    CHECK(made.planned.diagnostics[0].error.message == c.message);
    CHECK(made.planned.diagnostics[0].error.hint == c.hint);
  }
}

TEST_CASE("the time of the deployment: the command line wins, and it is asked for only when it is needed") {
  const std::string sources = "[sources.points]\ntype = \"points\"\n";
  const std::string head = "version = 1\nname = \"test\"\n";
  const std::string env = "[release]\ndeployed_at = { env = \"DEPLOYED_AT\" }\n";
  const std::string metric = "[metrics.m]\nsource = \"points\"\nquery = 'x'\n";
  struct Case {
    std::string text;
    std::optional<std::int64_t> option;
    const char* codes;
    std::int64_t start;
  };
  for (const Case& c : {
           Case{head + sources + metric, 0, "", 0},
           Case{head + env + sources + metric, 0, "", 0},
           Case{std::string(kHead) + metric, -600, "", -600},
           Case{head + sources + metric, std::nullopt, "RG0301", 0},
           Case{head + env + sources + metric, std::nullopt, "RG0301", 0},
           Case{head + sources + metric + "anchor = 'now'\n", std::nullopt, "", 1785},
           Case{head + sources + metric + "anchor = '2026-03-17T12:04:00Z'\n", std::nullopt, "", 0},
           Case{head + sources + metric + "anchor = { env = 'NOWHERE' }\n", std::nullopt, "RG0301", 0},
           Case{head + "[release]\ndeployed_at = \"now\"\n" + sources + metric, std::nullopt, "", 3600},
           Case{head + "[release]\ndeployed_at = \"2026-03-17T12:04:00Z\"\nstarted_at = \"2026-03-17T12:05:00Z\"\n" + sources +
                    metric,
                std::nullopt, "RG0302", 0},
       }) {
    INFO(c.text);
    plan::Options options = options_at_an_hour();
    if (c.option) options.deployed_at = at(*c.option);
    const auto made = make_whole(c.text, options);
    REQUIRE(made.codes() == c.codes);
    if (std::string(c.codes).empty()) CHECK(made.first().candidate->start == at(c.start));
  }
}

TEST_CASE("a missing variable is named with what to do") {
  const auto made = make_whole(
      "version = 1\nname = \"t\"\n[release]\ndeployed_at = { env = \"DEPLOYED_AT\" }\n[sources.points]\ntype = \"points\"\n"
      "[metrics.m]\nsource = \"points\"\nquery = 'x'\n",
      options_at_an_hour());
  REQUIRE(made.codes() == "RG0301");
  const core::Error& error = made.planned.diagnostics[0].error;
  CHECK(error.message == "the time of the deployment is not known: DEPLOYED_AT is not set");
  CHECK(error.hint == "set DEPLOYED_AT (RFC 3339 or Unix seconds), or pass --deployed-at");
  CHECK(error.location.line == 4);
}

TEST_CASE("snapshots have no windows and are due at once") {
  const auto made = plan_text::make(R"([metrics.m]
design    = "snapshot"
source    = "rows"
query     = 'x'
baseline  = { query = 'old' }
candidate = { query = 'new' }
[metrics.whole]
design = "snapshot"
source = "rows"
kind   = "ratio"
events = 'a'
total  = 'b'
)");
  REQUIRE(made.codes().empty());
  CHECK(made.first().state == MetricPlan::State::due);
  CHECK_FALSE(made.first().candidate.has_value());
  CHECK_FALSE(made.first().due.has_value());
  REQUIRE(made.first().asks.size() == 2);
  CHECK(made.first().asks[0].question.query.text("query") == "old");
  CHECK(made.first().asks[1].question.query.text("query") == "new");
  CHECK(made.first().asks[1].question.shape == core::Shape::rows);
  CHECK(made.planned.plan->metrics[1].asks[0].question.shape == core::Shape::slices);
}

TEST_CASE("every mistake of a plan is told, not only the first") {
  const auto made = plan_text::make(R"([metrics.a]
source = "points"
query  = 'rate(x[1h])'
[metrics.b]
source = "points"
query  = 'x[{{window}}]'
[metrics.c]
source = "rows"
kind   = "value"
query  = 'x'
)");
  CHECK(made.codes() == "RG0306 RG0312 RG0310");
}

TEST_CASE("questions carry what the source must know") {
  const auto made = plan_text::make(R"([metrics.m]
source     = "points"
query      = 'x'
each       = "shard"
on_partial = "note"
)");
  REQUIRE(made.codes().empty());
  const core::Question& question = made.first().asks[0].question;
  CHECK(question.metric == "m");
  CHECK(question.part == "value");
  CHECK(question.each == "shard");
  CHECK_FALSE(question.partial_is_error);
}
