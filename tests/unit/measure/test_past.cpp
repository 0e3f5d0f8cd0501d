#include "measure/past.h"

#include <catch2/catch.hpp>

using namespace gate;
using measure::attach_past;

namespace {

core::PastReleases known(bool in_newest) {
  core::PastReleases out;
  out.last.emplace_back();
  out.last.back().value = 1.0;
  out.in_newest = in_newest;
  return out;
}

struct Scene {
  config::Metric metric;
  plan::MetricPlan plan;

  explicit Scene(const std::string& each = "") {
    metric.id = "m";
    metric.each = each;
    metric.compare.design = config::Design::previous_releases;
    plan.metric = &metric;
  }
};

core::Measurement measured(const std::string& id, const std::string& parent = "") {
  core::Measurement out;
  out.metric = id;
  out.parent = parent;
  out.candidate.present = true;
  return out;
}

}  // namespace

TEST_CASE("each metric gets its own past") {
  const Scene scene;
  core::Past past;
  past.metrics["m"] = known(true);
  past.metrics["mm"] = known(true);
  std::vector<core::Measurement> all = {measured("m")};
  attach_past(all, scene.plan, past);
  REQUIRE(all.size() == 1);
  CHECK(all[0].past.last.size() == 1);
  all = {measured("m")};
  attach_past(all, scene.plan, {});
  CHECK(all[0].past.last.empty());
}

TEST_CASE("other designs, and what was not measured, get none") {
  Scene scene;
  core::Past past;
  past.metrics["m"] = known(true);
  past.error = core::Error{"RG0603", "gone", "", {}, {}};
  std::vector<core::Measurement> all = {measured("m"), measured("m"), measured("m")};
  all[0].pending = true;
  all[1].error = core::Error{"RG1101", "refused", "", {}, {}};
  attach_past(all, scene.plan, past);
  CHECK(!all[0].error);
  CHECK(all[1].error->code == "RG1101");
  CHECK(all[2].error->code == "RG0603");
  CHECK(all[2].through == "the history");
  scene.metric.compare.design = config::Design::before_after;
  all = {measured("m")};
  attach_past(all, scene.plan, past);
  CHECK(!all[0].error);
  CHECK(all[0].past.last.empty());
}

TEST_CASE("series that come and go") {
  const Scene scene("pod");
  core::Past past;
  past.metrics["m[pod=a]"] = known(true);
  past.metrics["m[pod=b]"] = known(true);
  past.metrics["m[pod=b]"].labels = {{"pod", "b"}};
  past.metrics["m[pod=old]"] = known(false);
  past.metrics["other[pod=c]"] = known(true);
  std::vector<core::Measurement> all = {measured("m[pod=a]", "m"), measured("m[pod=new]", "m")};
  all[0].candidate.window = core::Window{core::Time{}, core::Time(std::chrono::minutes(30))};
  attach_past(all, scene.plan, past);
  REQUIRE(all.size() == 3);
  CHECK(all[0].baseline.present);
  CHECK(!all[1].baseline.present);
  CHECK(all[2].metric == "m[pod=b]");
  CHECK(all[2].parent == "m");
  CHECK(all[2].labels == core::Labels{{"pod", "b"}});
  CHECK(all[2].baseline.present);
  CHECK(!all[2].candidate.present);
  CHECK(all[2].candidate.window == all[0].candidate.window);
  // The first release of all has no new series.
  all = {measured("m[pod=a]", "m")};
  attach_past(all, scene.plan, {});
  CHECK(all[0].baseline.present);
  // Without any series now, nothing is known of one that is gone.
  all = {measured("m")};
  all[0].candidate.present = false;
  attach_past(all, scene.plan, past);
  CHECK(all.size() == 1);
}
