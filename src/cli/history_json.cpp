// What `history` shows, for programs.
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/history_view.h"
#include "core/text.h"

namespace gate::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "release-gate/history/v1";

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json time(const std::optional<core::Time>& value) {
  return value ? Json(core::format_time(*value)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json window(const std::optional<core::Window>& value) {
  if (!value) return nullptr;
  return {{"start", core::format_time(value->start)}, {"end", core::format_time(value->end)}};
}

Json to_json(const history::Mark* mark) {
  if (mark == nullptr) return nullptr;
  return {{"gate", mark->gate},
          {"release", mark->release},
          {"mark", mark->good ? "good" : "bad"},
          {"reason", text_or_null(mark->reason)},
          {"actor", text_or_null(mark->actor)},
          {"at", core::format_time(mark->at)}};
}

Json to_json(const history::Run& run, const Marks& marks) {
  Json out = {{"id", run.id},
              {"gate", {{"name", run.gate}, {"sha256", run.gate_sha256}}},
              {"release",
               {{"version", text_or_null(run.release)},
                {"previous_version", text_or_null(run.previous_release)},
                {"deployed_at", time(run.deployed_at)},
                {"revision", text_or_null(run.revision)}}},
              {"verdict", run.verdict},
              {"exit_code", run.exit_code},
              {"would_exit", run.would_exit ? Json(*run.would_exit) : Json(nullptr)},
              {"score", number(run.score)},
              {"headline", run.headline},
              {"stage", text_or_null(run.stage)},
              {"complete", run.complete},
              {"now", core::format_time(run.judged_at)},
              {"started_at", core::format_time(run.started_at)},
              {"finished_at", core::format_time(run.finished_at)},
              {"override", nullptr},
              {"tool_version", run.tool_version},
              {"mark", to_json(mark_of(run, marks))}};
  if (run.override_) out["override"] = {{"reason", run.override_->reason}, {"actor", text_or_null(run.override_->actor)}};
  return out;
}

Json to_json(const history::RunSide& side) {
  return {{"value", number(side.value)}, {"samples", side.samples}, {"dropped", side.dropped}, {"window", window(side.window)}};
}

Json to_json(const std::optional<history::RunChange>& change) {
  if (!change) return nullptr;
  return {{"absolute", number(change->absolute)},
          {"interval",
           change->lower || change->upper ? Json::array({number(change->lower), number(change->upper)}) : Json(nullptr)},
          {"interval_level", change->level},
          {"method", change->method},
          {"effective_samples", change->effective_candidate
                                    ? Json::array({number(change->effective_baseline), number(change->effective_candidate)})
                                    : Json(nullptr)}};
}

Json to_json(const history::RunMetric& metric) {
  Json criteria = Json::array();
  for (const history::RunCriterion& one : metric.criteria) {
    criteria.push_back({{"level", one.level},
                        {"rule", one.rule},
                        {"bound", one.bound},
                        {"outcome", one.outcome},
                        {"observed", number(one.observed)},
                        {"margin", number(one.margin)},
                        {"p_value", number(one.p_value)}});
  }
  return {{"id", metric.id},
          {"parent", text_or_null(metric.parent)},
          {"labels", metric.labels},
          {"title", metric.title},
          {"source", metric.source},
          {"estimand", metric.estimand},
          {"unit", metric.unit},
          {"better", text_or_null(metric.better)},
          {"required", metric.required},
          {"verdict", metric.verdict},
          {"evidence", metric.evidence},
          {"usable", metric.usable},
          {"status", text_or_null(metric.status)},
          {"headline", metric.headline},
          {"baseline", metric.baseline ? to_json(*metric.baseline) : Json(nullptr)},
          {"candidate", to_json(metric.candidate)},
          {"change", to_json(metric.change)},
          {"criteria", std::move(criteria)}};
}

std::string finished(const Json& body) {
  Json out = {{"schema", kSchema}};
  out.update(body);
  return core::with_json_escapes(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

std::string list_json(const std::vector<history::Run>& runs, const Marks& marks) {
  Json out = Json::array();
  for (const history::Run& run : runs) out.push_back(to_json(run, marks));
  return finished({{"runs", std::move(out)}});
}

std::string show_json(const history::Run& run, const Marks& marks) {
  Json out = to_json(run, marks);
  out["metrics"] = Json::array();
  for (const history::RunMetric& metric : run.metrics) out["metrics"].push_back(to_json(metric));
  return finished({{"run", std::move(out)}});
}

std::string trend_json(const Trend& trend, const Marks& marks) {
  Json releases = Json::array();
  for (const history::TrendPoint& point : trend.points) {
    releases.push_back({{"run", point.run.id},
                        {"version", text_or_null(point.run.release)},
                        {"released_at", core::format_time(point.run.released_at())},
                        {"value", number(point.metric.candidate.value)},
                        {"samples", point.metric.candidate.samples},
                        {"verdict", point.run.verdict},
                        {"metric_verdict", point.metric.verdict},
                        {"mark", to_json(mark_of(point.run, marks))}});
  }
  Json changes = Json::array();
  for (const stats::ChangePoint& change : trend.changes) {
    const history::Run& run = trend.points[change.first].run;
    const double relative = (change.after - change.before) / change.before;
    changes.push_back({{"index", change.first},
                       {"version", text_or_null(run.release)},
                       {"released_at", core::format_time(run.released_at())},
                       {"before", number(change.before)},
                       {"after", number(change.after)},
                       {"relative", change.before > 0.0 ? number(relative) : Json(nullptr)},
                       {"statistic", number(change.statistic)},
                       {"p_value", change.p_value}});
  }
  return finished({{"gate", trend.gate},
                   {"metric", trend.metric},
                   {"unit", trend.points.empty() ? "" : trend.points.back().metric.unit},
                   {"left_out", trend.unlike},
                   {"releases", std::move(releases)},
                   {"change_points", std::move(changes)}});
}

std::string mark_json(const history::Mark& mark, bool taken_away) {
  return finished({{"gate", mark.gate}, {"release", mark.release}, {"mark", taken_away ? Json(nullptr) : to_json(&mark)}});
}

std::string prune_json(const history::Pruned& pruned, core::Time before, bool dry) {
  return finished(
      {{"before", core::format_time(before)}, {"runs", pruned.runs}, {"metrics", pruned.metrics}, {"dry_run", dry}});
}

}  // namespace gate::cli
