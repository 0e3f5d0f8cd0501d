#include "history/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <type_traits>

#include "core/text.h"
#include "history/migrations.h"
#include "history/rows.h"

namespace gate::history {
namespace {

/// More runs of one gate than this are not looked through for those that passed.
constexpr std::size_t kMostRuns = 5'000;
/// Runs that are asked for in one statement.
constexpr std::size_t kRunsAtOnce = 200;

core::Error error_of(const Trouble& trouble, const Location& location, Access access) {
  switch (trouble.kind()) {
    case Trouble::Kind::no_history:
      return {"RG0604",
              fmt::format("{} is no history that can be read: {}", location.shown, trouble.what()),
              trouble.hint(),
              {},
              {}};
    case Trouble::Kind::newer:
    case Trouble::Kind::older:
      return {
          "RG0605", fmt::format("the history {} cannot be used: {}", location.shown, trouble.what()), trouble.hint(), {}, {}};
    case Trouble::Kind::failed:
      break;
  }
  const bool writing = access == Access::write;
  return {writing ? "RG0606" : "RG0603",
          fmt::format("the history {} cannot be {}: {}", location.shown, writing ? "written" : "read", trouble.what()),
          trouble.hint(),
          {},
          {}};
}

/// "release_gate_runs WHERE …" with its values.
struct Where {
  std::string text;
  std::vector<Value> values;

  void add(const std::string& condition, Value value) {
    values.push_back(std::move(value));
    text += (text.empty() ? " WHERE " : " AND ") + condition + fmt::format(" ${}", values.size());
  }
};

std::vector<Run> runs_where(Database& database, const Where& where, std::size_t last) {
  std::vector<Value> values = where.values;
  values.emplace_back(static_cast<std::int64_t>(last));
  const std::string sql = fmt::format(
      "SELECT {} FROM release_gate_runs r{} ORDER BY r.released_at DESC, r.judged_at DESC, r.started_at DESC, r.id LIMIT ${}",
      run_columns(), where.text, values.size());
  std::vector<Run> out;
  for (const Row& row : database.run(sql, values).rows) out.push_back(run_in(row));
  return out;
}

std::vector<RunMetric> metrics_of_run(Database& database, const std::string& id) {
  std::vector<RunMetric> out;
  const Answer answer = database.run(
      fmt::format("SELECT {} FROM release_gate_metrics m WHERE m.run_id = $1 ORDER BY m.position", metric_columns()), {id});
  for (const Row& row : answer.rows) out.push_back(metric_in(row));
  return out;
}

/// The runs with these ids and their metrics.
void read_metrics(Database& database, std::vector<Run>& runs, const std::set<std::string>& ids) {
  std::vector<Run*> wanted;
  for (Run& run : runs) {
    if (ids.contains(run.id)) wanted.push_back(&run);
  }
  for (std::size_t first = 0; first < wanted.size(); first += kRunsAtOnce) {
    std::vector<Value> values;
    std::string list;
    for (std::size_t i = first; i < std::min(first + kRunsAtOnce, wanted.size()); ++i) {
      values.emplace_back(wanted[i]->id);
      list += fmt::format("{}${}", list.empty() ? "" : ", ", values.size());
    }
    const Answer answer =
        database.run(fmt::format("SELECT {}, m.run_id FROM release_gate_metrics m WHERE m.run_id IN ({}) ORDER BY m.position",
                                 metric_columns(), list),
                     values);
    for (const Row& row : answer.rows) {
      const std::string& id = std::get<std::string>(row.back());
      const auto run = std::find_if(wanted.begin(), wanted.end(), [&](const Run* one) { return one->id == id; });
      (*run)->metrics.push_back(metric_in(row));
    }
  }
}

Marks good_and_bad(Database& database, const std::string& gate) {
  Marks out;
  for (const Row& row : database.run("SELECT release, mark FROM release_gate_marks WHERE gate = $1", {gate}).rows)
    out[text_in(row, 0)] = text_in(row, 1) == "good";
  return out;
}

std::vector<std::string> texts(const Answer& answer) {
  std::vector<std::string> out;
  for (const Row& row : answer.rows) out.push_back(text_in(row, 0));
  return out;
}

std::size_t count(const Answer& answer) {
  return static_cast<std::size_t>(std::get<std::int64_t>(answer.rows.front().front()));
}

core::Error not_found(const std::string& gate, const std::string& which, const std::vector<std::string>& several) {
  if (several.empty()) {
    return {"RG0607",
            fmt::format("the history has no run `{}`{}", core::printable(which),
                        gate.empty() ? "" : " of " + core::printable(gate)),
            "see: release-gate history list",
            {},
            {}};
  }
  return {"RG0607",
          fmt::format("`{}` is the beginning of several runs", core::printable(which)),
          "write more of the id",
          several,
          {}};
}

}  // namespace

template <typename Work>
auto Store::guarded(Access access, const Work& work) -> core::Result<decltype(work())> {
  try {
    return work();
  } catch (const Trouble& trouble) {
    return error_of(trouble, location_, access);
  }
}

core::Result<std::unique_ptr<Store>> Store::open(const Location& location, Access access, const Limits& limits) {
  try {
    std::unique_ptr<Database> database = connect(location, access, limits);
    migrate(*database, access);
    const bool empty = access == Access::read && version_of(*database) == 0;
    return std::unique_ptr<Store>(new Store(location, std::move(database), empty));
  } catch (const Trouble& trouble) {
    return error_of(trouble, location, access);
  }
}

core::Result<Kept> Store::keep(const Run& run) {
  return guarded(Access::write, [&] {
    Transaction transaction(*database_, Transaction::For::writing);
    if (insert_run(*database_, run)) {
      insert_metrics(*database_, run);
      insert_findings(*database_, run);
      transaction.commit();
      return Kept::now;
    }
    Where where;
    where.add("r.id =", run.id);
    const std::vector<Run> there = runs_where(*database_, where, 1);
    const bool same = !there.empty() && there.front().gate == run.gate && there.front().release == run.release &&
                      there.front().verdict == run.verdict && there.front().judged_at == run.judged_at &&
                      there.front().gate_sha256 == run.gate_sha256;
    return same ? Kept::already : Kept::other;
  });
}

core::Result<bool> Store::check_writable() {
  return guarded(Access::write, [&] {
    database_->check_writable();
    return true;
  });
}

core::Result<std::vector<Run>> Store::runs(const RunFilter& filter) {
  return guarded(Access::read, [&] {
    if (empty_) return std::vector<Run>();
    Where where;
    if (!filter.gate.empty()) where.add("r.gate =", filter.gate);
    if (!filter.release.empty()) where.add("r.release =", filter.release);
    if (!filter.verdict.empty()) where.add("r.verdict =", filter.verdict);
    if (filter.before) where.add("r.released_at <", milliseconds(*filter.before));
    return runs_where(*database_, where, filter.last);
  });
}

core::Result<Run> Store::run(const std::string& gate, const std::string& which) {
  auto found = guarded(Access::read, [&]() -> std::vector<Run> {
    if (empty_) return {};
    const auto matching = [&](const std::string& condition, std::optional<Value> value, std::size_t last) {
      Where where;
      if (!gate.empty()) where.add("r.gate =", gate);
      if (value) where.add(condition, std::move(*value));
      return runs_where(*database_, where, last);
    };
    if (which == "latest") return matching("", std::nullopt, 1);
    for (const char* condition : {"r.id =", "r.release ="}) {
      std::vector<Run> exact = matching(condition, which, 1);
      if (!exact.empty()) return exact;
    }
    std::vector<Run> begun = matching(fmt::format("substr(r.id, 1, {}) =", which.size()), which, 2);
    return begun;
  });
  if (!found) return found.error();
  if (found->size() != 1) {
    std::vector<std::string> ids;
    for (const Run& one : *found) ids.push_back(core::printable(one.id));
    return not_found(gate, which, ids);
  }
  Run out = std::move(found.value().front());
  auto metrics = guarded(Access::read, [&] { return metrics_of_run(*database_, out.id); });
  if (!metrics) return metrics.error();
  out.metrics = std::move(metrics).value();
  return out;
}

core::Result<std::vector<TrendPoint>> Store::trend(const std::string& gate, const std::string& metric, std::size_t last) {
  return guarded(Access::read, [&] {
    std::vector<TrendPoint> out;
    if (empty_) return out;
    const Answer answer = database_->run(fmt::format("SELECT {}, {} FROM release_gate_metrics m JOIN release_gate_runs r ON "
                                                     "r.id = m.run_id WHERE r.gate = $1 AND m.metric = $2 "
                                                     "AND m.usable = 1 AND m.value IS NOT NULL ORDER BY r.released_at DESC, "
                                                     "r.judged_at DESC, r.started_at DESC LIMIT $3",
                                                     run_columns(), metric_columns()),
                                         {gate, metric, static_cast<std::int64_t>(kMostRuns)});
    std::set<std::string> seen;
    for (const Row& row : answer.rows) {
      TrendPoint point{run_in(row), metric_in(row, run_column_count())};
      if (!seen.insert(point.run.release_key()).second) continue;
      if (out.size() == last) break;
      out.push_back(std::move(point));
    }
    std::reverse(out.begin(), out.end());
    return out;
  });
}

core::Result<std::vector<std::string>> Store::gates() {
  return guarded(Access::read, [&] {
    return empty_ ? std::vector<std::string>()
                  : texts(database_->run("SELECT DISTINCT gate FROM release_gate_runs ORDER BY gate"));
  });
}

core::Result<std::vector<std::string>> Store::metrics(const std::string& gate) {
  return guarded(Access::read, [&] {
    if (empty_) return std::vector<std::string>();
    return texts(
        database_->run("SELECT DISTINCT m.metric FROM release_gate_metrics m JOIN release_gate_runs r ON r.id = m.run_id "
                       "WHERE r.gate = $1 ORDER BY m.metric",
                       {gate}));
  });
}

core::Result<core::Past> Store::past(const std::vector<PastQuestion>& questions, const Present& present) {
  return guarded(Access::read, [&] {
    core::Past out;
    if (empty_) return out;
    Where where;
    where.add("r.gate =", present.gate);
    where.add("r.released_at <", milliseconds(present.released_at));
    std::vector<Run> runs = runs_where(*database_, where, kMostRuns);
    const std::vector<PassedRelease> passed = passed_releases(runs, good_and_bad(*database_, present.gate), present);
    std::set<std::string> ids;
    for (const PastQuestion& question : questions) {
      for (std::string& id : runs_to_read(passed, runs, question, present)) ids.insert(std::move(id));
    }
    read_metrics(*database_, runs, ids);
    for (const PastQuestion& question : questions) {
      if (question.findings) {
        if (const auto found = run_with_findings(question, passed, runs)) {
          out.metrics[question.metric].findings =
              core::PastFindings{found->run->id, found->run->release, found->run->released_at(),
                                 findings_of(*database_, found->run->id, question.metric)};
        }
        continue;
      }
      for (auto& [id, past] : past_of(question, passed, runs, present)) out.metrics[id] = std::move(past);
    }
    return out;
  });
}

core::Result<bool> Store::mark(const Mark& mark) {
  return guarded(Access::write, [&] {
    Transaction transaction(*database_, Transaction::For::writing);
    database_->run("DELETE FROM release_gate_marks WHERE gate = $1 AND release = $2", {mark.gate, mark.release});
    database_->run(
        "INSERT INTO release_gate_marks (gate, release, mark, reason, actor, marked_at) VALUES ($1, $2, $3, $4, $5, $6)",
        {mark.gate, mark.release, std::string(mark.good ? "good" : "bad"), clean(mark.reason), clean(mark.actor),
         milliseconds(mark.at)});
    transaction.commit();
    return true;
  });
}

core::Result<bool> Store::unmark(const std::string& gate, const std::string& release) {
  return guarded(Access::write, [&] {
    return database_->run("DELETE FROM release_gate_marks WHERE gate = $1 AND release = $2", {gate, release}).changed > 0;
  });
}

core::Result<std::vector<Mark>> Store::marks(const std::string& gate) {
  return guarded(Access::read, [&] {
    std::vector<Mark> out;
    if (empty_) return out;
    const Answer answer = database_->run(
        "SELECT gate, release, mark, reason, actor, marked_at FROM release_gate_marks WHERE ($1 = '' OR gate = $1) ORDER BY "
        "gate, release",
        {gate});
    for (const Row& row : answer.rows)
      out.push_back(
          {text_in(row, 0), text_in(row, 1), text_in(row, 2) == "good", text_in(row, 3), text_in(row, 4), time_in(row, 5)});
    return out;
  });
}

core::Result<Pruned> Store::prune(const std::string& gate, core::Time before, bool dry) {
  return guarded(dry ? Access::read : Access::write, [&] {
    Pruned out;
    if (empty_) return out;
    Transaction transaction(*database_, Transaction::For::writing);
    const std::string old = "release_gate_runs r WHERE r.released_at < $1 AND ($2 = '' OR r.gate = $2)";
    const std::vector<Value> values = {milliseconds(before), gate};
    out.runs = count(database_->run("SELECT count(*) FROM " + old, values));
    out.metrics = count(database_->run(
        fmt::format("SELECT count(*) FROM release_gate_metrics m WHERE m.run_id IN (SELECT r.id FROM {})", old), values));
    if (dry) return out;
    database_->run(fmt::format("DELETE FROM release_gate_runs WHERE id IN (SELECT r.id FROM {})", old), values);
    transaction.commit();
    return out;
  });
}

}  // namespace gate::history
