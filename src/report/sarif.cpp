#include "report/sarif.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/text.h"
#include "report/json_text.h"
#include "report/layout.h"
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
      {"kayenta", "Kayenta's rules call the metric High or Low, or miss its data."},
      {"metric", "The metric could not be judged."},
      {"gate", "The gate could not be evaluated."},
  };
  return texts;
}

const char* level_of(const Finding& finding) {
  if (finding.standing == Standing::fails || finding.standing == Standing::errs) return "error";
  return finding.standing == Standing::warns || finding.blocks ? "warning" : "note";
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

/// A message may hold "[text](link)" and "{0}": what comes from outside is neither (SARIF 2.1.0, 3.11.5 and 3.11.6).
std::string message_text(const std::string& text) {
  const bool link = text.find("](") != std::string::npos;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::size_t digits = std::min(text.find_first_not_of("0123456789", i + 1), text.size());
    const bool placeholder = c == '{' && digits > i + 1 && digits < text.size() && text[digits] == '}';
    if (placeholder) {
      out += "{{" + text.substr(i + 1, digits - i - 1) + "}}";
      i = digits;
    } else {
      if (link && (c == '[' || c == ']')) out += '\\';
      out += c;
    }
  }
  return out;
}

Json result_of(const Finding& finding, const std::string& uri) {
  Json place;
  place["artifactLocation"] = Json{{"uri", uri}};
  if (finding.line > 0) place["region"] = Json{{"startLine", finding.line}};
  Json out;
  out["ruleId"] = finding.rule;
  out["level"] = level_of(finding);
  out["message"] = Json{{"text", message_text(finding.text)}};
  out["locations"] = Json::array({Json{{"physicalLocation", place}}});
  out["partialFingerprints"] = Json{{"releaseGateCriterion/v1", finding.fingerprint}};
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
  const std::string uri = uri_of(marked_file(report));
  Json results = Json::array();
  for (const Finding& finding : findings_of(report)) results.push_back(result_of(finding, uri));
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
