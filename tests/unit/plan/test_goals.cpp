// Which goal counts when, and where that puts the end of the window.
#include <catch2/catch.hpp>

#include "plan/goals.h"

namespace gate::plan {
namespace {

constexpr core::Duration kDay = std::chrono::hours(24);
const core::Time kReleased = *core::parse_time("2026-03-17T12:04:00Z");

config::Criterion goals(const std::vector<std::int64_t>& days) {
  config::Criterion out;
  out.rule = config::Rule::goals;
  for (const std::int64_t day : days) out.goals.push_back({kDay * day, true, {0.1, false, "10%"}});
  return out;
}

config::Metric metric(std::vector<config::Criterion> criteria) {
  config::Metric out;
  out.criteria = std::move(criteria);
  return out;
}

Clock clock(core::Duration since) {
  return {kReleased + since, kReleased, std::nullopt};
}

TEST_CASE("the last goal that is due counts, once its data are there") {
  struct Row {
    core::Duration since;
    core::Duration delay;
    std::size_t number;
    bool is_due;
    std::optional<core::Duration> next;
  };
  const std::vector<Row> rows = {{kDay * 3, {}, 1, false, std::nullopt},
                                 {kDay * 7 - core::Duration(1), {}, 1, false, std::nullopt},
                                 {kDay * 7, {}, 1, true, kDay * 30},
                                 {kDay * 7, std::chrono::minutes(1), 1, false, std::nullopt},
                                 {kDay * 7 + std::chrono::minutes(1), std::chrono::minutes(1), 1, true, kDay * 30},
                                 {kDay * 30, {}, 2, true, std::nullopt},
                                 {kDay * 400, {}, 2, true, std::nullopt}};
  for (const Row& row : rows) {
    INFO(row.since.count());
    const auto found = stand(metric({goals({7, 30})}), clock(row.since), row.delay);
    REQUIRE(found.size() == 1);
    const core::GoalReport& report = found.front().report;
    CHECK(report.number == row.number);
    CHECK(report.count == 2);
    CHECK(report.is_due == row.is_due);
    CHECK(report.due == kReleased + (row.number == 1 ? 7 : 30) * kDay + row.delay);
    CHECK(report.next_due == (row.next ? std::optional(kReleased + *row.next + row.delay) : std::nullopt));
  }
}

TEST_CASE("goals count from an anchor that is a time, and from nothing where no release is known") {
  config::Metric anchored = metric({goals({7})});
  anchored.compare.anchor = config::Moment{kReleased - kDay, false, "", {}};
  CHECK(stand(anchored, clock(kDay * 6), {}).front().report.is_due);
  anchored.compare.anchor = config::Moment{std::nullopt, true, "", {}};
  CHECK(!stand(anchored, clock(kDay * 6), {}).front().report.is_due);
  CHECK(stand(metric({goals({7})}), {kReleased, std::nullopt, std::nullopt}, {}).empty());
}

TEST_CASE("the window ends at the last goal of all that is due, else at the first") {
  const config::Metric both = metric({goals({7, 30}), config::Criterion{}, goals({14})});
  const core::Duration delay = std::chrono::hours(1);
  const auto moment = [&](std::int64_t day) { return goal_moment(both, stand(both, clock(kDay * day + delay), delay), delay); };
  CHECK(moment(3) == kReleased + kDay * 7);
  CHECK(moment(8) == kReleased + kDay * 7);
  CHECK(moment(15) == kReleased + kDay * 14);
  CHECK(moment(40) == kReleased + kDay * 30);
  config::Metric now = both;
  now.compare.anchor = config::Moment{std::nullopt, true, "", {}};
  CHECK(!goal_moment(now, stand(now, clock(kDay * 8), delay), delay));
  now.compare.anchor.reset();
  now.compare.design = config::Design::snapshot;
  CHECK(!goal_moment(now, stand(now, clock(kDay * 8), delay), delay));
}

TEST_CASE("nothing is asked only where nothing but goals could be judged") {
  const auto waits = [](const config::Metric& one, std::int64_t day) {
    return only_waits(one, stand(one, clock(kDay * day), {}));
  };
  CHECK(waits(metric({goals({7})}), 3));
  CHECK(!waits(metric({goals({7})}), 7));
  CHECK(!waits(metric({goals({7}), config::Criterion{}}), 3));
  CHECK(!waits(metric({}), 3));
  const config::Metric two = metric({goals({7, 30}), goals({14})});
  CHECK(first_due(stand(two, clock(kDay * 3), {})) == kReleased + kDay * 7);
  CHECK(first_due(stand(two, clock(kDay * 8), {})) == kReleased + kDay * 14);
  CHECK(!first_due(stand(two, clock(kDay * 31), {})));
}

}  // namespace
}  // namespace gate::plan
