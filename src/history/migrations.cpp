#include "history/migrations.h"

#include <fmt/format.h>

namespace gate::history {
namespace {

constexpr const char* kVersionTable = "release_gate_schema";

// Types that both systems know: SQLite takes BIGINT for an integer, and DOUBLE PRECISION for a number. Times are milliseconds
// since 1970, UTC.
constexpr const char* kRuns = R"sql(
CREATE TABLE release_gate_runs (
  id TEXT PRIMARY KEY,
  gate TEXT NOT NULL,
  gate_sha256 TEXT NOT NULL,
  release TEXT NOT NULL,
  previous_release TEXT NOT NULL,
  revision TEXT NOT NULL,
  deployed_at BIGINT,
  released_at BIGINT NOT NULL,
  judged_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  stage TEXT NOT NULL,
  complete BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  exit_code BIGINT NOT NULL,
  would_exit BIGINT,
  override_reason TEXT,
  override_actor TEXT,
  score DOUBLE PRECISION,
  headline TEXT NOT NULL,
  tool_version TEXT NOT NULL
))sql";

constexpr const char* kMetrics = R"sql(
CREATE TABLE release_gate_metrics (
  run_id TEXT NOT NULL REFERENCES release_gate_runs (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  position BIGINT NOT NULL,
  parent TEXT NOT NULL,
  labels TEXT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  estimand TEXT NOT NULL,
  unit TEXT NOT NULL,
  better TEXT NOT NULL,
  required BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  evidence TEXT NOT NULL,
  usable BIGINT NOT NULL,
  status TEXT,
  headline TEXT NOT NULL,
  value DOUBLE PRECISION,
  samples BIGINT,
  dropped BIGINT,
  window_start BIGINT,
  window_end BIGINT,
  baseline_value DOUBLE PRECISION,
  baseline_samples BIGINT,
  baseline_start BIGINT,
  baseline_end BIGINT,
  change DOUBLE PRECISION,
  change_lower DOUBLE PRECISION,
  change_upper DOUBLE PRECISION,
  change_level DOUBLE PRECISION,
  method TEXT,
  effective_baseline DOUBLE PRECISION,
  effective_candidate DOUBLE PRECISION,
  criteria TEXT NOT NULL,
  PRIMARY KEY (run_id, metric)
))sql";

// What people know of a release after the gate has judged it.
constexpr const char* kMarks = R"sql(
CREATE TABLE release_gate_marks (
  gate TEXT NOT NULL,
  release TEXT NOT NULL,
  mark TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  marked_at BIGINT NOT NULL,
  PRIMARY KEY (gate, release)
))sql";

// Fingerprints of what was open, so that findings can be told from those of the release before.
constexpr const char* kFindings = R"sql(
CREATE TABLE release_gate_findings (
  run_id TEXT NOT NULL REFERENCES release_gate_runs (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  finding TEXT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (run_id, metric, fingerprint)
))sql";

std::int64_t integer(const Answer& answer) {
  const auto* value = answer.rows.empty() ? nullptr : std::get_if<std::int64_t>(&answer.rows.front().front());
  if (value == nullptr)
    throw Trouble(Trouble::Kind::no_history, "it does not say which version its tables are of",
                  "restore a copy, or begin anew elsewhere");
  return *value;
}

void check_not_newer(std::int64_t version, std::size_t known) {
  if (version <= static_cast<std::int64_t>(known)) return;
  throw Trouble(Trouble::Kind::newer, fmt::format("its tables are of version {}, and this program knows {}", version, known),
                "use the newer release-gate that made it");
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> kSteps = {
      {kRuns, "CREATE INDEX release_gate_runs_by_release ON release_gate_runs (gate, released_at)", kMetrics},
      {kMarks, "CREATE INDEX release_gate_metrics_by_metric ON release_gate_metrics (metric)"},
      {"ALTER TABLE release_gate_metrics ADD COLUMN open_findings BIGINT", kFindings},
  };
  return kSteps;
}

std::int64_t version_of(Database& database) {
  // In this order: another program may make the tables, all at once, between the two looks.
  const bool has_tables = database.has_any_table();
  if (database.has_table(kVersionTable)) return integer(database.run("SELECT version FROM release_gate_schema"));
  if (has_tables)
    throw Trouble(Trouble::Kind::no_history, "it is a database of something else", "name a file that is not there yet");
  return 0;
}

void migrate(Database& database, Access access, const std::vector<Migration>& steps) {
  const std::int64_t found = version_of(database);
  check_not_newer(found, steps.size());
  if (found == static_cast<std::int64_t>(steps.size()) || (found == 0 && access == Access::read)) return;
  if (found == 0) database.prepare_new();
  try {
    Transaction transaction(database, Transaction::For::migrating);
    // Somebody else may have done it while this one waited.
    const std::int64_t now = version_of(database);
    check_not_newer(now, steps.size());
    if (now == 0) {
      database.run("CREATE TABLE release_gate_schema (version BIGINT NOT NULL)");
      database.run("INSERT INTO release_gate_schema (version) VALUES (0)");
    }
    for (auto step = static_cast<std::size_t>(now); step < steps.size(); ++step) {
      for (const char* statement : steps[step]) database.run(statement);
    }
    database.run("UPDATE release_gate_schema SET version = $1", {static_cast<std::int64_t>(steps.size())});
    transaction.commit();
  } catch (const Trouble& trouble) {
    if (found == 0 || trouble.kind() != Trouble::Kind::failed) throw;
    throw Trouble(
        Trouble::Kind::older,
        fmt::format("its tables are of version {}, and could not be brought to {}: {}", found, steps.size(), trouble.what()),
        "run `release-gate check --history` once as a user who may change its tables");
  }
}

}  // namespace gate::history
