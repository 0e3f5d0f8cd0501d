#include <algorithm>

#include "history/past.h"
#include "runs.h"

using namespace gate;
using namespace gate::history;

namespace {

/// A run of release 1.N on day N with one metric.
Run release(int number, const std::string& verdict, double value) {
  Run run = make_run("run-" + std::to_string(number), "1." + std::to_string(number), number, verdict);
  run.metrics.push_back(make_metric("latency", value));
  return run;
}

Present today(int deployed_day) {
  return {"shop", "now", day(deployed_day), day(deployed_day) + std::chrono::hours(1)};
}

PastQuestion question(std::size_t releases = 5) {
  PastQuestion out;
  out.metric = "latency";
  out.estimand = "samples mean";
  out.unit = *core::parse_unit("ms");
  out.releases = releases;
  return out;
}

std::vector<std::string> keys(const std::vector<Run>& runs, const Marks& marks = {}, int deployed_day = 50) {
  std::vector<std::string> out;
  for (const PassedRelease& one : passed_releases(runs, marks, today(deployed_day))) out.push_back(one.key);
  return out;
}

std::vector<double> values(const core::PastReleases& past) {
  std::vector<double> out;
  for (const core::PastRelease& one : past.last) out.push_back(one.value);
  return out;
}

core::PastReleases ask(const std::vector<Run>& runs, const PastQuestion& wanted, const Marks& marks = {},
                       int deployed_day = 50) {
  const Present present = today(deployed_day);
  auto all = past_of(wanted, passed_releases(runs, marks, present), runs, present);
  return all["latency"];
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("which releases have passed") {
  SECTION("by their verdicts, newest first") {
    CHECK(keys({release(1, "pass", 1), release(3, "warn", 1), release(2, "fail", 1), release(4, "inconclusive", 1),
                release(5, "error", 1)}) == Names{"1.3", "1.1"});
  }
  SECTION("the newest run that says anything decides") {
    Run again = release(1, "fail", 1);
    again.id = "again";
    again.judged_at += std::chrono::hours(5);
    CHECK(keys({release(1, "pass", 1), again}).empty());
    again.verdict = "error";
    CHECK(keys({release(1, "pass", 1), again}) == Names{"1.1"});
    again.verdict = "inconclusive";
    CHECK(keys({release(1, "pass", 1), again}) == Names{"1.1"});
    again.verdict = "pass";
    CHECK(keys({release(1, "fail", 1), again}) == Names{"1.1"});
    again.complete = false;
    CHECK(keys({release(1, "fail", 1), again}).empty());
  }
  SECTION("what people say beats the runs") {
    const std::vector<Run> runs = {release(1, "pass", 1), release(2, "fail", 1), release(3, "pass", 1)};
    CHECK(keys(runs, {{"1.1", false}, {"1.2", true}}) == Names{"1.3", "1.2"});
  }
  SECTION("not the release itself, nor what came after it, nor what was judged later") {
    const std::vector<Run> runs = {release(1, "pass", 1), release(2, "pass", 1), release(3, "pass", 1)};
    CHECK(keys(runs, {}, 3) == Names{"1.2", "1.1"});
    std::vector<Run> itself = runs;
    itself.back().release = "now";
    CHECK(keys(itself) == Names{"1.2", "1.1"});
    std::vector<Run> later = runs;
    later.back().judged_at = day(60);
    CHECK(keys(later) == Names{"1.2", "1.1"});
  }
  SECTION("without versions every deployment is a release") {
    std::vector<Run> runs = {release(1, "pass", 1), release(2, "pass", 1)};
    for (Run& run : runs) run.release.clear();
    CHECK(keys(runs) == Names{"1970-01-03T00:00:00Z", "1970-01-02T00:00:00Z"});
  }
}

TEST_CASE("the values that a metric is compared with") {
  std::vector<Run> runs;
  for (int i = 1; i <= 8; ++i) runs.push_back(release(i, "pass", 200 + i));
  SECTION("the last so many, oldest first") {
    const core::PastReleases past = ask(runs, question());
    CHECK(values(past) == std::vector<double>{204, 205, 206, 207, 208});
    CHECK(past.last.front().version == "1.4");
    CHECK(past.last.front().run == "run-4");
    CHECK(past.last.front().released_at == day(4));
    CHECK(past.last.front().samples == 120);
    CHECK(*past.last.front().window == std::chrono::minutes(30));
    CHECK(past.in_newest);
    CHECK(past.unlike == 0);
    CHECK(!past.anchor);
  }
  SECTION("a metric that failed, or had too little, is no baseline") {
    runs[7].metrics[0].verdict = "fail";
    runs[6].metrics[0].usable = false;
    const core::PastReleases past = ask(runs, question());
    CHECK(values(past) == std::vector<double>{202, 203, 204, 205, 206});
    CHECK(!past.in_newest);
    // A release that people call good brings its values, whatever they were called.
    CHECK(values(ask(runs, question(), {{"1.8", true}})) == std::vector<double>{203, 204, 205, 206, 208});
  }
  SECTION("units are converted, other things left out") {
    runs[7].metrics[0].unit = "s";
    runs[7].metrics[0].candidate.value = 0.25;
    runs[6].metrics[0].unit = "MiB";
    runs[5].metrics[0].estimand = "value p95";
    const core::PastReleases past = ask(runs, question());
    CHECK(values(past) == std::vector<double>{202, 203, 204, 205, 250});
    CHECK(past.unlike == 2);
  }
  SECTION("the newest run of a release that has a value gives it") {
    Run again = release(8, "pass", 300);
    again.id = "again";
    again.judged_at += std::chrono::hours(5);
    runs.push_back(again);
    CHECK(values(ask(runs, question())).back() == 300);
    runs.back().metrics[0].usable = false;
    CHECK(values(ask(runs, question())).back() == 208);
  }
  SECTION("the anchor, whatever its verdict was") {
    PastQuestion wanted = question();
    wanted.anchor = "1.2";
    runs[1].verdict = "fail";
    runs[1].metrics[0].verdict = "fail";
    const core::PastReleases past = ask(runs, wanted);
    REQUIRE(past.anchor.has_value());
    CHECK(past.anchor->value == 202);
    CHECK(past.anchor->version == "1.2");
    wanted.anchor = "0.9";
    CHECK(!ask(runs, wanted).anchor);
    wanted.anchor = "1.2";
    CHECK(!ask(runs, wanted, {}, 2).anchor);
  }
  SECTION("series of a metric, each by itself") {
    for (Run& run : runs) {
      RunMetric series = make_metric("latency[region=eu]", 10 + *run.metrics[0].candidate.value);
      series.parent = "latency";
      series.labels = {{"region", "eu"}};
      if (run.id != "run-8") run.metrics.push_back(series);
      run.metrics.erase(run.metrics.begin());
    }
    const Present present = today(50);
    const auto all = past_of(question(), passed_releases(runs, {}, present), runs, present);
    REQUIRE(all.size() == 1);
    const core::PastReleases& past = all.at("latency[region=eu]");
    CHECK(values(past) == std::vector<double>{213, 214, 215, 216, 217});
    CHECK(past.labels == core::Labels{{"region", "eu"}});
    CHECK(!past.in_newest);
  }
}

TEST_CASE("only the runs that may matter are read") {
  std::vector<Run> runs;
  for (int i = 1; i <= 49; ++i) runs.push_back(release(i, "pass", 200 + i));
  const Present present = today(50);
  const auto passed = passed_releases(runs, {}, present);
  PastQuestion wanted = question();
  CHECK(runs_to_read(passed, runs, wanted, present).size() == 20);
  wanted.anchor = "1.3";
  const auto ids = runs_to_read(passed, runs, wanted, present);
  CHECK(ids.size() == 21);
  CHECK(std::find(ids.begin(), ids.end(), "run-3") != ids.end());
}
