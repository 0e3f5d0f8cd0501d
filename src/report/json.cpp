#include "report/json.h"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "report/json_text.h"

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  // Whole numbers without ".0": what other programs write, too.
  constexpr double kExact = 9007199254740992.0;
  if (value == std::floor(value) && std::abs(value) < kExact) return static_cast<std::int64_t>(value);
  return value;
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json time(const std::optional<core::Time>& value) {
  return value ? Json(core::format_time(*value)) : Json(nullptr);
}

Json range(const std::optional<core::Range>& value) {
  if (!value) return nullptr;
  return Json::array({number(value->lower), number(value->upper)});
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json window(const core::Window& value) {
  return Json{{"start", core::format_time(value.start)}, {"end", core::format_time(value.end)}};
}

Json side(const std::optional<core::Side>& value) {
  if (!value) return nullptr;
  Json out;
  out["value"] = number(value->value);
  out["samples"] = value->samples;
  out["dropped"] = value->dropped;
  out["window"] = value->window ? window(*value->window) : Json(nullptr);
  out["at"] = time(value->at);
  if (value->at_least) out["at_least"] = number(value->at_least);
  if (value->at_most) out["at_most"] = number(value->at_most);
  if (value->zero_limit) out["zero_limit"] = number(value->zero_limit);
  return out;
}

Json variance_reduction(const core::VarianceReduction& value) {
  Json out;
  out["method"] = "cuped";
  out["pre_period"] = window(value.pre_period);
  out["share"] = number(value.share);
  out["correlation"] = number(value.correlation);
  out["theta"] = number(value.theta);
  out["unadjusted"] = number(value.unadjusted);
  out["units"] = Json::array({value.units.first, value.units.second});
  out["absent"] = Json::array({value.absent.first, value.absent.second});
  return out;
}

Json change(const std::optional<core::ChangeReport>& value) {
  if (!value) return nullptr;
  Json out;
  out["absolute"] = number(value->absolute);
  out["relative"] = number(value->relative);
  out["interval"] = range(value->interval);
  out["relative_interval"] = range(value->relative_interval);
  out["interval_level"] = number(value->interval_level);
  out["method"] = value->method;
  out["effective_samples"] = nullptr;
  if (value->effective_samples) {
    out["effective_samples"] = Json::array({number(value->effective_samples->first), number(value->effective_samples->second)});
  }
  if (value->bootstrap) {
    out["bootstrap"] = Json{{"resamples", value->bootstrap->resamples},
                            {"seed", value->bootstrap->seed},
                            {"block_lengths", {value->bootstrap->blocks.first, value->bootstrap->blocks.second}}};
  }
  if (value->p_value) out["p_value"] = number(value->p_value);
  if (value->variance_reduction) out["variance_reduction"] = variance_reduction(*value->variance_reduction);
  if (!value->classification.empty()) {
    out["classification"] = value->classification;
    out["critical"] = value->critical;
  }
  return out;
}

Json burn_window(const core::BurnWindow& value) {
  Json out;
  out["seconds"] = number(std::chrono::duration<double>(value.length).count());
  out["events"] = number(value.events);
  out["total"] = number(value.total);
  out["burn"] = number(value.burn);
  out["interval"] = range(value.interval);
  return out;
}

Json goal(const core::GoalReport& value) {
  Json out;
  out["number"] = value.number;
  out["of"] = value.count;
  out["is_due"] = value.is_due;
  out["wants"] = value.at_least ? "at_least" : "at_most";
  out["after_seconds"] = number(std::chrono::duration<double>(value.after).count());
  out["due"] = core::format_time(value.due);
  out["next_due"] = time(value.next_due);
  return out;
}

Json criterion(const core::CriterionReport& value) {
  Json out;
  out["level"] = core::name(value.level);
  out["rule"] = value.rule;
  out["bound"] = value.bound;
  out["limit"] = value.limit;
  out["observed"] = number(value.observed);
  if (!value.windows.empty()) {
    out["observed_interval"] = range(value.observed_interval);
    out["windows"] = Json::array();
    for (const core::BurnWindow& one : value.windows) out["windows"].push_back(burn_window(one));
  }
  out["margin"] = number(value.margin);
  out["harm_interval"] = range(value.harm_interval);
  out["p_value"] = number(value.p_value);
  if (!value.p_correction.empty()) {
    out["p_correction"] = value.p_correction;
    out["p_together"] = value.p_together;
  }
  out["detectable"] = number(value.detectable);
  out["needs_seconds"] = number(value.needs_seconds);
  out["outcome"] = core::name(value.outcome);
  if (value.due) out["due"] = core::format_time(*value.due);
  if (value.goal) out["goal"] = goal(*value.goal);
  out["within"] = value.outcome == core::Outcome::unproven ? Json(value.within) : Json(nullptr);
  out["relative"] = value.relative;
  out["reason"] = value.reason;
  out["next"] = text_or_null(value.next);
  out["file"] = value.file;
  out["line"] = value.line;
  return out;
}

Json past_release(const core::PastRelease& value) {
  Json out;
  out["run"] = value.run;
  out["version"] = text_or_null(value.version);
  out["released_at"] = core::format_time(value.released_at);
  out["value"] = number(value.value);
  out["samples"] = value.samples;
  return out;
}

Json past(const core::PastReleases& value) {
  Json out;
  out["releases"] = Json::array();
  for (const core::PastRelease& one : value.last) out["releases"].push_back(past_release(one));
  out["left_out"] = value.unlike;
  out["anchor"] = value.anchor ? past_release(*value.anchor) : Json(nullptr);
  out["anchor_decides"] = value.anchor_decides;
  return out;
}

Json placebo(const core::PlaceboReport& value) {
  Json out;
  out["days"] = value.days;
  out["zone"] = value.zone;
  out["scale"] = value.relative ? "ratio" : "difference";
  out["before"] = number(value.before);
  out["expected"] = number(value.expected);
  out["expected_interval"] = range(value.expected_interval);
  out["earlier"] = Json::array();
  for (const core::PlaceboDayReport& day : value.all) {
    Json one{{"baseline_window", window(day.baseline_window)}, {"candidate_window", window(day.candidate_window)}};
    one["baseline"] = number(day.baseline);
    one["candidate"] = number(day.candidate);
    one["left_out"] = text_or_null(day.left_out);
    out["earlier"].push_back(std::move(one));
  }
  return out;
}

Json findings(const core::FindingSet& value, const std::optional<core::FindingsChange>& change) {
  const auto sum = [](const std::vector<core::KnownFinding>& all) {
    std::size_t count = 0;
    for (const core::KnownFinding& one : all) count += one.count;
    return count;
  };
  Json out{{"open", sum(value.open)}, {"suppressed", sum(value.suppressed)}, {"against", nullptr}};
  if (!change) return out;
  out["against"] = Json{{"run", change->run},
                        {"version", text_or_null(change->version)},
                        {"released_at", core::format_time(change->released_at)},
                        {"new", change->fresh},
                        {"persisting", change->persisting},
                        {"fixed", change->fixed}};
  return out;
}

Json series(const core::Samples& samples) {
  Json out = Json::array();
  for (std::size_t i = 0; i < samples.times.size(); ++i) {
    out.push_back(Json::array({number(core::unix_seconds(samples.times[i])), number(samples.values[i])}));
  }
  return out;
}

Json request(const core::RequestLog& log) {
  Json out;
  out["method"] = log.method;
  out["url"] = log.url;
  out["status"] = log.status == 0 ? Json(nullptr) : Json(log.status);
  out["attempts"] = log.attempts;
  out["ms"] = number(std::round(log.milliseconds * 100.0) / 100.0);
  return out;
}

Json error(const core::Error& value) {
  Json out;
  out["code"] = value.code;
  out["message"] = value.message;
  out["hint"] = text_or_null(value.hint);
  out["context"] = value.context;
  return out;
}

Json metric(const core::MetricReport& value) {
  Json out;
  out["id"] = value.id;
  out["parent"] = text_or_null(value.parent);
  out["labels"] = Json(value.labels);
  out["title"] = value.title;
  out["category"] = value.category;
  out["source"] = value.source;
  out["source_type"] = value.source_type;
  out["kind"] = value.kind;
  out["unit"] = value.unit.symbol;
  out["better"] = text_or_null(value.better);
  out["required"] = value.required;
  out["weight"] = number(value.weight);
  out["verdict"] = core::name(value.verdict);
  out["evidence"] = core::name(value.evidence);
  out["deciding"] = value.deciding ? Json(*value.deciding) : Json(nullptr);
  out["headline"] = value.headline;
  out["next"] = text_or_null(value.next);
  out["brief"] = text_or_null(value.brief);
  out["due"] = time(value.due);
  out["status"] = value.status ? Json(*value.status) : Json(nullptr);
  out["baseline"] = side(value.baseline);
  out["candidate"] = side(value.candidate);
  if (value.past) out["history"] = past(*value.past);
  if (value.placebo) out["placebo"] = placebo(*value.placebo);
  if (value.ab_test) out["ab_test"] = true;
  if (value.findings) out["findings"] = findings(*value.findings, value.findings_change);
  out["change"] = change(value.change);
  out["criteria"] = Json::array();
  for (const core::CriterionReport& one : value.criteria) out["criteria"].push_back(criterion(one));
  out["series"] = Json{{"baseline", series(value.baseline_series)}, {"candidate", series(value.candidate_series)}};
  out["queries"] = Json::array();
  for (const core::ResolvedQuery& one : value.queries)
    out["queries"].push_back(Json{{"part", one.part}, {"side", one.side}, {"text", one.text}});
  out["graph_url"] = text_or_null(value.graph_url);
  out["link"] = text_or_null(value.link);
  out["requests"] = Json::array();
  for (const core::RequestLog& one : value.requests) out["requests"].push_back(request(one));
  out["error"] = value.error ? error(*value.error) : Json(nullptr);
  out["notes"] = value.notes;
  out["file"] = value.file;
  out["line"] = value.line;
  return out;
}

/// Everything before the metrics.
Json head(const core::Report& report) {
  Json out;
  out["schema"] = "release-gate/report/v1";
  out["tool"] = Json{{"name", "release-gate"}, {"version", report.tool_version}};
  out["gate"] = Json{{"name", report.gate_name}, {"file", report.gate_file}, {"sha256", report.gate_sha256}};
  out["verdict"] = core::name(report.verdict);
  out["exit_code"] = report.exit_code;
  out["would_exit"] = report.would_exit ? Json(*report.would_exit) : Json(nullptr);
  out["score"] = number(report.score);
  out["headline"] = report.headline + (report.certainty.empty() ? "" : ", " + report.certainty);
  out["certainty"] = text_or_null(report.certainty);
  out["next"] = text_or_null(report.next);
  out["closest"] = text_or_null(report.closest);
  out["started_at"] = core::format_time(report.started_at);
  out["finished_at"] = core::format_time(report.finished_at);
  out["duration_ms"] = report.duration.count();
  out["now"] = core::format_time(report.now);
  out["confidence"] = number(report.confidence);
  out["release"] = Json{{"deployed_at", time(report.deployed_at)},
                        {"started_at", time(report.rollout_started_at)},
                        {"version", text_or_null(report.release_version)},
                        {"previous_version", text_or_null(report.previous_version)}};
  out["override"] = nullptr;
  if (report.override_)
    out["override"] = Json{{"reason", report.override_->reason}, {"actor", text_or_null(report.override_->actor)}};
  out["sources"] = Json::array();
  for (const core::SourceUsed& one : report.sources)
    out["sources"].push_back(Json{{"id", one.id}, {"type", one.type}, {"version", text_or_null(one.version)}});
  return out;
}

double seconds(core::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Json look(const core::LookReport& value) {
  Json out{{"look", value.number}, {"at", core::format_time(value.at)}, {"verdict", core::name(value.verdict)}};
  out["metrics"] = Json::array();
  for (const core::LookMetric& one : value.metrics) {
    out["metrics"].push_back(Json{{"id", one.id},
                                  {"verdict", core::name(one.verdict)},
                                  {"evidence", core::name(one.evidence)},
                                  {"level", number(one.level)},
                                  {"observed", number(one.observed)},
                                  {"interval", range(one.interval)}});
  }
  return out;
}

Json watch(const core::WatchReport& value) {
  Json out;
  out["looks"] = value.looks;
  out["taken"] = value.history.size();
  out["every_seconds"] = number(seconds(value.every));
  out["for_seconds"] = number(seconds(value.longest));
  out["min_seconds"] = number(seconds(value.least));
  out["opened_at"] = core::format_time(value.opened_at);
  out["past"] = value.past;
  out["boundary"] = value.boundary;
  out["ended"] = core::name(value.end);
  const bool decided = value.end != core::WatchEnd::interrupted && !value.history.empty();
  out["decided_at_look"] = decided ? Json(value.history.back().number) : Json(nullptr);
  out["history"] = Json::array();
  for (const core::LookReport& one : value.history) out["history"].push_back(look(one));
  return out;
}

/// Everything after the metrics.
Json tail(const core::Report& report) {
  Json out;
  if (report.watch) out["watch"] = watch(*report.watch);
  out["errors"] = Json::array();
  for (const core::Error& one : report.errors) out["errors"].push_back(error(one));
  out["notes"] = report.notes;
  return out;
}

}  // namespace

std::string to_json(const core::Report& report) {
  std::string out = "{";
  append_members(out, head(report), 1);
  out += ",\n  \"metrics\": [";
  // One metric at a time: as a tree, the points of a hundred long series take ten times the memory of their text.
  const char* separator = "";
  for (const core::MetricReport& one : report.metrics) {
    out += separator;
    separator = ",";
    out += "\n    ";
    append_json(out, metric(one), 2);
  }
  out += report.metrics.empty() ? "]," : "\n  ],";
  append_members(out, tail(report), 1);
  out += "\n}\n";
  return core::with_json_escapes(std::move(out));
}

}  // namespace gate::report
