#include "sources/sarif/decode.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "sources/file/number.h"
#include "sources/json_at.h"

namespace gate::sources::sarif {
namespace {

/// What is used of a rule.
struct Rule {
  std::string id;
  std::string level = "warning";
  FindingSeverity security = FindingSeverity::unknown;
};

Rule read_rule(const JsonAt& from) {
  Rule out;
  out.id = from.text_of("id");
  if (const auto configuration = from.find("defaultConfiguration")) {
    const std::string level = configuration->text_of("level");
    if (!level.empty()) out.level = level;
  }
  const auto properties = from.find("properties");
  const auto score = properties ? properties->find("security-severity") : std::nullopt;
  if (!score) return out;
  const auto number = score->is_number() ? std::optional<double>(score->number()) : file::parse_number(score->text());
  if (!number) throw_wrong_content(score->place(), "`security-severity` is no number", "it is a score from 0.0 to 10.0");
  out.security = severity_of_score(*number);
  return out;
}

class Run {
 public:
  explicit Run(const JsonAt& run) {
    const JsonAt tool = run.need("tool");
    components_.push_back(rules_of(tool.need("driver")));
    for (const JsonAt& extension : tool.items_of("extensions")) components_.push_back(rules_of(extension));
  }

  /// The rule that a result points at, by place or by id; one with the defaults when the log has none.
  [[nodiscard]] Rule rule_of(const JsonAt& result) const {
    std::string id = result.text_of("ruleId");
    std::optional<double> index;
    std::size_t component = 0;
    if (const auto at = result.find("ruleIndex")) index = at->number();
    if (const auto rule = result.find("rule")) {
      if (id.empty()) id = rule->text_of("id");
      if (const auto at = rule->find("index")) index = at->number();
      const auto where = rule->find("toolComponent");
      const auto at = where ? where->find("index") : std::nullopt;
      // 0 is the first of the extensions; the driver has no index.
      if (at && at->number() >= 0.0) component = static_cast<std::size_t>(std::min(at->number(), 1e6)) + 1;
    }
    Rule out = by_place(component, index).value_or(by_id(id));
    if (!id.empty()) out.id = id;
    return out;
  }

 private:
  static std::vector<Rule> rules_of(const JsonAt& component) {
    std::vector<Rule> out;
    for (const JsonAt& rule : component.items_of("rules")) out.push_back(read_rule(rule));
    return out;
  }

  [[nodiscard]] std::optional<Rule> by_place(std::size_t component, std::optional<double> index) const {
    if (!index || *index < 0.0 || component >= components_.size()) return std::nullopt;
    const auto& rules = components_[component];
    if (*index >= static_cast<double>(rules.size())) return std::nullopt;
    return rules[static_cast<std::size_t>(*index)];
  }

  [[nodiscard]] Rule by_id(const std::string& id) const {
    for (const auto& rules : components_) {
      const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.id == id; });
      if (found != rules.end()) return *found;
    }
    return {};
  }

  std::vector<std::vector<Rule>> components_;  ///< of the driver, then of its extensions
};

FindingSeverity severity_of(const JsonAt& result, const Rule& rule) {
  if (rule.security != FindingSeverity::unknown) return rule.security;
  std::string level = result.text_of("level");
  if (level.empty()) level = rule.level;
  if (level == "error") return FindingSeverity::high;
  if (level == "warning") return FindingSeverity::medium;
  if (level == "note") return FindingSeverity::low;
  return level == "none" ? FindingSeverity::none : FindingSeverity::unknown;
}

/// All that there are must be accepted: one that is under review or rejected suppresses nothing.
bool is_suppressed(const JsonAt& result) {
  const auto all = result.items_of("suppressions");
  return !all.empty() && std::none_of(all.begin(), all.end(), [](const JsonAt& one) {
    const std::string status = one.text_of("status");
    return status == "underReview" || status == "rejected";
  });
}

std::string first_uri(const JsonAt& result) {
  for (const JsonAt& location : result.items_of("locations")) {
    const auto physical = location.find("physicalLocation");
    const auto artifact = physical ? physical->find("artifactLocation") : std::nullopt;
    std::string uri = artifact ? artifact->text_of("uri") : "";
    if (!uri.empty()) return uri;
  }
  return "";
}

std::string message_of(const JsonAt& result) {
  const auto message = result.find("message");
  if (!message) return "";
  std::string out = message->text_of("text") + message->text_of("id");
  for (const JsonAt& argument : message->items_of("arguments")) out += "\n" + argument.text();
  return out;
}

/// Fingerprints are made to stay the same when code moves; without them, the file and the message do.
std::string identity_of(const JsonAt& result, const std::string& rule) {
  std::string out = rule;
  for (const std::string_view key : {"fingerprints", "partialFingerprints"}) {
    const auto prints = result.find(key);
    if (!prints || prints->members().empty()) continue;
    std::vector<std::string> all;
    for (const auto& [print, value] : prints->members()) all.push_back(print + "=" + value.text());
    std::sort(all.begin(), all.end());
    for (const std::string& one : all) out += "\n" + one;
    return out;
  }
  return out + "\n" + first_uri(result) + "\n" + message_of(result);
}

void add_result(const JsonAt& result, const Run& run, FindingsReport& report) {
  const std::string kind = result.text_of("kind");
  const std::string state = result.text_of("baselineState");
  if ((!kind.empty() && kind != "fail") || state == "absent") return;
  const Rule rule = run.rule_of(result);
  Finding finding;
  finding.id = rule.id.empty() ? "a result without a rule" : rule.id;
  finding.where = first_uri(result);
  finding.identity = identity_of(result, rule.id);
  finding.severity = severity_of(result, rule);
  finding.is_suppressed = is_suppressed(result);
  if (!state.empty()) finding.since = state == "new" ? SinceBaseline::is_new : SinceBaseline::is_known;
  report.findings.push_back(std::move(finding));
}

/// A scan that broke off has not found what it did not look at.
void require_success(const JsonAt& run, FindingsReport& report) {
  for (const JsonAt& invocation : run.items_of("invocations")) {
    const auto success = invocation.find("executionSuccessful");
    if (success && !success->flag()) {
      throw_wrong_content(invocation.place(), "the scan did not succeed (executionSuccessful is false)",
                          "see the scanner's log");
    }
    if (const auto end = core::parse_time(invocation.text_of("endTimeUtc"))) report.made_at(*end);
  }
}

}  // namespace

void read(WorkspaceFile& file, const Workspace& workspace, const core::Settings& /*source*/, FindingsReport& report) {
  read_json(file, workspace.max_bytes, [&](const JsonAt& root) {
    if (!root.is_object() || !root.find("runs") || !root.text_of("version").starts_with("2.")) {
      throw_wrong_form(root.place(), "it is no SARIF log of version 2", "SARIF 2.1.0 has `version` and `runs`");
    }
    const auto runs = root.need("runs").items();
    if (runs.empty()) throw_wrong_content(root.place(), "it has no run: nothing was scanned", "see the scanner's log");
    for (const JsonAt& run : runs) {
      require_success(run, report);
      const auto results = run.find("results");
      if (!results) {
        throw_wrong_content(run.place(), "the run has no `results`: nothing was scanned, which is not 0 findings",
                            "see the scanner's log");
      }
      const Run tool(run);
      for (const JsonAt& result : results->items()) add_result(result, tool, report);
    }
  });
}

}  // namespace gate::sources::sarif
