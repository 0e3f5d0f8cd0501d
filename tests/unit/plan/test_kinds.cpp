// Plans of SLOs, of formulas, and of parts that come from different systems.
#include <catch2/catch.hpp>

#include "plan_text.h"

using namespace gate;
using plan::MetricPlan;
using plan_text::at;
using plan_text::kHead;
using plan_text::make;
using plan_text::make_whole;
using plan_text::window;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const char* const kSlo = R"(
[metrics.slo]
source    = "points"
kind      = "slo"
objective = "99.9%"
events    = "bad[{{step}}]"
total     = "all[{{step}}]"
)";

std::string asked(const plan::Ask& ask) {
  return *ask.question.query.text("query");
}

bool notes(const MetricPlan& metric, const std::string& piece) {
  for (const std::string& note : metric.notes) {
    if (note.find(piece) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an SLO is asked once for each window, all ending with the candidate") {
  const auto made = make(std::string(kSlo) +
                             "candidate = { window = '30m', settle = '5m' }\n"
                             "fail = { burn_over = 14.4, windows = ['1h', '5m'], budget_left_below = '10%' }\n"
                             "warn = { burn_over = 6, windows = ['6h', '5m'] }\n",
                         at(3600));
  REQUIRE(made.codes().empty());
  const MetricPlan& metric = made.planned.plan->metrics.front();
  struct Case {
    core::Duration length, step;
    const char* query;
    std::size_t points;
  };
  const std::vector<Case> cases = {{hours(720), hours(6), "bad[6h]", 120},
                                   {hours(6), minutes(5), "bad[5m]", 72},
                                   {hours(1), minutes(1), "bad[1m]", 60},
                                   {minutes(5), minutes(1), "bad[1m]", 5}};
  REQUIRE(metric.spans.size() == cases.size());
  REQUIRE(metric.asks.size() == 2 * cases.size());
  CHECK_FALSE(metric.baseline.has_value());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const plan::Ask& events = metric.asks[2 * i];
    CHECK(events.side == plan::Side::candidate);
    CHECK(events.part == "events");
    CHECK(metric.asks[2 * i + 1].part == "total");
    CHECK(events.span == i);
    CHECK(metric.spans[i].window.end == at(2100));
    CHECK(metric.spans[i].window.length() == cases[i].length);
    CHECK(events.question.window == metric.spans[i].window);
    CHECK(events.question.step == cases[i].step);
    CHECK(asked(events) == cases[i].query);
    CHECK(static_cast<std::size_t>((events.question.window->length() - events.question.first) / events.question.step) + 1 ==
          cases[i].points);
  }
  CHECK(notes(metric, "the windows of 30 d, 6 h, 1 h reach back before the release"));
}

TEST_CASE("the slices of an SLO") {
  struct Case {
    const char* keys;
    const char* bound;
    const char* query;
    bool whole;
  };
  for (const Case& c :
       {Case{"", "windows = ['5m']", "bad[1m]", false}, Case{"step = '15s'\n", "windows = ['5m']", "bad[15s]", false},
        Case{"step = '15s'\n", "windows = ['6h']", "bad[5m]", false}, Case{"", "windows = ['30s']", "bad[30s]", false},
        Case{"", "windows = ['7m']", "bad[1m]", false}}) {
    INFO(c.keys << c.bound);
    const auto made = make(std::string(kSlo) + c.keys + "fail = { burn_over = 2, " + c.bound + " }\n", at(3600));
    REQUIRE(made.codes().empty());
    CHECK(asked(made.planned.plan->metrics.front().asks.front()) == c.query);
  }
  const auto whole = make(
      "[metrics.slo]\nsource = 'points'\nkind = 'slo'\nobjective = '99%'\nevents = 'bad[{{window}}]'\ntotal = "
      "'all[{{window}}]'\n"
      "fail = { burn_over = 2, windows = ['1h', '5m'] }\n",
      at(3600));
  REQUIRE(whole.codes().empty());
  const MetricPlan& metric = whole.planned.plan->metrics.front();
  CHECK(asked(metric.asks[0]) == "bad[1h]");
  CHECK(asked(metric.asks[2]) == "bad[5m]");
  CHECK(metric.asks[2].question.shape == core::Shape::instant);
  CHECK(metric.spans[1].whole);
  CHECK(notes(metric, "bursts cannot be seen"));
}

TEST_CASE("an SLO is due with its candidate window, and looks back from now when it is anchored there") {
  const std::string bound = "fail = { burn_over = 2, windows = ['1h'] }\n";
  const auto early = make(kSlo + bound, at(600));
  CHECK(early.planned.plan->metrics.front().state == MetricPlan::State::pending);
  CHECK(early.planned.plan->metrics.front().due == at(1815));
  const auto now = make(kSlo + bound + "anchor = 'now'\n", at(600));
  CHECK(now.planned.plan->metrics.front().state == MetricPlan::State::due);
  CHECK(now.planned.plan->metrics.front().spans.front().window == window(585 - 3600, 585));
  const auto late = make(kSlo + std::string("fail = { burn_over = 2, windows = ['30m'] }\n"), at(3600));
  CHECK_FALSE(notes(late.planned.plan->metrics.front(), "before the release"));
  const auto without_bound = make(std::string(kSlo) + "period = '7d'\n", at(3600));
  CHECK(without_bound.planned.plan->metrics.front().spans.front().window.length() == hours(168));
}

TEST_CASE("what a formula needs is asked, whatever --only and --stage leave out") {
  const std::string text = std::string(kHead) + R"(
[metrics.a]
source = "points"
query  = 'x'
[metrics.b]
source = "points"
query  = 'y'
stage  = "full"
[metrics.other]
source = "points"
query  = 'z'
[metrics.half]
kind    = "derived"
formula = "b / 2"
[metrics.d]
kind    = "derived"
formula = "a + half"
)";
  plan::Options options;
  options.now = at(3600);
  options.only = {"d"};
  const auto made = make_whole(text, options);
  REQUIRE(made.codes().empty());
  std::string out;
  for (const MetricPlan& metric : made.planned.plan->metrics) {
    const bool left_out = metric.state == MetricPlan::State::left_out;
    out += metric.metric->id + (left_out ? ":out " : metric.for_others ? ":for-others " : ":kept ");
  }
  CHECK(out == "a:for-others b:for-others other:out half:for-others d:kept ");
  CHECK(made.planned.plan->metrics.back().asks.empty());
}

TEST_CASE("an exposure for the whole window beside events in slices") {
  const auto points = [](const char* query) { return std::string("{ source = 'points', query = '") + query + "' }"; };
  const auto rows = [](const char* query) { return std::string("{ source = 'rows', query = '") + query + "' }"; };
  struct Made {
    std::string events, exposure;
    core::Shape events_shape, exposure_shape;
    bool spread;
  };
  for (const Made& c :
       {Made{rows("r"), points("users[{{window}}]"), core::Shape::slices, core::Shape::instant, true},
        Made{points("n[{{step}}]"), points("users[{{window}}]"), core::Shape::range, core::Shape::instant, true},
        Made{points("n[{{step}}]"), rows("{{window}}"), core::Shape::range, core::Shape::slices, true},
        Made{rows("r"), rows("{{window}}"), core::Shape::slices, core::Shape::slices, true},
        Made{rows("r"), rows("s"), core::Shape::slices, core::Shape::slices, false},
        Made{rows("r"), points("n[{{step}}]"), core::Shape::slices, core::Shape::range, false},
        Made{points("n[{{window}}]"), rows("{{window}}"), core::Shape::instant, core::Shape::slices, false}}) {
    INFO(c.events << " " << c.exposure);
    const auto made = make("[metrics.m]\nkind = 'count'\nevents = " + c.events + "\nexposure = " + c.exposure + "\n", at(3600));
    REQUIRE(made.codes().empty());
    const MetricPlan& metric = made.planned.plan->metrics.front();
    REQUIRE(metric.asks.size() == 4);
    CHECK(metric.spread == c.spread);
    CHECK(metric.asks[0].question.shape == c.events_shape);
    CHECK(metric.asks[1].question.shape == c.exposure_shape);
    CHECK(notes(metric, "spread evenly over the slices") == c.spread);
    CHECK_FALSE(notes(metric, "make both equally long"));
    if (c.spread) CHECK(metric.asks[1].question.parts == 1);
    if (c.spread) CHECK(metric.asks[1].question.step == minutes(30));
  }
}

TEST_CASE("users count once however long the window is: unequal windows are told") {
  const auto made = make(
      "[metrics.m]\nkind = 'count'\nevents = { source = 'rows', query = 'r' }\n"
      "exposure = { source = 'points', query = 'users[{{window}}]' }\nbaseline = { window = '1h' }\n",
      at(3600));
  REQUIRE(made.codes().empty());
  CHECK(notes(made.planned.plan->metrics.front(), "the windows are 1 h and 30 min long"));
}

TEST_CASE("parts that cannot be put side by side") {
  struct Case {
    const char* keys;
    const char* codes;
  };
  for (const Case& c : {
           // Only an exposure can be spread.
           Case{"kind = 'ratio'\nsource = 'points'\nevents = 'a[{{step}}]'\ntotal = 'b[{{window}}]'\n", "RG0309"},
           Case{"kind = 'count'\nsource = 'points'\nevents = 'a[{{window}}]'\nexposure = 'b[{{step}}]'\n", "RG0309"},
           // Slices of rows are equal parts of each window; points stand on the grid of the step.
           Case{"kind = 'count'\nevents = { source = 'rows', query = 'r' }\nexposure = { source = 'points', query = "
                "'n[{{step}}]' }\n"
                "baseline = { window = '40m' }\ncandidate = { window = '25m' }\nstep = '3m'\n",
                "RG0309"},
           Case{"kind = 'count'\nevents = { source = 'rows', query = 'r' }\nexposure = { source = 'points', query = "
                "'n[{{step}}]' }\n"
                "baseline = { window = '40m' }\ncandidate = { window = '25m' }\n",
                ""},
           Case{"kind = 'count'\nevents = { source = 'rows', query = 'r' }\nexposure = { source = 'points', query = "
                "'n[{{window}}]' }\n"
                "baseline = { window = '40m' }\ncandidate = { window = '25m' }\nstep = '3m'\n",
                ""},
       }) {
    INFO(c.keys);
    const auto made = make(std::string("[metrics.m]\n") + c.keys, at(3600));
    CHECK(made.codes() == c.codes);
    if (std::string(c.keys).find("'3m'") != std::string::npos && *c.codes != '\0')
      CHECK(made.planned.diagnostics.front().error.hint ==
            "use step = \"2m30s\", which divides both, or ask the exposure for the whole window: [{{window}}]");
  }
}
