#include "report/looks.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "reports.h"

using namespace gate;
using namespace gate::report;
using core::Verdict;

namespace {

/// A change between `lower` and `upper` against a limit of `limit`, all shares of a baseline of 0.2 s.
core::MetricReport change(double lower, double point, double upper, double limit = 0.10) {
  core::MetricReport metric = test::with_verdict(Verdict::pass, "latency");
  metric.baseline->value = 0.2;
  metric.change->relative = point;
  metric.change->relative_interval = core::Range{lower, upper};
  core::CriterionReport& criterion = metric.criteria.at(0);
  criterion.rule = limit < 0.0 ? "decrease_over" : "increase_over";
  criterion.relative = true;
  criterion.observed = point;
  criterion.margin = std::abs(limit) * 0.2;
  criterion.harm_interval = core::Range{(lower - limit) * 0.2, (upper - limit) * 0.2};
  metric.deciding = 0;
  return metric;
}

core::Report at_look(std::size_t number, std::vector<core::MetricReport> metrics, Verdict verdict,
                     core::WatchEnd end = core::WatchEnd::interrupted) {
  core::Report report = test::report_of(std::move(metrics), verdict);
  core::WatchReport watch;
  watch.looks = 30;
  watch.every = std::chrono::minutes(1);
  watch.longest = std::chrono::minutes(30);
  watch.least = std::chrono::minutes(15);
  watch.opened_at = core::Time(std::chrono::seconds(1773749340));  // 2026-03-17T12:09:00Z
  watch.end = end;
  watch.history.push_back({number, watch.opened_at + watch.every * static_cast<int>(number), verdict, {}});
  report.watch = std::move(watch);
  return report;
}

}  // namespace

TEST_CASE("an interval against its limit, on a scale of twice the limit") {
  struct Case {
    core::MetricReport metric;
    const char* unicode;
    const char* ascii;
  };
  for (const Case& c : {
           Case{change(-0.05, 0.05, 0.15), "········├─|──●─:─┤···", "........[-|--o-:-]..."},
           Case{change(-0.01, 0.04, 0.08), "··········├─●─┤:·····", "..........[-o-]:....."},
           Case{change(-0.5, 0.04, 0.6), "◂─────────|─●──:────▸", "<---------|-o--:---->"},
           Case{change(0.24, 0.31, 0.39), "··········|····:····▸", "..........|....:....>"},
           Case{change(-0.033, -0.008, 0.018, -0.05), "·····:·├─●|─┤········", ".....:.[-o|-]........"},
       }) {
    CHECK(interval_bar(c.metric, 21, Charset::unicode) == c.unicode);
    CHECK(interval_bar(c.metric, 21, Charset::ascii) == c.ascii);
  }
  // A limit of nothing has a scale of its own; without an interval, or room, there is no bar.
  CHECK(interval_bar(change(-0.033, -0.008, 0.018, 0.0), 21, Charset::ascii) == ".....[---o:--].......");
  CHECK(interval_bar(change(-0.01, 0.04, 0.08), 4, Charset::unicode).empty());
  CHECK(interval_bar(test::broken(), 21, Charset::unicode).empty());
  core::MetricReport bare = change(-0.01, 0.04, 0.08);
  bare.change->relative_interval.reset();
  CHECK(interval_bar(bare, 21, Charset::unicode).empty());
}

TEST_CASE("the block of a look") {
  core::Report report = at_look(14, {change(-0.01, 0.04, 0.08), test::broken(), test::pending()}, Verdict::error);
  TerminalOptions options;
  const std::string metrics =
      "✓ p99 latency    limit +10 %  ···········├|─●──┤:······  +4 % [−1, +8] → safe\n"
      "! p99 incidents  limit +10 %                             pagerduty: 401 Unauthorized\n"
      "… p99 adoption   limit +10 %                             due 24 Mar 12:04 UTC\n";
  CHECK(look_block(report, std::chrono::milliseconds(40'100), options) ==
        "checkout-api 1.42.0 · look 14 of 30 · 12:23:00 UTC · pass possible from 12:24 · next in 41 s\n" + metrics);
  CHECK(look_block(report, std::nullopt, options) == "checkout-api 1.42.0 · look 14 of 30 · 12:23:00 UTC\n" + metrics);
  options.columns = 60;
  options.charset = Charset::ascii;
  CHECK(look_block(report, std::nullopt, options) ==
        "checkout-api 1.42.0 - look 14 of 30 - 12:23:00 UTC\n"
        "+ p99 latency    limit +10 %  +4 % [-1, +8] -> safe\n"
        "! p99 incidents  limit +10 %  pagerduty: 401 Unauthorized\n"
        ". p99 adoption   limit +10 %  due 24 Mar 12:04 UTC\n");
  report.metrics.assign(40, change(-0.01, 0.04, 0.08));
  report.metrics.back() = test::broken();
  const std::string many = look_block(report, std::nullopt, options);
  CHECK(std::count(many.begin(), many.end(), '\n') == 26);
  CHECK(many.find("! p99 incidents") < many.find("+ p99 latency"));
  CHECK(many.ends_with("  and 16 more\n"));
}

TEST_CASE("a block is drawn over the one before") {
  std::ostringstream out;
  LookScreen screen(out);
  screen.draw("one\ntwo\n");
  screen.draw("three\n");
  CHECK(out.str() == "one\ntwo\n\x1b[2A\x1b[Jthree\n");
}

TEST_CASE("lines of a log: where something changes, at every fifth look, and at the end") {
  LookLog log;
  const auto safe = [] { return change(-0.01, 0.04, 0.08); };
  const auto open = [] { return test::with_verdict(Verdict::inconclusive, "errors"); };
  const auto closed = [&] {
    core::MetricReport metric = safe();
    metric.id = "errors";
    return metric;
  };
  CHECK(log.line(at_look(1, {safe(), open()}, Verdict::inconclusive)) ==
        "12:10:00 look 1/30 INCONCLUSIVE errors=+31%[+24,+39] safe=1/2\n");
  CHECK(log.line(at_look(2, {safe(), open()}, Verdict::inconclusive)).empty());
  CHECK(log.line(at_look(3, {safe(), closed()}, Verdict::pass)) == "12:12:00 look 3/30 PASS safe=2/2\n");
  CHECK(log.line(at_look(4, {safe(), test::broken()}, Verdict::error)) ==
        "12:13:00 look 4/30 ERROR incidents=no-answer safe=1/2\n");
  CHECK(log.line(at_look(5, {safe(), test::broken()}, Verdict::error)) ==
        "12:14:00 look 5/30 ERROR incidents=no-answer safe=1/2\n");
  CHECK(log.line(at_look(6, {safe(), test::broken()}, Verdict::error)).empty());
  CHECK(log.line(at_look(22, {safe(), closed()}, Verdict::pass, core::WatchEnd::safe)) ==
        "12:31:00 look 22/30 PASS safe=2/2 after 22 min: promote\n");
  core::Report failed = at_look(23, {safe(), test::failed()}, Verdict::fail, core::WatchEnd::harm);
  failed.next = "hold or roll back";
  CHECK(log.line(failed) == "12:32:00 look 23/30 FAIL latency=+31%[+24,+39] safe=1/2 after 23 min: hold or roll back\n");
}
