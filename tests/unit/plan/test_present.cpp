// What systems hold now: asked without windows, due at once, compared with what was there before the release.
#include <catch2/catch.hpp>

#include "core/text.h"
#include "plan_text.h"

using namespace gate;
using plan::Ask;
using plan::MetricPlan;
using plan_text::at;
using plan_text::make;
using plan_text::make_whole;

namespace {

constexpr const char* kValue = R"(
[metrics.coverage]
source = "present"
query  = "coverage"
)";

constexpr const char* kState = R"(
[metrics.gate]
source = "present"
query  = "state"
)";

std::string moment(const std::optional<core::Time>& time) {
  return time ? std::to_string((*time - at(0)).count() / 1000) : "-";
}

/// "baseline before=0 released=0 | candidate released=0": the sides that are asked and the moments they hang on.
std::string asked(const MetricPlan& metric) {
  std::string out;
  for (const Ask& ask : metric.asks) {
    out += (out.empty() ? "" : " | ") + std::string(plan::name(ask.side)) + " before=" + moment(ask.question.before) +
           " released=" + moment(ask.question.released_at);
  }
  return out;
}

constexpr const char* kNoRelease = R"(
version = 1
[sources.present]
type = "present"
)";

plan::Options an_hour_later() {
  plan::Options options;
  options.now = at(3600);
  return options;
}

}  // namespace

TEST_CASE("a status is asked for once, as of now, with the time of the release") {
  const auto made = make(kState);
  REQUIRE(made.codes().empty());
  const MetricPlan& metric = made.first();
  CHECK(asked(metric) == "candidate before=- released=0");
  CHECK(metric.asks.front().question.shape == core::Shape::state);
  CHECK_FALSE(metric.asks.front().question.window.has_value());
  CHECK(metric.state == MetricPlan::State::due);
  CHECK_FALSE(metric.due.has_value());
  CHECK(metric.metric->required);
  CHECK(metric.metric->kind == config::Kind::status);
}

TEST_CASE("the newest value is due at once, and its baseline is the newest from before the release") {
  const std::string judged = std::string(kValue) + "fail = { decrease_over = 1 }\n";
  struct Case {
    const char* name;
    std::string text;
    const char* asked;
  };
  for (const Case& c : {Case{"before-after", judged, "baseline before=0 released=0 | candidate before=- released=0"},
                        Case{"a gap", judged + "baseline = { gap = \"10m\" }\n",
                             "baseline before=-600 released=0 | candidate before=- released=0"},
                        Case{"an anchor", judged + "anchor = \"2026-03-17T12:34:00Z\"\n",
                             "baseline before=1800 released=1800 | candidate before=- released=1800"},
                        Case{"looking back from now", judged + "anchor = \"now\"\n",
                             "baseline before=1800 released=- | candidate before=- released=-"},
                        Case{"no baseline", std::string(kValue) + "design = \"none\"\n", "candidate before=- released=0"},
                        Case{"another question", judged + "design = \"snapshot\"\nbaseline = \"main\"\n",
                             "baseline before=- released=- | candidate before=- released=0"},
                        Case{"a baseline of its own", judged + "other = \"main\"\n",
                             "baseline before=0 released=0 | candidate before=- released=0"},
                        Case{"the same for a snapshot", judged + "other = \"main\"\ndesign = \"snapshot\"\n",
                             "baseline before=0 released=0 | candidate before=- released=0"}}) {
    INFO(c.name);
    const auto made = make(c.text);
    REQUIRE(made.codes().empty());
    CHECK(asked(made.first()) == c.asked);
    for (const Ask& ask : made.first().asks) CHECK(ask.question.shape == core::Shape::latest);
    CHECK(made.first().state == MetricPlan::State::due);
    CHECK_FALSE(made.first().candidate.has_value());
  }
}

TEST_CASE("the present is due even before the release is over") {
  CHECK(make(kValue, at(1)).first().state == MetricPlan::State::due);
  CHECK(make(kState, at(-3600)).first().state == MetricPlan::State::due);
}

TEST_CASE("the time of the deployment is needed where it tells the sides apart, or was meant to be given") {
  const std::string judged = std::string(kValue) + "fail = { decrease_over = 1 }\n";
  const std::string bounded = std::string(kValue) + "fail = { below = 80 }\n";
  const std::string meant = "[release]\ndeployed_at = { env = \"DEPLOYED_AT\" }\n";
  struct Case {
    const char* name;
    std::string text;
    const char* codes;
  };
  for (const Case& c :
       {Case{"a state", kState, ""}, Case{"a bound on the value", bounded, ""}, Case{"a bound on the change", judged, "RG0301"},
        Case{"another branch", judged + "other = \"main\"\n", ""},
        Case{"a state, and the variable is not set", kState + meant, "RG0301"}}) {
    INFO(c.name);
    CHECK(make_whole(kNoRelease + c.text, an_hour_later()).codes() == c.codes);
  }
  const auto made = make_whole(kNoRelease + bounded, an_hour_later());
  CHECK(asked(made.first()) == "candidate before=- released=-");
  CHECK(made.first().candidate_only);
}

TEST_CASE("what would compare a thing with itself, or count one number, is refused") {
  CHECK(make(std::string(kValue) + "design = \"snapshot\"\nfail = { decrease_over = 1 }\n").codes() == "RG0314");
  CHECK(make(R"(
[metrics.m]
source   = "points"
kind     = "count"
events   = 'increase(x[{{step}}])'
exposure = { source = "present", query = "lines" }
)")
            .codes() == "RG0320");
}
