#include "report/log.h"

#include <catch2/catch.hpp>

#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

TEST_CASE("a log has a line a metric that starts with its word") {
  CHECK(to_log(report_of({failed(), broken(), pending(), with_verdict(Verdict::pass, "memory")}, Verdict::fail), Colour::off,
               Detail::short_) ==
        "FAIL          checkout-api 1.42.0: p99 latency +31 % (limit +10 %), at least +24 % at 95 %\n"
        "    -> hold or roll back\n"
        "    before 11:34-12:04, after 12:09-12:34 UTC - 1 fail 1 error 1 pending 1 pass\n"
        "FAIL          p99 latency    312 ms -> 409 ms  +31 % [+24, +39]  limit +10 %  worse\n"
        "    -> hold or roll back; graph: https://prom/graph?q=1\n"
        "ERROR         p99 incidents  pagerduty: 401 Unauthorized\n"
        "    GET https://api\n"
        "    -> renew PAGERDUTY_TOKEN; run again; release-gate explain RG1101\n"
        "PENDING       p99 adoption   due 24 Mar 12:04 UTC\n"
        "    -> run again then, or on_pending = \"skip\"\n"
        "exit 1, 0.31 s\n");
}
