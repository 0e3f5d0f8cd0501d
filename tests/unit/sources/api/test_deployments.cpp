// The DORA keys of a list of deployments.
#include <catch2/catch.hpp>

#include "sources/deployments.h"

using namespace gate;
using namespace gate::sources;

namespace {

core::Time at(std::int64_t hours) {
  return core::Time(std::chrono::hours(hours));
}

/// "10=0 20=1": the hours and values of the rows.
std::string rows(const char* measure, std::vector<Deployment> all) {
  sort_deployments(all);
  std::string out;
  for (const Row& row : deployment_rows(deployment_measure(measure), all)) {
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(row.time.time_since_epoch()).count();
    out += (out.empty() ? "" : " ") + std::to_string(hours) + "=" + std::to_string(static_cast<int>(row.value));
  }
  return out;
}

/// Two changes, the first of which was undone; a pipeline that failed between.
std::vector<Deployment> story() {
  return {{"b", at(20), true, false, at(18)},
          {"a", at(10), true, false, at(4)},
          {"c", at(21), false, false, {}},
          {"a", at(23), true, true, at(4)},
          {"d", at(30), true, false, at(29)}};
}

}  // namespace

TEST_CASE("what is measured of deployments") {
  CHECK(rows("deployments", story()) == "10=1 20=1 23=1 30=1");
  CHECK(rows("lead_time", story()) == "10=21600 20=7200 23=68400 30=3600");
  CHECK(rows("rollbacks", story()) == "10=0 20=0 23=1 30=0");
  CHECK(rows("change_failures", story()) == "10=0 20=1 23=0 30=0");
  CHECK(rows("time_to_restore", story()) == "23=10800");
  CHECK(rows("failed_deployments", story()) == "10=0 20=0 21=1 23=0 30=0");
  for (const ApiMeasure& measure : deployment_measures()) CHECK(rows(std::string(measure.name).c_str(), {}).empty());
}

TEST_CASE("a rollback of what is not known has nothing to restore") {
  CHECK(rows("time_to_restore", {{"a", at(10), true, true, {}}}).empty());
  CHECK(rows("change_failures", {{"a", at(10), true, true, {}}}) == "10=0");
}
