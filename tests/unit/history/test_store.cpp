#include <fmt/format.h>

#include <limits>

#include "history/store.h"
#include "runs.h"

using namespace gate;
using namespace gate::history;

namespace {

std::unique_ptr<Store> open(const std::string& path, Access access = Access::write) {
  Location location;
  location.path = path;
  location.shown = "sqlite:" + path;
  auto store = Store::open(location, access, Limits{});
  REQUIRE(store.ok());
  return std::move(store).value();
}

/// Every field of a metric filled.
RunMetric full_metric() {
  RunMetric metric = make_metric("latency[region=eu]", 212.375);
  metric.parent = "latency";
  metric.labels = {{"region", "eu"}, {"path", "/a \"b\"\n"}};
  metric.status = "OK";
  metric.candidate.dropped = 3;
  metric.baseline = RunSide{200.125, 119, 1, core::Window{day(0), day(1)}};
  metric.change = RunChange{12.25, 1.0 / 3.0, std::nullopt, 0.9, "mean-long-run-variance", 61.5, 58.25};
  metric.criteria = {{"fail", "increase_over", "10%", "holds", 0.0612, 20.0125, std::nullopt},
                     {"warn", "above", "1s", "not_evaluated", std::nullopt, std::nullopt, 0.25}};
  return metric;
}

Run full_run() {
  Run run = make_run("id-1", "1.8.0", 9, "warn");
  run.previous_release = "1.7.0";
  run.revision = "0a1b2c";
  run.stage = "canary";
  run.complete = false;
  run.would_exit = 1;
  run.override_ = core::Override{"a reason", "me"};
  run.score = 87.5;
  run.metrics = {full_metric(), make_metric("errors", std::numeric_limits<double>::denorm_min())};
  run.metrics[1].candidate.window.reset();
  return run;
}

}  // namespace

TEST_CASE("a run is read as it was kept") {
  const Folder folder;
  const auto store = open(folder.file("h.db"));
  const Run kept = full_run();
  CHECK(*store->keep(kept) == Kept::now);
  const auto found = store->run("", "id-1");
  REQUIRE(found.ok());
  CHECK(found->gate == kept.gate);
  CHECK(found->gate_sha256 == kept.gate_sha256);
  CHECK(found->release == "1.8.0");
  CHECK(found->previous_release == "1.7.0");
  CHECK(found->revision == "0a1b2c");
  CHECK(*found->deployed_at == day(9));
  CHECK(found->judged_at == kept.judged_at);
  CHECK(found->finished_at == kept.finished_at);
  CHECK(found->stage == "canary");
  CHECK(!found->complete);
  CHECK(found->verdict == "warn");
  CHECK(*found->would_exit == 1);
  CHECK(found->override_->reason == "a reason");
  CHECK(found->override_->actor == "me");
  CHECK(*found->score == 87.5);
  REQUIRE(found->metrics.size() == 2);
  const RunMetric& metric = found->metrics[0];
  const RunMetric wanted = full_metric();
  CHECK(metric.id == wanted.id);
  CHECK(metric.parent == "latency");
  CHECK(metric.labels == wanted.labels);
  CHECK(metric.estimand == "samples mean");
  CHECK(metric.usable);
  CHECK(metric.required);
  CHECK(metric.status == "OK");
  CHECK(*metric.candidate.value == 212.375);
  CHECK(metric.candidate.samples == 120);
  CHECK(metric.candidate.dropped == 3);
  CHECK(*metric.candidate.window == *wanted.candidate.window);
  CHECK(*metric.baseline->value == 200.125);
  CHECK(metric.baseline->samples == 119);
  CHECK(metric.change->absolute == 12.25);
  CHECK(*metric.change->lower == 1.0 / 3.0);
  CHECK(!metric.change->upper);
  CHECK(metric.change->method == "mean-long-run-variance");
  CHECK(*metric.change->effective_candidate == 58.25);
  REQUIRE(metric.criteria.size() == 2);
  CHECK(metric.criteria[0].rule == "increase_over");
  CHECK(*metric.criteria[0].observed == 0.0612);
  CHECK(!metric.criteria[0].p_value);
  CHECK(*metric.criteria[1].p_value == 0.25);
  CHECK(*found->metrics[1].candidate.value == std::numeric_limits<double>::denorm_min());
  CHECK(!found->metrics[1].candidate.window);
  CHECK(!found->metrics[1].baseline);
}

TEST_CASE("one id is one run") {
  const Folder folder;
  const auto store = open(folder.file("h.db"));
  Run run = full_run();
  CHECK(*store->keep(run) == Kept::now);
  CHECK(*store->keep(run) == Kept::already);
  run.verdict = "fail";
  CHECK(*store->keep(run) == Kept::other);
  CHECK(store->runs({})->size() == 1);
  CHECK(store->run("", "id-1")->verdict == "warn");
  CHECK(store->run("", "id-1")->metrics.size() == 2);
}

TEST_CASE("bytes that no database takes are written out, and many rows go in several statements") {
  const Folder folder;
  const auto store = open(folder.file("h.db"));
  Run run = make_run("id-1", std::string("1\0.8", 4), 9, "pass");
  run.headline = "caf\xe9";
  for (int i = 0; i < 1'001; ++i) run.metrics.push_back(make_metric(fmt::format("latency[pod={}]", i), i));
  run.metrics.push_back(make_metric("latency[pod=0]", 5));
  REQUIRE(store->keep(run).ok());
  const auto found = store->run("", "id-1");
  CHECK(found->release == "1\\x00.8");
  CHECK(found->headline == "caf\\xe9");
  REQUIRE(found->metrics.size() == 1'001);
  for (int i = 0; i < 1'001; ++i) CHECK(*found->metrics[static_cast<std::size_t>(i)].candidate.value == i);
}

TEST_CASE("runs are found by id, its beginning, version, or as the latest") {
  const Folder folder;
  const auto store = open(folder.file("h.db"));
  for (const auto& [id, release, number] :
       {std::tuple{"20260101-a", "1.0", 1}, {"20260101-b", "1.1", 2}, {"20260102-c", "1.2", 3}})
    REQUIRE(store->keep(make_run(id, release, number, "pass")).ok());
  Run again = make_run("20260103-d", "1.1", 2, "fail");
  again.judged_at += std::chrono::hours(9);
  REQUIRE(store->keep(again).ok());
  CHECK(store->run("shop", "20260102")->id == "20260102-c");
  CHECK(store->run("shop", "1.1")->id == "20260103-d");
  CHECK(store->run("", "latest")->id == "20260102-c");
  const auto several = store->run("", "20260101");
  REQUIRE(!several.ok());
  CHECK(several.error().code == "RG0607");
  CHECK(several.error().context.size() == 2);
  CHECK(store->run("other", "latest").error().code == "RG0607");
  RunFilter filter;
  filter.release = "1.1";
  CHECK(store->runs(filter)->size() == 2);
  filter.verdict = "fail";
  CHECK(store->runs(filter)->front().id == "20260103-d");
  RunFilter before;
  before.before = day(2);
  before.last = 5;
  CHECK(store->runs(before)->size() == 1);
  before.before.reset();
  before.last = 2;
  CHECK(store->runs(before)->front().id == "20260102-c");
  CHECK(store->runs(before)->size() == 2);
}

TEST_CASE("trend, marks and prune") {
  const Folder folder;
  const auto store = open(folder.file("h.db"));
  for (int i = 1; i <= 5; ++i) {
    Run run = make_run(fmt::format("id-{}", i), fmt::format("1.{}", i), i, i == 4 ? "fail" : "pass");
    run.metrics = {make_metric("latency", 100 + i), make_metric("errors", i)};
    if (i == 2) run.metrics[0].usable = false;
    REQUIRE(store->keep(run).ok());
  }
  const auto trend = store->trend("shop", "latency", 3);
  REQUIRE(trend.ok());
  REQUIRE(trend->size() == 3);
  CHECK(*(*trend)[0].metric.candidate.value == 103);
  CHECK((*trend)[1].run.verdict == "fail");
  CHECK((*trend)[2].run.release == "1.5");
  CHECK(store->trend("shop", "latency", 10)->size() == 4);
  CHECK(store->metrics("shop").value() == std::vector<std::string>{"errors", "latency"});
  CHECK(store->gates().value() == std::vector<std::string>{"shop"});

  CHECK(store->mark({"shop", "1.5", false, "rolled back", "me", day(6)}).ok());
  CHECK(store->mark({"shop", "1.4", true, "", "me", day(6)}).ok());
  CHECK(store->mark({"shop", "1.5", false, "really", "you", day(7)}).ok());
  REQUIRE(store->marks("shop")->size() == 2);
  CHECK(store->marks("")->at(1).reason == "really");
  PastQuestion question;
  question.metric = "latency";
  question.estimand = "samples mean";
  question.unit = *core::parse_unit("ms");
  const Present present{"shop", "now", day(9), day(10)};
  const auto past = store->past({question}, present);
  REQUIRE(past.ok());
  std::vector<double> values;
  for (const core::PastRelease& one : past->metrics.at("latency").last) values.push_back(one.value);
  CHECK(values == std::vector<double>{101, 103, 104});
  CHECK(*store->unmark("shop", "1.5"));
  CHECK(!*store->unmark("shop", "1.5"));

  CHECK(store->prune("other", day(4), false)->runs == 0);
  const auto dry = store->prune("shop", day(4), true);
  CHECK(dry->runs == 3);
  CHECK(dry->metrics == 6);
  CHECK(store->runs({})->size() == 5);
  CHECK(store->prune("", day(4), false)->metrics == 6);
  CHECK(store->runs({})->size() == 2);
  CHECK(store->trend("shop", "latency", 10)->size() == 2);
}

TEST_CASE("a history that is only read") {
  const Folder folder;
  { const auto made = open(folder.file("h.db")); }
  const auto reading = open(folder.file("h.db"), Access::read);
  CHECK(reading->runs({})->empty());
  CHECK(reading->gates()->empty());
  CHECK(reading->run("", "latest").error().code == "RG0607");
  Location missing;
  missing.path = folder.file("none.db");
  missing.shown = "sqlite:none.db";
  const auto none = Store::open(missing, Access::read, Limits{});
  REQUIRE(!none.ok());
  CHECK(none.error().code == "RG0603");
  CHECK(none.error().message == "the history sqlite:none.db cannot be read: there is no such file");
  missing.path = folder.file("no/such/folder/h.db");
  CHECK(Store::open(missing, Access::write, Limits{}).error().code == "RG0606");
}

TEST_CASE("a writer that waits too long, and one that is told to stop") {
  const Folder folder;
  const auto first = open(folder.file("h.db"));
  Location location;
  location.path = folder.file("h.db");
  location.shown = "sqlite:h.db";
  const auto holder = connect(location, Access::write, Limits{});
  holder->begin();
  Limits limits;
  limits.patience = std::chrono::milliseconds(50);
  auto store = Store::open(location, Access::write, limits);
  REQUIRE(store.ok());
  const auto kept = store.value()->keep(full_run());
  REQUIRE(!kept.ok());
  CHECK(kept.error().code == "RG0606");
  CHECK(kept.error().message == "the history sqlite:h.db cannot be written: another writer holds it");
  CHECK(first->runs({})->empty());
  limits.patience = std::chrono::hours(1);
  limits.interrupted = [] { return true; };
  CHECK(!Store::open(location, Access::write, limits).value()->keep(full_run()).ok());
  holder->run("ROLLBACK");
  CHECK(*store.value()->keep(full_run()) == Kept::now);
}
