#include "history/run.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace gate::history {
namespace {

using Json = nlohmann::ordered_json;

RunSide side_of(const core::Side& side) {
  RunSide out;
  out.value = side.value;
  out.samples = static_cast<std::int64_t>(side.samples);
  out.dropped = static_cast<std::int64_t>(side.dropped);
  out.window = side.window;
  return out;
}

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}

RunChange change_of(const core::ChangeReport& change) {
  RunChange out;
  out.absolute = change.absolute;
  if (change.interval) {
    out.lower = finite(change.interval->lower);
    out.upper = finite(change.interval->upper);
  }
  out.level = change.interval_level;
  out.method = change.method;
  if (change.effective_samples) {
    out.effective_baseline = finite(change.effective_samples->first);
    out.effective_candidate = finite(change.effective_samples->second);
  }
  return out;
}

RunCriterion criterion_of(const core::CriterionReport& criterion) {
  RunCriterion out;
  out.level = core::name(criterion.level);
  out.rule = criterion.rule;
  out.bound = criterion.bound;
  out.outcome = core::name(criterion.outcome);
  out.observed = criterion.observed;
  out.margin = criterion.margin;
  out.p_value = criterion.p_value;
  return out;
}

RunMetric metric_of(const core::MetricReport& metric, const RunFacts& facts) {
  RunMetric out;
  out.id = metric.id;
  out.parent = metric.parent;
  out.labels = metric.labels;
  out.title = metric.title;
  out.source = metric.source;
  out.estimand = facts.estimand(metric.parent.empty() ? metric.id : metric.parent);
  out.unit = metric.unit.symbol;
  out.better = metric.better;
  out.required = metric.required;
  out.verdict = core::name(metric.verdict);
  out.evidence = core::name(metric.evidence);
  out.usable = metric.candidate_evidence == core::Evidence::enough;
  out.status = metric.status.value_or("");
  out.headline = metric.headline;
  if (metric.candidate) out.candidate = side_of(*metric.candidate);
  if (metric.baseline) out.baseline = side_of(*metric.baseline);
  if (metric.change) out.change = change_of(*metric.change);
  for (const core::CriterionReport& one : metric.criteria) out.criteria.push_back(criterion_of(one));
  if (metric.findings && metric.findings->open.size() <= core::kMostFindings) {
    out.findings = metric.findings->open;
    out.open_identities = static_cast<std::int64_t>(out.findings.size());
  }
  return out;
}

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

std::optional<double> number_in(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

/// Bytes that are no UTF-8 are replaced: a label of a server may hold any.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string Run::release_key() const {
  return release.empty() ? core::format_time(released_at()) : release;
}

Run run_of(const core::Report& report, const RunFacts& facts) {
  Run out;
  out.id = facts.id;
  out.gate = report.gate_name;
  out.gate_sha256 = report.gate_sha256;
  out.release = report.release_version;
  out.previous_release = report.previous_version;
  out.revision = facts.revision;
  out.deployed_at = report.deployed_at;
  out.judged_at = report.now;
  out.started_at = report.started_at;
  out.finished_at = report.finished_at;
  out.stage = facts.stage;
  out.complete = facts.complete;
  out.verdict = core::name(report.verdict);
  out.exit_code = report.exit_code;
  out.would_exit = report.would_exit;
  out.override_ = report.override_;
  out.score = report.score;
  out.headline = report.headline;
  out.tool_version = report.tool_version;
  for (const core::MetricReport& metric : report.metrics) {
    if (!metric.left_out) out.metrics.push_back(metric_of(metric, facts));
  }
  return out;
}

std::string to_text(const std::vector<RunCriterion>& criteria) {
  Json out = Json::array();
  for (const RunCriterion& one : criteria) {
    out.push_back(Json{{"level", one.level},
                       {"rule", one.rule},
                       {"bound", one.bound},
                       {"outcome", one.outcome},
                       {"observed", number(one.observed)},
                       {"margin", number(one.margin)},
                       {"p_value", number(one.p_value)}});
  }
  return dumped(out);
}

std::vector<RunCriterion> criteria_of(const std::string& text) {
  std::vector<RunCriterion> out;
  const Json parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_array()) return out;
  for (const Json& one : parsed) {
    if (!one.is_object()) continue;
    out.push_back({one.value("level", ""), one.value("rule", ""), one.value("bound", ""), one.value("outcome", ""),
                   number_in(one, "observed"), number_in(one, "margin"), number_in(one, "p_value")});
  }
  return out;
}

std::string to_text(const core::Labels& labels) {
  return dumped(Json(labels));
}

core::Labels labels_of(const std::string& text) {
  core::Labels out;
  const Json parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_object()) return out;
  for (const auto& [name, value] : parsed.items()) {
    if (value.is_string()) out[name] = value.get<std::string>();
  }
  return out;
}

}  // namespace gate::history
