// Reports for the tests of the renderers.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report::test {

/// A metric that failed by +31 % against a limit of 10 %, with both sides and a graph.
core::MetricReport failed(const std::string& id = "latency");
/// The same shape with another verdict: a passing one holds its limit.
core::MetricReport with_verdict(core::Verdict verdict, const std::string& id);
/// One that could not be asked.
core::MetricReport broken(const std::string& id = "incidents");
/// One that is not due.
core::MetricReport pending(const std::string& id = "adoption");
/// A report of `metrics` with its verdict, exit code 1 and fixed times.
core::Report report_of(std::vector<core::MetricReport> metrics, core::Verdict verdict);

}  // namespace gate::report::test
