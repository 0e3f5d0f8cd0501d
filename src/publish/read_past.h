// Read past: what a JSON report says of earlier days and releases. Private to read_report.
#pragma once

#include <optional>

#include "core/report.h"
#include "publish/json_cursor.h"

namespace gate::publish {

/// [lower, upper]; null stands for an infinite end.
std::optional<core::Range> read_range(const Cursor& from);
core::Window read_window(const Cursor& from);
core::PlaceboReport read_placebo(const Cursor& from);
core::PastReleases read_past(const Cursor& from);
/// The numbers of findings, and how they compare with the release before; a report does not say which they are.
void read_findings(const Cursor& from, core::MetricReport& metric);

}  // namespace gate::publish
