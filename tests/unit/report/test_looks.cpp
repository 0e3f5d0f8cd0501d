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

TEST_CASE("print") {
  for (auto cs : {Charset::unicode, Charset::ascii}) {
  printf("%s\n", interval_bar(change(-0.05, 0.05, 0.15), 21, cs).c_str());
  printf("%s\n", interval_bar(change(-0.01, 0.04, 0.08), 21, cs).c_str());
  printf("%s\n", interval_bar(change(-0.5, 0.04, 0.6), 21, cs).c_str());
  printf("%s\n", interval_bar(change(-0.033, -0.008, 0.018, -0.05), 21, cs).c_str());
  printf("%s\n", interval_bar(change(-0.033, -0.008, 0.018, 0), 21, cs).c_str());
  }
  TerminalOptions o;
  printf("%s\n", look_block(at_look(14, {change(-0.01,0.04,0.08), test::with_verdict(Verdict::inconclusive,"errors"), test::broken(), test::pending()}, Verdict::error), std::chrono::seconds(41), o).c_str());
  LookLog log;
  printf("%s", log.line(at_look(14, {change(-0.01,0.04,0.08), test::with_verdict(Verdict::inconclusive,"errors"), test::broken(), test::pending()}, Verdict::error)).c_str());
}
