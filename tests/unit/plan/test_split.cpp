// The question for the declared split.
#include <catch2/catch.hpp>

#include "plan_text.h"

using namespace gate;

namespace {

std::string text(const char* split, const char* more = "") {
  return std::string("[compare]\ndesign = \"side-by-side\"\ncandidate = { window = \"20m\" }\nsplit = ") + split + R"(
[compare.tracks]
baseline  = { v = "off" }
candidate = { v = "on" }
[metrics.m]
source = "points"
kind   = "ratio"
events = 'a{v="{{v}}"}[{{step}}]'
total  = 'b{v="{{v}}"}[{{step}}]'
fail   = { increase_over = "5%" }
)" + more;
}

/// "points latest value" of the part that asks for the split; "" when there is none.
std::string asked(const plan_text::Made& made) {
  if (!made.planned.plan) return made.codes();
  std::string out;
  for (const plan::Ask& ask : made.first().asks) {
    if (ask.part != plan::kSplitPart) continue;
    out += ask.source + (ask.question.shape == core::Shape::latest ? " now " : " over the window ") +
           ask.question.query.text("query").value_or("");
    CHECK(ask.side == plan::Side::candidate);
    CHECK(ask.question.window.has_value() == (ask.question.shape == core::Shape::instant));
  }
  return out;
}

}  // namespace

TEST_CASE("a split may be asked for, and is no part of the metric") {
  CHECK(asked(plan_text::make(text(R"({ source = "present", query = "rollout" })"))) == "present now rollout");
  CHECK(asked(plan_text::make(text(R"({ source = "points", query = "share{v='{{v}}'}" })"))) ==
        "points over the window share{v='on'}");
  CHECK(asked(plan_text::make(text(R"("5%")"))).empty());
  const auto made = plan_text::make(text(R"({ source = "present", query = "rollout" })"));
  CHECK(made.first().asks.size() == 5);
  CHECK(made.first().metric->parts.size() == 2);
}

TEST_CASE("a split is one number of a source that is there") {
  CHECK(asked(plan_text::make(text(R"({ source = "rows", query = "share" })"))) == "RG0310");
  CHECK(plan_text::make(text(R"({ source = "nowhere", query = "share" })")).codes() == "RG0511");
  CHECK(plan_text::make(text(R"({ source = "present" })")).codes() == "RG0103");
  CHECK(plan_text::make(text(R"({ query = "share" })")).codes() == "RG0102");
}

TEST_CASE("a metric's own split goes before that of the file") {
  CHECK(asked(plan_text::make(text(R"({ source = "present", query = "rollout" })", "split = \"5%\"\n"))).empty());
  CHECK(asked(plan_text::make(text(R"("5%")", "split = { source = \"present\", query = \"mine\" }\n"))) == "present now mine");
}
