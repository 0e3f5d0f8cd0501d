// Query: what a metric asks of InfluxDB, with its window put in, and what can be told from it offline.
#pragma once

#include <string>

#include "core/question.h"
#include "core/result.h"
#include "core/settings.h"
#include "sources/influxdb/points.h"

namespace gate::sources::influxdb {

/// 2 when `settings` say so, or name an `org`; else 1.
int version_of(const core::Settings& settings);

/// What is sent, and where the times of its points stand.
struct Asked {
  std::string text;
  Stamp stamp = Stamp::own;
};

/// The query of `question` with {{start}}, {{end}} and {{offset}} put in; in InfluxQL {{start}} and {{end}} are quoted. RG1977:
/// it gives no points on the grid, where counts are wanted.
core::Result<Asked> asked_by(const core::Question& question, int version);

/// RG1910: no query, or one that does not name the window, or whose buckets are not those of the metric.
void check_query_text(core::Diagnostics& diagnostics, const core::Settings& query, int version);

core::QueryFacts facts(const core::Settings& query);

}  // namespace gate::sources::influxdb
