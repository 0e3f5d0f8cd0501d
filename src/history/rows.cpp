#include "history/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/text.h"

namespace gate::history {
namespace {

constexpr std::array<std::string_view, 21> kRunColumns = {
    "id",          "gate",        "gate_sha256", "release",    "previous_release", "revision",
    "deployed_at", "released_at", "judged_at",   "started_at", "finished_at",      "stage",
    "complete",    "verdict",     "exit_code",   "would_exit", "override_reason",  "override_actor",
    "score",       "headline",    "tool_version"};

constexpr std::array<std::string_view, 33> kMetricColumns = {"metric",
                                                             "position",
                                                             "parent",
                                                             "labels",
                                                             "title",
                                                             "source",
                                                             "estimand",
                                                             "unit",
                                                             "better",
                                                             "required",
                                                             "verdict",
                                                             "evidence",
                                                             "usable",
                                                             "status",
                                                             "headline",
                                                             "value",
                                                             "samples",
                                                             "dropped",
                                                             "window_start",
                                                             "window_end",
                                                             "baseline_value",
                                                             "baseline_samples",
                                                             "baseline_start",
                                                             "baseline_end",
                                                             "change",
                                                             "change_lower",
                                                             "change_upper",
                                                             "change_level",
                                                             "method",
                                                             "effective_baseline",
                                                             "effective_candidate",
                                                             "criteria",
                                                             "open_findings"};

/// PostgreSQL takes 65,535 values in a statement, SQLite 32,766.
constexpr std::size_t kRowsAtOnce = 200;

template <std::size_t N>
std::string listed(const std::array<std::string_view, N>& columns, std::string_view table) {
  std::string out;
  for (const std::string_view column : columns) out += fmt::format("{}{}.{}", out.empty() ? "" : ", ", table, column);
  return out;
}

template <std::size_t N>
std::string names(const std::array<std::string_view, N>& columns) {
  return fmt::format("{}", fmt::join(columns, ", "));
}

[[noreturn]] void bad_column(std::size_t column) {
  throw Trouble(Trouble::Kind::no_history, fmt::format("column {} holds what does not belong there", column + 1),
                "restore a copy of it");
}

/// Reads one column after the other.
class Reader {
 public:
  Reader(const Row& row, std::size_t first) : row_(row), at_(first) {}

  std::string text() { return text_in(row_, at_++); }
  std::int64_t integer() {
    const auto value = maybe_integer();
    if (!value) bad_column(at_ - 1);
    return *value;
  }
  std::optional<std::int64_t> maybe_integer() {
    const Value& value = row_.at(at_++);
    if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    bad_column(at_ - 1);
  }
  std::optional<double> number() {
    const Value& value = row_.at(at_++);
    if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    bad_column(at_ - 1);
  }
  std::optional<std::string> maybe_text() {
    if (std::holds_alternative<std::monostate>(row_.at(at_))) {
      ++at_;
      return std::nullopt;
    }
    return text();
  }
  std::optional<core::Time> maybe_time() {
    const auto value = maybe_integer();
    return value ? std::optional<core::Time>(core::Time(core::Duration(*value))) : std::nullopt;
  }
  core::Time time() { return core::Time(core::Duration(integer())); }
  std::optional<core::Window> window() {
    const auto start = maybe_time();
    const auto end = maybe_time();
    return start && end ? std::optional<core::Window>({*start, *end}) : std::nullopt;
  }

 private:
  const Row& row_;
  std::size_t at_;
};

Value number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Value(*value) : Value();
}

Value flag(bool value) {
  return std::int64_t{value ? 1 : 0};
}

Value text_or_null(const std::string& text) {
  return text.empty() ? Value() : Value(clean(text));
}

void add_window(Row& row, const std::optional<core::Window>& window) {
  row.push_back(window ? Value(milliseconds(window->start)) : Value());
  row.push_back(window ? Value(milliseconds(window->end)) : Value());
}

Row row_of(const RunMetric& metric, std::size_t position) {
  Row row = {clean(metric.id),       static_cast<std::int64_t>(position),
             clean(metric.parent),   clean(to_text(metric.labels)),
             clean(metric.title),    clean(metric.source),
             clean(metric.estimand), clean(metric.unit),
             clean(metric.better),   flag(metric.required),
             metric.verdict,         metric.evidence,
             flag(metric.usable),    text_or_null(metric.status),
             clean(metric.headline)};
  row.push_back(number(metric.candidate.value));
  row.emplace_back(metric.candidate.samples);
  row.emplace_back(metric.candidate.dropped);
  add_window(row, metric.candidate.window);
  row.push_back(metric.baseline ? number(metric.baseline->value) : Value());
  row.push_back(metric.baseline ? Value(metric.baseline->samples) : Value());
  add_window(row, metric.baseline ? metric.baseline->window : std::nullopt);
  const RunChange change = metric.change.value_or(RunChange{});
  row.push_back(metric.change ? number(change.absolute) : Value());
  row.push_back(number(change.lower));
  row.push_back(number(change.upper));
  row.push_back(metric.change ? number(change.level) : Value());
  row.push_back(text_or_null(change.method));
  row.push_back(number(change.effective_baseline));
  row.push_back(number(change.effective_candidate));
  row.emplace_back(clean(to_text(metric.criteria)));
  row.push_back(metric.open_identities ? Value(*metric.open_identities) : Value());
  return row;
}

Row row_of(const Run& run) {
  return {clean(run.id),
          clean(run.gate),
          run.gate_sha256,
          clean(run.release),
          clean(run.previous_release),
          clean(run.revision),
          run.deployed_at ? Value(milliseconds(*run.deployed_at)) : Value(),
          milliseconds(run.released_at()),
          milliseconds(run.judged_at),
          milliseconds(run.started_at),
          milliseconds(run.finished_at),
          clean(run.stage),
          flag(run.complete),
          run.verdict,
          std::int64_t{run.exit_code},
          run.would_exit ? Value(std::int64_t{*run.would_exit}) : Value(),
          run.override_ ? Value(clean(run.override_->reason)) : Value(),
          run.override_ ? Value(clean(run.override_->actor)) : Value(),
          number(run.score),
          clean(run.headline),
          run.tool_version};
}

/// "($1, $2), ($3, $4)".
std::string placeholders(std::size_t rows, std::size_t columns) {
  std::string out;
  for (std::size_t row = 0; row < rows; ++row) {
    out += row == 0 ? "(" : ", (";
    for (std::size_t column = 0; column < columns; ++column)
      out += fmt::format("{}${}", column == 0 ? "" : ", ", row * columns + column + 1);
    out += ")";
  }
  return out;
}

}  // namespace

std::string run_columns() {
  return listed(kRunColumns, "r");
}
std::string metric_columns() {
  return listed(kMetricColumns, "m");
}
std::size_t run_column_count() {
  return kRunColumns.size();
}

std::string text_in(const Row& row, std::size_t column) {
  const auto* text = std::get_if<std::string>(&row.at(column));
  if (text == nullptr) bad_column(column);
  return *text;
}

core::Time time_in(const Row& row, std::size_t column) {
  return Reader(row, column).time();
}

std::int64_t milliseconds(core::Time time) {
  return time.time_since_epoch().count();
}

std::string clean(const std::string& text) {
  if (core::is_utf8(text) && text.find('\0') == std::string::npos) return text;
  return core::printable(text);
}

Run run_in(const Row& row, std::size_t first) {
  Reader in(row, first);
  Run out;
  out.id = in.text();
  out.gate = in.text();
  out.gate_sha256 = in.text();
  out.release = in.text();
  out.previous_release = in.text();
  out.revision = in.text();
  out.deployed_at = in.maybe_time();
  (void)in.time();  // released_at is for the database, which orders by it
  out.judged_at = in.time();
  out.started_at = in.time();
  out.finished_at = in.time();
  out.stage = in.text();
  out.complete = in.integer() != 0;
  out.verdict = in.text();
  out.exit_code = static_cast<int>(in.integer());
  if (const auto code = in.maybe_integer()) out.would_exit = static_cast<int>(*code);
  const auto reason = in.maybe_text();
  const auto actor = in.maybe_text();
  if (reason) out.override_ = core::Override{*reason, actor.value_or("")};
  out.score = in.number();
  out.headline = in.text();
  out.tool_version = in.text();
  return out;
}

RunMetric metric_in(const Row& row, std::size_t first) {
  Reader in(row, first);
  RunMetric out;
  out.id = in.text();
  (void)in.integer();  // position is for the database, which orders by it
  out.parent = in.text();
  out.labels = labels_of(in.text());
  out.title = in.text();
  out.source = in.text();
  out.estimand = in.text();
  out.unit = in.text();
  out.better = in.text();
  out.required = in.integer() != 0;
  out.verdict = in.text();
  out.evidence = in.text();
  out.usable = in.integer() != 0;
  out.status = in.maybe_text().value_or("");
  out.headline = in.text();
  out.candidate.value = in.number();
  out.candidate.samples = in.maybe_integer().value_or(0);
  out.candidate.dropped = in.maybe_integer().value_or(0);
  out.candidate.window = in.window();
  RunSide baseline;
  baseline.value = in.number();
  const auto samples = in.maybe_integer();
  baseline.window = in.window();
  if (samples) {
    baseline.samples = *samples;
    out.baseline = baseline;
  }
  RunChange change;
  const auto absolute = in.number();
  change.lower = in.number();
  change.upper = in.number();
  change.level = in.number().value_or(change.level);
  change.method = in.maybe_text().value_or("");
  change.effective_baseline = in.number();
  change.effective_candidate = in.number();
  if (absolute) {
    change.absolute = *absolute;
    out.change = change;
  }
  out.criteria = criteria_of(in.text());
  out.open_identities = in.maybe_integer();
  return out;
}

bool insert_run(Database& database, const Run& run) {
  return database
             .run(fmt::format("INSERT INTO release_gate_runs ({}) VALUES {} ON CONFLICT (id) DO NOTHING", names(kRunColumns),
                              placeholders(1, kRunColumns.size())),
                  row_of(run))
             .changed == 1;
}

void insert_metrics(Database& database, const Run& run) {
  std::set<std::string> seen;
  std::vector<Row> rows;
  for (std::size_t i = 0; i < run.metrics.size(); ++i) {
    // Labels that differ in bytes that are no UTF-8 may come out as one; the first of them stands.
    if (seen.insert(clean(run.metrics[i].id)).second) rows.push_back(row_of(run.metrics[i], i));
  }
  for (std::size_t first = 0; first < rows.size(); first += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, rows.size() - first);
    std::vector<Value> values;
    for (std::size_t i = first; i < first + count; ++i) {
      values.emplace_back(clean(run.id));
      values.insert(values.end(), rows[i].begin(), rows[i].end());
    }
    database.run(fmt::format("INSERT INTO release_gate_metrics (run_id, {}) VALUES {}", names(kMetricColumns),
                             placeholders(count, kMetricColumns.size() + 1)),
                 values);
  }
}

void insert_findings(Database& database, const Run& run) {
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<Row> rows;
  for (const RunMetric& metric : run.metrics) {
    for (const core::KnownFinding& one : metric.findings) {
      if (!seen.emplace(clean(metric.id), one.fingerprint).second) continue;
      rows.push_back({clean(run.id), clean(metric.id), one.fingerprint, clean(one.id), static_cast<std::int64_t>(one.count)});
    }
  }
  for (std::size_t first = 0; first < rows.size(); first += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, rows.size() - first);
    std::vector<Value> values;
    for (std::size_t i = first; i < first + count; ++i) values.insert(values.end(), rows[i].begin(), rows[i].end());
    database.run(fmt::format("INSERT INTO release_gate_findings (run_id, metric, fingerprint, finding, amount) VALUES {}",
                             placeholders(count, rows.front().size())),
                 values);
  }
}

std::vector<core::KnownFinding> findings_of(Database& database, const std::string& run, const std::string& metric) {
  const Answer answer = database.run(
      "SELECT fingerprint, finding, amount FROM release_gate_findings WHERE run_id = $1 AND metric = $2 ORDER BY fingerprint",
      {run, metric});
  std::vector<core::KnownFinding> out;
  for (const Row& row : answer.rows) {
    Reader in(row, 0);
    core::KnownFinding one;
    one.fingerprint = in.text();
    one.id = in.text();
    one.count = static_cast<std::size_t>(std::max<std::int64_t>(in.integer(), 0));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace gate::history
