#include "convert/kayenta.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "convert/toml_text.h"
#include "core/text.h"

namespace gate::convert {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostBytes = 10U << 20U;

core::Error not_a_config(std::string message) {
  return {"RG0013", std::move(message), "give a canary config, as Kayenta's /canaryConfig/ID answers it", {}, {}};
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const Json& table_of(const Json& object, const char* key) {
  static const Json kEmpty = Json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kEmpty;
}

std::vector<std::string> texts_of(const Json& object, const char* key) {
  std::vector<std::string> out;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return out;
  for (const Json& one : *found)
    if (one.is_string()) out.push_back(one.get<std::string>());
  return out;
}

/// Numbers are at times written as texts: Kayenta takes both.
std::optional<double> number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  double number = 0.0;
  if (found->is_number()) {
    number = found->get<double>();
  } else if (found->is_string()) {
    const std::string text = found->get<std::string>();
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  }
  return (found->is_number() || found->is_string()) && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::string without_spaces_around(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool flag_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return false;
  return (found->is_boolean() && found->get<bool>()) || (found->is_string() && found->get<std::string>() == "true");
}

/// Group → its share of the score, as WeightedSumScorer divides it: groups without a weight share what is left of 100.
std::map<std::string, double> weights_of(const Json& config, const std::map<std::string, std::size_t>& groups) {
  std::map<std::string, double> out;
  const Json& given = table_of(table_of(config, "classifier"), "groupWeights");
  double sum = 0.0;
  for (const auto& [name, value] : given.items()) {
    const double weight = number_of(given, name.c_str()).value_or(0.0);
    sum += weight;
    out[name] = weight;
  }
  const auto without = static_cast<double>(
      std::count_if(groups.begin(), groups.end(), [&](const auto& group) { return out.count(group.first) == 0; }));
  for (const auto& [name, count] : groups)
    if (out.count(name) == 0) out[name] = std::max(0.0, 100.0 - sum) / without;
  return out;
}

class Conversion {
 public:
  explicit Conversion(const Json& config) : config_(config) {}

  Converted run() {
    for (const Json& metric : config_["metrics"]) count_groups(metric);
    weights_ = weights_of(config_, groups_);
    for (const Json& metric : config_["metrics"]) convert(metric);
    general_notes();
    out_.toml = head() + tracks() + verdict() + sources() + metrics_;
    if (!out_.left_out.empty()) out_.toml += "\n# Not carried over, or said in another way:\n";
    for (const std::string& one : out_.left_out) out_.toml += toml_comment("- " + one);
    return std::move(out_);
  }

 private:
  static const Json& rules_of(const Json& metric) { return table_of(table_of(metric, "analysisConfigurations"), "canary"); }

  void count_groups(const Json& metric) {
    if (!metric.is_object() || flag_of(rules_of(metric), "muted")) return;
    for (const std::string& group : texts_of(metric, "groups")) ++groups_[group];
  }

  void leave_out(std::string sentence) { out_.left_out.push_back(std::move(sentence)); }

  /// ${scope} → {{scope}}. Names that are no names of variables stay as they are, and are told.
  std::string with_variables(const std::string& text, const std::string& metric) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.compare(at, 2, "${") == 0 ? text.find('}', at) : std::string::npos;
      if (end == std::string::npos) {
        out += text[at++];
        continue;
      }
      const std::string name = text.substr(at + 2, end - at - 2);
      const bool usable = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      });
      if (usable) {
        variables_.insert(name);
        out += "{{" + name + "}}";
      } else {
        leave_out(fmt::format("{}: ${{{}}} cannot be a variable's name; write the value, or {{{{name}}}}", metric, name));
        out += text.substr(at, end - at + 1);
      }
      at = end + 1;
    }
    return out;
  }

  /// The template of a query, expanded as far as it can be; nullopt when it has none.
  std::optional<std::string> template_of(const Json& query, const std::string& metric) {
    std::string text = text_of(query, "customInlineTemplate");
    if (text.empty()) {
      const std::string name = text_of(query, "customFilterTemplate");
      if (name.empty()) return std::nullopt;
      const Json& templates = table_of(config_, "templates");
      text = text_of(templates, name.c_str());
      if (text.empty()) leave_out(fmt::format("{}: there is no template {}", metric, name));
    }
    return with_variables(core::replace_all(std::move(text), "$\\{", "${"), metric);
  }

  /// What Kayenta would ask of Prometheus; true beside it when it is a whole expression, which is not grouped.
  std::pair<std::string, bool> promql(const Json& query, const std::string& metric) {
    const auto written = template_of(query, metric);
    if (written && written->starts_with("PromQL:")) return {without_spaces_around(written->substr(7)), true};
    std::vector<std::string> filters = texts_of(query, "labelBindings");
    if (written) filters.insert(filters.begin(), *written);
    if (!written) {
      leave_out(fmt::format(
          "{}: Kayenta filters by the scope of a machine group here, which is a label of yours; add it to the query", metric));
    }
    std::string out = "avg(" + text_of(query, "metricName");
    if (!filters.empty()) out += fmt::format("{{{}}}", fmt::join(filters, ","));
    return {out + ")", false};
  }

  std::string ask_prometheus(const Json& query, const std::string& metric) {
    auto [text, whole] = promql(query, metric);
    const std::vector<std::string> grouped = texts_of(query, "groupByFields");
    if (whole || grouped.empty()) return fmt::format("query    = {}\n", toml_string(text));
    if (grouped.size() > 1) leave_out(fmt::format("{}: grouped by {} labels, and `each` names one", metric, grouped.size()));
    return fmt::format("query    = {}\neach     = {}\n", toml_string(fmt::format("{} by ({})", text, fmt::join(grouped, ", "))),
                       toml_string(grouped.front()));
  }

  std::string ask_datadog(const Json& query, const std::string& metric) {
    const auto written = template_of(query, metric);
    if (!written) variables_.insert("scope");
    return fmt::format("query    = {}\n", toml_string(written ? *written : text_of(query, "metricName") + "{{{scope}}}"));
  }

  /// The source's type, and the keys that ask; nothing when no source of ours can.
  std::optional<std::pair<std::string, std::string>> question(const Json& metric, const std::string& name) {
    const Json& query = table_of(metric, "query");
    const std::string type = text_of(query, "type");
    if (type == "prometheus") return std::pair(type, ask_prometheus(query, name));
    if (type == "datadog") return std::pair(type, ask_datadog(query, name));
    leave_out(fmt::format("{}: there is no source of type {}; its question was {}", name, type.empty() ? "(none)" : type,
                          query.dump(-1, ' ', false, Json::error_handler_t::replace)));
    return std::nullopt;
  }

  std::string rules_text(const Json& rules) {
    std::string out;
    const std::string direction = text_of(rules, "direction");
    if (!direction.empty() && direction != "either") out += fmt::format("direction = {}\n", toml_string(direction));
    if (text_of(rules, "nanStrategy") == "replace") out += "nan = \"replace\"\n";
    if (flag_of(rules, "critical")) out += "critical = true\n";
    if (flag_of(rules, "mustHaveData")) out += "must_have_data = true\n";
    const Json& effect = table_of(rules, "effectSize");
    if (text_of(effect, "measure") == "cles") out += "effect_size = \"cles\"\n";
    for (const auto& [theirs, ours] : {std::pair("allowedIncrease", "allowed_increase"),
                                       {"allowedDecrease", "allowed_decrease"},
                                       {"criticalIncrease", "critical_increase"},
                                       {"criticalDecrease", "critical_decrease"}}) {
      if (const auto value = number_of(effect, theirs)) out += fmt::format("{} = {}\n", ours, *value);
    }
    const Json& outliers = table_of(rules, "outliers");
    if (text_of(outliers, "strategy") == "remove") {
      out += "outliers = \"remove\"\n";
      if (const auto factor = number_of(outliers, "outlierFactor")) out += fmt::format("outlier_factor = {}\n", *factor);
    }
    return out;
  }

  std::string unused_id(const std::string& name) {
    const std::string base = toml_key(name);
    std::string id = base;
    for (int i = 2; !ids_.insert(id).second; ++i) id = fmt::format("{}_{}", base, i);
    return id;
  }

  void convert(const Json& metric) {
    if (!metric.is_object()) return leave_out("an entry of `metrics` is no object");
    const std::string name = core::printable(text_of(metric, "name"));
    const auto asked = question(metric, name);
    if (!asked) return;
    const Json& rules = rules_of(metric);
    const std::string id = unused_id(name);
    sources_.insert(asked->first);
    ++out_.metrics;
    metrics_ += fmt::format("\n[metrics.{}]\ntitle    = {}\n", id, toml_string(name));
    double weight = 0.0;
    for (const std::string& group : texts_of(metric, "groups")) {
      if (weight == 0.0) metrics_ += fmt::format("category = {}\n", toml_string(group));
      const auto members = static_cast<double>(std::max<std::size_t>(groups_[group], 1));
      weight += weights_[group] / members;
    }
    metrics_ += fmt::format("source   = \"{}\"\n{}", asked->first, asked->second);
    if (flag_of(rules, "muted")) {
      metrics_ += "judge    = false\n";
    } else {
      metrics_ += fmt::format("required = {}\nweight   = {}\n", flag_of(rules, "critical"), weight);
    }
    const std::string keys = rules_text(rules);
    if (!keys.empty()) metrics_ += fmt::format("\n[metrics.{}.kayenta]\n{}", id, keys);
  }

  void general_notes() {
    const Json& thresholds = table_of(table_of(config_, "classifier"), "scoreThresholds");
    if (const auto marginal = number_of(thresholds, "marginal")) {
      leave_out(fmt::format("a score from {} (marginal) up to the pass: below pass_score the gate fails at once", *marginal));
    }
    leave_out("when to measure, how long and in which steps: Kayenta takes them from each request; see [compare]");
    leave_out(
        "a metric without data: Kayenta leaves it out of the score, unless half of them have none; here on_no_data decides");
  }

  std::string head() const {
    std::string name = text_of(config_, "name");
    if (name.empty()) name = "canary";
    std::string out = toml_comment("Made by `release-gate import kayenta`. Check it with: release-gate validate");
    out += fmt::format("version = 1\nname    = {}\n", toml_string(core::printable(name)));
    const std::string description = text_of(config_, "description");
    if (!description.empty()) out += fmt::format("description = {}\n", toml_string(description));
    return out + R"(
[release]
version     = { env = "RELEASE_VERSION", default = "" }
deployed_at = { env = "DEPLOYED_AT" } # when the canary got its traffic; --deployed-at wins

[compare]
design    = "side-by-side"
candidate = { window = "1h" }
step      = "1m"
method    = "kayenta" # take it out to have each metric judged by the gate's own statistics
)";
  }

  std::string tracks() const {
    std::string out;
    for (const char* side : {"baseline", "candidate"}) {
      if (variables_.empty()) break;
      out += fmt::format("\n[compare.tracks.{}]\n", side);
      for (const std::string& name : variables_) {
        std::string variable = fmt::format("{}_{}", side, name);
        std::transform(variable.begin(), variable.end(), variable.begin(),
                       [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
        out += fmt::format("{} = {{ env = \"{}\", default = \"{}\" }}\n", name, variable, side);
      }
    }
    return out;
  }

  std::string verdict() const {
    const Json& thresholds = table_of(table_of(config_, "classifier"), "scoreThresholds");
    const auto pass = number_of(thresholds, "pass");
    return pass ? fmt::format("\n[verdict]\npass_score = {}\n", *pass) : "";
  }

  std::string sources() const {
    std::string out;
    if (sources_.count("prometheus") > 0)
      out +=
          "\n[sources.prometheus]\ntype = \"prometheus\"\nurl  = { env = \"PROMETHEUS_URL\", default = "
          "\"http://localhost:9090\" }\n";
    if (sources_.count("datadog") > 0) {
      out +=
          "\n[sources.datadog]\ntype    = \"datadog\"\nsite    = { env = \"DD_SITE\", default = \"datadoghq.com\" }\n"
          "api_key = { env = \"DD_API_KEY\" }\napp_key = { env = \"DD_APP_KEY\" }\n";
    }
    return out;
  }

  const Json& config_;
  Converted out_;
  std::string metrics_;
  std::map<std::string, std::size_t> groups_;  // name → its metrics that count
  std::map<std::string, double> weights_;
  std::set<std::string> variables_;
  std::set<std::string> sources_;
  std::set<std::string> ids_;
};

}  // namespace

core::Result<Converted> convert_kayenta(std::string_view json) {
  if (json.size() > kMostBytes) return not_a_config("it is larger than 10 MiB");
  const Json parsed = Json::parse(json, nullptr, false);
  if (parsed.is_discarded()) return not_a_config("it is no JSON");
  const Json& config = parsed.is_object() && parsed.contains("canaryConfig") ? parsed["canaryConfig"] : parsed;
  if (!config.is_object() || !config.contains("metrics") || !config["metrics"].is_array() || config["metrics"].empty())
    return not_a_config("it has no `metrics`");
  return Conversion(config).run();
}

}  // namespace gate::convert
