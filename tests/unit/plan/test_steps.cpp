#include <catch2/catch.hpp>

#include "plan/steps.h"
#include "plan_text.h"

using namespace gate;
using core::Duration;
using plan::MetricPlan;
using plan_text::make;
using std::chrono::seconds;

TEST_CASE("the step when the author gives none") {
  struct Case {
    std::int64_t window, step;
  };
  for (const Case& c :
       {Case{10, 10}, Case{60, 15}, Case{1800, 15}, Case{1814, 15}, Case{1815, 30}, Case{3600, 30}, Case{7200, 60},
        Case{86400, 900}, Case{7 * 86400, 7200}, Case{28 * 86400, 21600}, Case{365 * 86400, 86400}}) {
    INFO(c.window);
    CHECK(plan::default_step(seconds(c.window)) == seconds(c.step));
  }
}

TEST_CASE("slices: a minute or what was wanted, at least twenty, never below 15 s, even where that can be") {
  struct Case {
    std::int64_t window, wanted, step;
  };
  for (const Case& c : {
           Case{1800, 0, 60},
           Case{1800, 15, 60},
           Case{1800, 300, 90},
           Case{600, 0, 30},
           Case{300, 0, 15},
           Case{60, 0, 15},
           Case{10, 0, 10},
           Case{7200, 600, 360},
           Case{86400, 3600, 3600},
           Case{86400, 0, 900},
           Case{1801, 0, 60},
       }) {
    INFO(c.window << " " << c.wanted);
    CHECK(plan::slice_step(seconds(c.window), c.wanted == 0 ? std::nullopt : std::optional<Duration>(seconds(c.wanted))) ==
          seconds(c.step));
  }
}

namespace {

struct Expected {
  std::int64_t step;   // seconds
  std::int64_t first;  // from the window's start to the first point
  core::Shape shape = core::Shape::range;
};

struct Case {
  const char* keys;
  Expected expected;
  const char* note = "";  // a piece of one note
  const char* codes = "";
};

void check(const Case& c) {
  INFO(c.keys);
  const auto made = make("[metrics.m]\n" + std::string(c.keys));
  CHECK(made.codes() == c.codes);
  REQUIRE(made.planned.plan.has_value());
  const MetricPlan& metric = made.first();
  const core::Question& question = metric.asks.back().question;
  CHECK(question.shape == c.expected.shape);
  CHECK(question.step == seconds(c.expected.step));
  CHECK(question.first == seconds(c.expected.first));
  std::string notes;
  for (const std::string& note : metric.notes) notes += note + "\n";
  CHECK_THAT(notes, Catch::Contains(c.note));
}

}  // namespace

TEST_CASE("the grid of points starts where its data are the window's own") {
  for (const Case& c : {
           Case{"source = 'points'\nquery = 'x'", {15, 15}},
           Case{"source = 'points'\nquery = 'x'\nstep = '1m'", {60, 60}},
           Case{"source = 'points'\nquery = 'rate(x[1m])'", {60, 60}, "step raised from 15s to 1m"},
           Case{"source = 'points'\nquery = 'rate(x[1m])'\nstep = '5m'", {300, 300}},
           Case{"source = 'points'\nquery = 'rate(x[1m])'\noverlap = true", {15, 60}, "overlap = true: points 15s apart"},
           Case{"source = 'points'\nquery = 'x'\nrange = '2m'", {120, 120}, "step raised from 15s to 2m"},
           Case{"source = 'points'\nquery = 'rate(x[1m])'\nrange = '2m'", {120, 120}},
           Case{"source = 'points'\nquery = 'increase(x[{{step}}])'", {15, 15}},
           Case{"source = 'points'\nquery = 'x[{{step}}] beyond 1m'", {15, 75}, "a subquery reaches 1m beyond its step"},
           Case{"source = 'points'\nquery = 'x[1m] offset'", {60, 60}, "`offset` moves the data"},
           Case{"source = 'points'\nquery = 'rate(x[3m])'", {180, 180}, ""},
           Case{"source = 'points'\nquery = 'rate(x[5m])'", {300, 300}, "", "RG0307?"},
           Case{"source = 'points'\nquery = 'x'\nrange = '5m'", {300, 300}, "", "RG0307?"},
           Case{"source = 'points'\nquery = 'rate(x[5m])'\noverlap = true", {15, 300}},
           Case{"source = 'points'\nkind = 'value'\naggregate = 'p95'\nquery = 'rate(x[1m])'", {60, 60}},
       }) {
    check(c);
  }
}

TEST_CASE("counts and ratios are asked by slices, or at once") {
  constexpr const char* kStep = "source = 'points'\nkind = 'ratio'\nevents = 'a[{{step}}]'\ntotal = 'b[{{step}}]'\n";
  const std::string own = std::string(kStep) + "step = '15s'";
  for (const Case& c : {
           Case{kStep, {60, 60}},
           Case{own.c_str(), {15, 15}},
           Case{"source = 'points'\nkind = 'count'\nevents = 'a[{{step}}]'", {60, 60}},
           Case{"source = 'points'\nkind = 'ratio'\nevents = 'a[5m]'\ntotal = 'b[5m]'", {300, 300}},
           Case{"source = 'points'\nkind = 'ratio'\nevents = 'a[{{step}}]'\ntotal = 'b[5m]'", {60, 300}},
           Case{"source = 'points'\nkind = 'count'\nevents = 'a'", {60, 60}, "no range such as [{{step}}]"},
           Case{"source = 'points'\nkind = 'ratio'\nevents = 'a[{{window}}]'\ntotal = 'b[{{window}}]'",
                {1800, 1800, core::Shape::instant},
                "asked for the whole window at once"},
           Case{"source = 'points'\nkind = 'value'\nquery = 'a[{{window}}]'", {1800, 1800, core::Shape::instant}},
           Case{"source = 'points'\nkind = 'value'\nquery = 'a'", {1800, 1800, core::Shape::instant}},
           Case{"source = 'rows'\nkind = 'ratio'\nevents = 'a'\ntotal = 'b'", {60, 60, core::Shape::slices}},
           Case{"source = 'rows'\nkind = 'ratio'\nevents = 'a {{window}}'\ntotal = 'b'", {1800, 1800, core::Shape::slices}},
           Case{"source = 'rows'\nquery = 'a'", {60, 0, core::Shape::batches}},
       }) {
    check(c);
  }
}

TEST_CASE("{{step}} and {{window}} are put in with the lengths of each side") {
  const auto made = make(R"([compare]
baseline  = { window = "1h" }
candidate = { window = "30m" }
[metrics.slices]
source = "points"
kind   = "count"
events = 'a[{{step}}]'
[metrics.whole]
source = "points"
kind   = "count"
events = 'a[{{window}}]'
)");
  REQUIRE(made.codes().empty());
  const auto text = [&](std::size_t metric, std::size_t ask) {
    return made.planned.plan->metrics[metric].asks[ask].question.query.text("query");
  };
  CHECK(text(0, 0) == "a[1m]");
  CHECK(text(0, 1) == "a[1m]");
  CHECK(text(1, 0) == "a[1h]");
  CHECK(text(1, 1) == "a[30m]");
}

TEST_CASE("what cannot be asked is an error, with its place") {
  struct Wrong {
    const char* keys;
    const char* code;
    const char* message;
  };
  for (const Wrong& c : {
           Wrong{"source = 'points'\nquery = 'rate(x[1h])'", "RG0306", "a range of 1h does not fit into a window of 30m"},
           Wrong{"source = 'points'\nquery = 'x'\nrange = '1h'", "RG0306", "a range of 1h does not fit into a window of 30m"},
           Wrong{"source = 'points'\nquery = 'x'\nstep = '1h'", "RG0306", "a step of 1h does not fit into a window of 30m"},
           Wrong{"source = 'points'\nkind = 'value'\nquery = 'x[1h]'", "RG0306", "a range of 1h does not fit"},
           Wrong{"source = 'points'\nkind = 'count'\nevents = 'x[1h]'", "RG0306", "a range of 1h does not fit"},
           Wrong{"source = 'points'\nkind = 'ratio'\nevents = 'a[{{step}}]'\ntotal = 'b[1h]'", "RG0306", "a range of 1h"},
           Wrong{"source = 'points'\nkind = 'ratio'\nevents = 'a[{{step}}]'\ntotal = 'b[{{window}}]'", "RG0309",
                 "m uses both {{step}} and {{window}}"},
           Wrong{"source = 'rows'\nkind = 'value'\nquery = 'x'", "RG0310", "m is one value, but the file has many rows"},
           Wrong{"source = 'points'\ndesign = 'snapshot'\nquery = 'x'", "RG0311", "m compares snapshots"},
           Wrong{"source = 'points'\nquery = 'x[{{window}}]'", "RG0312", "{{window}} leaves one point"},
           Wrong{"source = 'rows'\ndesign = 'snapshot'\nkind = 'count'\nevents = 'x'", "RG0313", "no length of time"},
           Wrong{"source = 'points'\ndesign = 'side-by-side'\nquery = 'x'", "RG0314", "m asks both tracks the same question"},
       }) {
    INFO(c.keys);
    const auto made = make("[metrics.m]\n" + std::string(c.keys));
    CHECK(made.codes() == c.code);
    CHECK_FALSE(made.planned.plan.has_value());
    REQUIRE(made.planned.diagnostics.size() == 1);
    CHECK_THAT(made.planned.diagnostics[0].error.message, Catch::Contains(c.message));
    CHECK_FALSE(made.planned.diagnostics[0].error.hint.empty());
    CHECK(made.planned.diagnostics[0].error.location.known());
  }
}

TEST_CASE("tracks may differ in any key of the question") {
  for (const char* keys : {"source = 'points'\nquery = 'x'\nwhere = { track = '{{track}}' }",
                           "source = 'points'\nquery = 'x'\ncandidate = { query = 'y' }",
                           "source = 'points'\nkind = 'ratio'\nevents = 'a{{track}}[{{step}}]'\ntotal = 'b[{{step}}]'",
                           "source = 'points'\nquery = 'x'\nwhere = { any = [{ track = '{{track}}' }] }"}) {
    INFO(keys);
    CHECK(make("[metrics.m]\ndesign = 'side-by-side'\n" + std::string(keys)).codes().empty());
  }
}
