// Runs and metrics as rows of the tables, both ways. Private to history.
#pragma once

#include <string>

#include "history/database.h"
#include "history/run.h"

namespace gate::history {

/// The columns that run_in and metric_in read, in their order, of the tables `r` and `m`.
std::string run_columns();
std::string metric_columns();
std::size_t run_column_count();

/// A row that begins (at `first`) with those columns. Throws Trouble when a column is of another type.
Run run_in(const Row& row, std::size_t first = 0);
RunMetric metric_in(const Row& row, std::size_t first = 0);

std::string text_in(const Row& row, std::size_t column);
core::Time time_in(const Row& row, std::size_t column);
std::int64_t milliseconds(core::Time time);
/// `text` as every database takes it: UTF-8 without NUL.
std::string clean(const std::string& text);

/// False when a run with this id is there.
bool insert_run(Database& database, const Run& run);
void insert_metrics(Database& database, const Run& run);

/// The fingerprints of what its metrics found, which are not there yet.
void insert_findings(Database& database, const Run& run);
/// What `metric` of `run` had open, in the order of the fingerprints.
std::vector<core::KnownFinding> findings_of(Database& database, const std::string& run, const std::string& metric);

}  // namespace gate::history
