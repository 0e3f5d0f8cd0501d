#include <catch2/catch.hpp>

#include "sources/jira/history.h"

using namespace gate;
using namespace gate::sources::jira;

namespace {

core::Time hour(int hours) {
  return core::Time(std::chrono::hours(hours));
}

// 1 To Do, 3 In Progress, 4 In Review, 5 Done, 6 Closed; "Finished" was done and is no more.
Workflow workflow() {
  Workflow out;
  for (StatusSet* set : {&out.in_progress, &out.done}) set->known = {"1", "3", "4", "5", "6"};
  out.in_progress.ids = {"3", "4"};
  out.done.ids = {"5", "6"};
  out.done.add_name("Finished");
  return out;
}

Change move(int at, const char* from, const char* to) {
  return {hour(at), {from, ""}, {to, ""}};
}

using Hours = std::vector<int>;
Hours in_hours(const std::vector<core::Time>& times) {
  Hours out;
  for (const core::Time time : times) out.push_back(static_cast<int>(time.time_since_epoch() / std::chrono::hours(1)));
  return out;
}

}  // namespace

TEST_CASE("done is where a status that is not done is left for one that is") {
  const Workflow flow = workflow();
  CHECK(in_hours(done_moments({move(1, "1", "3"), move(5, "3", "5")}, flow)) == Hours{5});
  CHECK(in_hours(done_moments({move(5, "3", "5"), move(6, "5", "6")}, flow)) == Hours{5});
  CHECK(in_hours(done_moments({move(5, "3", "5"), move(6, "5", "3"), move(9, "4", "6")}, flow)) == Hours{5, 9});
  CHECK(done_moments({}, flow).empty());
  CHECK(in_hours(done_moments({{hour(2), {"3", "In Progress"}, {"99", "finished"}}}, flow)) == Hours{2});
}

TEST_CASE("a status that is known by its number is not mistaken for one of the same name") {
  Workflow flow = workflow();
  CHECK_FALSE(flow.done.contains({"1", "Finished"}));
  CHECK(flow.done.contains({"77", "FINISHED"}));
  CHECK_FALSE(flow.done.contains({"77", "Else"}));
}

TEST_CASE("the first time done within the window counts") {
  const std::vector<Change> changes = {move(5, "3", "5"), move(6, "5", "3"), move(9, "3", "5")};
  CHECK(done_within(changes, workflow(), core::Window{hour(0), hour(9)}) == hour(5));
  CHECK(done_within(changes, workflow(), core::Window{hour(6), hour(10)}) == hour(9));
  CHECK(done_within(changes, workflow(), core::Window{hour(6), hour(9)}) == std::nullopt);
  CHECK(done_within(changes, workflow(), std::nullopt) == hour(5));
}

TEST_CASE("work begins with the first status in progress") {
  CHECK(work_began({move(3, "1", "3"), move(4, "3", "4")}, workflow(), hour(0)) == hour(3));
  CHECK(work_began({move(3, "4", "5")}, workflow(), hour(0)) == hour(0));
  CHECK(work_began({move(3, "1", "5")}, workflow(), hour(0)) == std::nullopt);
  CHECK(work_began({}, workflow(), hour(0)) == std::nullopt);
}

TEST_CASE("reopened is left the done statuses before the end") {
  const std::vector<Change> changes = {move(5, "3", "5"), move(6, "5", "6"), move(8, "6", "3")};
  CHECK(was_reopened(changes, workflow(), hour(5), hour(9)));
  CHECK_FALSE(was_reopened(changes, workflow(), hour(5), hour(8)));
  CHECK(was_reopened(changes, workflow(), hour(5), std::nullopt));
  CHECK_FALSE(was_reopened(changes, workflow(), hour(9), std::nullopt));
}

TEST_CASE("what was done when a sprint closed") {
  const std::vector<Change> changes = {move(5, "3", "5"), move(8, "5", "3"), move(9, "3", "5")};
  const Status done{"5", ""};
  const Status open{"1", ""};
  struct Row {
    int moment;
    bool expected;
  };
  for (const Row& row : {Row{4, false}, Row{5, true}, Row{7, true}, Row{8, false}, Row{9, true}}) {
    CAPTURE(row.moment);
    CHECK(is_done_at(changes, workflow(), hour(row.moment), done) == row.expected);
  }
  CHECK(is_done_at({}, workflow(), hour(1), done));
  CHECK_FALSE(is_done_at({}, workflow(), hour(1), open));
}
