#include "report/sarif.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/text.h"
#include "report/json_text.h"
#include "report/standing.h"

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

/// What each rule is about, for the page of the rule.
const std::map<std::string, std::string>& rule_texts() {
  static const std::map<std::string, std::string> texts = {
      {"above", "The candidate's value is above its limit."},
      {"below", "The candidate's value is below its limit."},
      {"equals", "The candidate's value is the one that is forbidden."},
      {"target", "The candidate's value is off its target."},
      {"worse_than", "The candidate's rating is worse than its limit."},
      {"increase_over", "The metric rose by more than its limit."},
      {"decrease_over", "The metric fell by more than its limit."},
      {"change_over", "The metric moved by more than its limit."},
      {"improve_by", "The gain that was promised is not proven."},
      {"burn_over", "The error budget burns faster than its limit."},
      {"budget_left_below", "Less of the error budget is left than its limit."},
      {"status", "The system itself says that something is wrong."},
      {"metric", "The metric could not be judged."},
      {"gate", "The gate could not be evaluated."},
  };
  return texts;
}

const char* level_of(const core::MetricReport& metric, Standing standing) {
  if (standing == Standing::fails || standing == Standing::errs) return "error";
  const bool blocks = metric.required && metric.verdict == core::Verdict::inconclusive;
  return standing == Standing::warns || blocks ? "warning" : "note";
}

/// A relative reference (RFC 3986): nothing in it may be taken for a scheme or a query.
std::string uri_of(const std::string& path) {
  std::string out;
  constexpr const char* kHex = "0123456789ABCDEF";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

Json location_of(const core::Report& report, const std::string& file, std::uint32_t line) {
  Json place;
  place["artifactLocation"] = Json{{"uri", uri_of(report.gate_file)}};
  if (line > 0 && file == report.gate_file) place["region"] = Json{{"startLine", line}};
  return Json::array({Json{{"physicalLocation", place}}});
}

Json result(const std::string& rule, const char* level, const std::string& text, Json locations, const std::string& print) {
  Json out;
  out["ruleId"] = rule;
  out["level"] = level;
  out["message"] = Json{{"text", text}};
  out["locations"] = std::move(locations);
  out["partialFingerprints"] = Json{{"releaseGateCriterion/v1", print}};
  return out;
}

Json results_of(const core::Report& report) {
  Json out = Json::array();
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == core::Verdict::skipped) continue;
    for (const core::CriterionReport& one : metric.criteria) {
      const Standing standing = standing_of(metric, one);
      if (standing == Standing::holds) continue;
      out.push_back(result(one.rule, level_of(metric, standing),
                           criterion_name(metric, one) + ". " + criterion_sentence(metric, one),
                           location_of(report, one.file, one.line), fingerprint(metric, one)));
    }
    const Standing standing = standing_of(metric);
    if (!metric.criteria.empty() || standing == Standing::holds) continue;
    out.push_back(result("metric", level_of(metric, standing), core::printable(metric.title + ": " + metric.headline),
                         location_of(report, metric.file, metric.line), core::printable(metric.id)));
  }
  for (const core::Error& error : report.errors) {
    out.push_back(result("gate", "error", core::printable(error.message), location_of(report, "", 0), error.code));
  }
  return out;
}

Json rules_for(const Json& results) {
  Json out = Json::array();
  std::vector<std::string> seen;
  for (const Json& one : results) {
    const std::string id = one["ruleId"];
    if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    seen.push_back(id);
    const auto text = rule_texts().find(id);
    out.push_back(Json{{"id", id}, {"shortDescription", Json{{"text", text == rule_texts().end() ? id : text->second}}}});
  }
  return out;
}

}  // namespace

std::string to_sarif(const core::Report& report) {
  const Json results = results_of(report);
  Json run;
  run["tool"] =
      Json{{"driver", Json{{"name", "release-gate"}, {"version", report.tool_version}, {"rules", rules_for(results)}}}};
  run["automationDetails"] = Json{{"id", "release-gate/" + core::printable(report.gate_name) + "/"}};
  run["results"] = results;
  std::string out;
  append_json(out, Json{{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Json::array({run})}}, 0);
  return core::with_json_escapes(out + "\n");
}

}  // namespace gate::report
